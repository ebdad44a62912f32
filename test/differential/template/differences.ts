import type { Mode } from './oracle.ts';

/** Where we mean to differ, and why. A row that no longer differs fails the test. */
export const DIFFERENCES: readonly { readonly template: string; readonly modes?: readonly Mode[]; readonly why: string }[] = [];
