import type { Position } from '../shared/problem.ts';

/**
 * A value of the playbook language, with Python's meaning: `undefined` never occurs in data, a JS number is an int or a
 * float with a fraction, a float without one is a `PyFloat` (Jinja prints `1.0`, not `1`), large ints are bigints.
 * Plain strings are never templated. Only text that an operator wrote (playbook, inventory, vars file, command line) is
 * ever a `TemplateText`, so what a host says can by construction not be evaluated (DESIGN 7, "Strings from a host").
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | PyFloat
  | TemplateText
  | VaultText
  | readonly Value[]
  | { readonly [key: string]: Value };

export type Vars = Readonly<Record<string, Value>>;

/** A float whose fraction is zero. */
export class PyFloat {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** Text with `{{`, `{%` or `{#` that an operator wrote; evaluated when it is needed, each time. */
export class TemplateText {
  readonly text: string;
  readonly at?: Position;
  constructor(text: string, at?: Position) {
    this.text = text;
    if (at) this.at = at;
  }
}

/** An Ansible Vault ciphertext (`!vault`): decrypted when it is needed. */
export class VaultText {
  readonly ciphertext: string;
  readonly at?: Position;
  constructor(ciphertext: string, at?: Position) {
    this.ciphertext = ciphertext;
    if (at) this.at = at;
  }
}

/** Whether text would be evaluated as a template: it holds an opening delimiter of Jinja. */
export function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#');
}

/** Plain JSON, as events and registered results hold it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

/** A mapping that is data: not an array, not one of the classes above. */
export function isMapping(value: unknown): value is { readonly [key: string]: Value } {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  return !(value instanceof PyFloat || value instanceof TemplateText || value instanceof VaultText);
}
