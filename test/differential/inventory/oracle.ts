import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Inventory } from '../../../src/model/inventory.ts';
import { PyFloat, TemplateText, type Value, type Vars, VaultText } from '../../../src/model/value.ts';

export interface AskedInventory {
  readonly sources: readonly string[];
  readonly patterns?: readonly string[];
  readonly addHosts?: readonly (readonly [string, readonly string[]])[];
  readonly groupBy?: readonly (readonly [string, string])[];
}

export interface Answers {
  readonly literals: readonly ({ readonly value: unknown } | { readonly text: true })[];
  readonly lines: readonly ({ readonly words: readonly string[] } | { readonly error: true })[];
  readonly inventories: readonly OracleInventory[];
}

export interface OracleInventory {
  readonly hosts: readonly OracleEntity[];
  readonly groups: readonly (OracleEntity & Record<string, unknown>)[];
  readonly patterns: readonly (readonly string[] | null)[];
}

interface OracleEntity {
  readonly name: string;
  readonly vars: readonly (readonly [string, unknown])[];
  readonly files: readonly (readonly [string, unknown])[];
}

/** What Python and Ansible's own code make of the request. One call answers many questions: a start takes a second. */
export function askPython(request: {
  readonly literals?: readonly string[];
  readonly lines?: readonly string[];
  readonly inventories?: readonly AskedInventory[];
}): Answers {
  const script = fileURLToPath(new URL('oracle.py', import.meta.url));
  const options = {
    input: JSON.stringify(request),
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'pipe'] as ['pipe', 'pipe', 'pipe'],
  };
  return JSON.parse(execFileSync('/usr/bin/python3', [script], options).toString('utf8')) as Answers;
}

/** A value as the oracle writes it. */
export function tag(value: Value): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return { int: value.toString() };
  if (typeof value === 'number') return Number.isInteger(value) ? { int: String(value) } : { float: hex(value) };
  if (value instanceof PyFloat) return { float: hex(value.value) };
  if (value instanceof VaultText) return { vault: value.ciphertext.trim() };
  if (value instanceof TemplateText) return value.text;
  if (Array.isArray(value)) return value.map(tag);
  return { map: Object.entries(value).map(([key, item]) => [key, tag(item as Value)]) };
}

/** Python's float.hex. */
function hex(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (value === 0) return `${sign}0x0.0p+0`;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const normal = bits >> 52n !== 0n;
  const exponent = normal ? Number(bits >> 52n) - 1023 : -1022;
  const mantissa = (bits & 0xfffffffffffffn).toString(16).padStart(13, '0');
  return `${sign}0x${normal ? 1 : 0}.${mantissa}p${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
}

/** Plain data of the oracle's answer or of ours, fit to compare: variables by name, and only what both tell. */
export function comparable(answer: OracleInventory): unknown {
  return {
    hosts: answer.hosts.map(({ vars, files, ...rest }) => ({ ...rest, vars: byKey(vars), files: byKey(files) })),
    groups: answer.groups.map(({ vars, files, ...rest }) => ({ ...rest, vars: byKey(vars), files: byKey(files) })),
  };
}

export function ours(inventory: Inventory): unknown {
  return {
    hosts: [...inventory.hosts.values()].map(({ name, vars, hostVars, groups }) => ({
      name,
      groups,
      vars: tagged(vars),
      files: tagged(hostVars),
    })),
    groups: [...inventory.groups.values()].map(({ vars, groupVars, playbookVars: _, ...rest }) => ({
      ...rest,
      vars: tagged(vars),
      files: tagged(groupVars),
    })),
  };
}

function tagged(vars: Vars): Record<string, unknown> {
  return byKey(Object.entries(vars).map(([key, value]) => [key, tag(value)]));
}

function byKey(pairs: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries([...pairs].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Numbers that look random and are the same in every run. */
export function makeRandom(seed: number): { below(limit: number): number; pick<T>(items: readonly T[]): T } {
  let state = seed;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x100000000) * limit);
  };
  return { below, pick: <T>(items: readonly T[]): T => items[below(items.length)] as T };
}
