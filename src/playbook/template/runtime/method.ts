import type { Py } from './values.ts';

/** A method: its signature without `self`, and what it does. */
export type Method<Self> = readonly [signature: string, call: (self: Self, ...args: Py[]) => Py];
export type Methods<Self> = Readonly<Record<string, Method<Self>>>;
