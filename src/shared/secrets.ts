/** What stands where a secret was. */
export const MASK = '********';

/** Shorter values are not masked by value (a password `a` would shred every text); they are only never printed by key. */
const SHORTEST = 4;

/** The secrets of one run. Everything that leaves the engine (events, reports, journal) passes through `redact`. */
export interface Secrets {
  /** From now on `value`, its lines, its base64 and its JSON-escaped form are masked. */
  add(value: string): void;
  redact(text: string): string;
  /** A copy of plain JSON data in which every string (keys too) is redacted. */
  redactDeep<T>(value: T): T;
}

export function makeSecrets(): Secrets {
  const known = new Set<string>();
  let pattern: RegExp | undefined;
  const redact = (text: string): string => {
    if (known.size === 0) return text;
    pattern ??= new RegExp(
      [...known]
        .sort((a, b) => b.length - a.length)
        .map(escapeRegExp)
        .join('|'),
      'g',
    );
    return text.replace(pattern, MASK);
  };
  return {
    add(value) {
      for (const form of formsOf(value)) known.add(form);
      pattern = undefined;
    },
    redact,
    redactDeep: (value) => (known.size === 0 ? value : deep(value, redact)),
  };
}

/** The value, each of its lines, and the spellings under which programs print them again. */
function formsOf(value: string): string[] {
  const lines = [value, value.trim(), ...value.split(/\r?\n/).map((line) => line.trim())];
  const long = [...new Set(lines)].filter((line) => line.length >= SHORTEST);
  return long.flatMap((line) => [line, JSON.stringify(line).slice(1, -1), base64Core(line), base64Core(`${line}\n`)]);
}

/** Base64 without its last quantum, which depends on what follows the secret in the encoded text. */
function base64Core(line: string): string {
  const encoded = Buffer.from(line, 'utf8').toString('base64');
  const core = encoded.replace(/=+$/, '').slice(0, encoded.length - 4);
  return core.length >= 8 ? core : encoded;
}

function deep<T>(value: T, redact: (text: string) => string): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map((item) => deep(item, redact)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [redact(key), deep(item, redact)])) as T;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
