import { nearName } from '../shared/problem.ts';
import type { Arg, ArgSpec, ArgType } from './args.ts';
import { isMapping, type Json, PyFloat, type Value } from './value.ts';

/** A wrong argument: which, and in words what is wrong. */
export interface ArgProblem {
  readonly arg: string;
  readonly message: string;
  readonly hint?: string;
}

export interface Coerced {
  readonly args: Readonly<Record<string, unknown>>;
  readonly problems: readonly ArgProblem[];
}

/** Types that only the playbook can make a value of; they come here already made. */
const MADE_ELSEWHERE: ReadonlySet<ArgType> = new Set([
  'localFile',
  'templateFile',
  'localCommand',
  'expression',
  'conditions',
]);

/**
 * Arguments as a module wants them: aliases resolved, types converted as Ansible converts them, defaults filled in.
 * `raw` holds evaluated values. All problems are collected.
 */
export function coerceArgs(spec: ArgSpec, raw: Readonly<Record<string, unknown>>): Coerced {
  const problems: ArgProblem[] = [];
  const args: Record<string, unknown> = {};
  for (const [given, value] of Object.entries(raw)) {
    if (value !== null && value !== undefined) takeArg(spec, given, value, args, problems);
    else if (argNamed(spec, given) === undefined) problems.push(unknownArg(spec, given));
  }
  for (const [name, arg] of Object.entries(spec)) {
    if (name in args) continue;
    if (arg.default !== undefined) args[name] = arg.default;
    else if (arg.required && !problems.some((problem) => argNamed(spec, problem.arg) === name)) {
      problems.push({ arg: name, message: `missing required parameter: ${name}` });
    }
  }
  return { args, problems };
}

function takeArg(spec: ArgSpec, given: string, value: unknown, args: Record<string, unknown>, problems: ArgProblem[]) {
  const name = argNamed(spec, given);
  const arg = name === undefined ? undefined : spec[name];
  if (name === undefined || arg === undefined) {
    problems.push(unknownArg(spec, given));
    return;
  }
  const result = coerceValue(arg, value);
  if ('problem' in result) problems.push({ arg: given, message: `${given}: ${result.problem}` });
  else args[name] = result.value;
}

/** The parameter that a name or alias means. */
export function argNamed(spec: ArgSpec, given: string): string | undefined {
  if (Object.hasOwn(spec, given)) return given;
  return Object.keys(spec).find((name) => spec[name]?.aliases?.includes(given));
}

export function unknownArg(spec: ArgSpec, given: string): ArgProblem {
  const near = nearName(given, Object.keys(spec));
  return { arg: given, message: `unknown parameter: ${given}`, ...(near ? { hint: `did you mean ${near}?` } : {}) };
}

type ValueResult = { readonly value: unknown } | { readonly problem: string };

/** One value of a parameter's type, and within its choices. */
export function coerceValue(arg: Arg, value: unknown): ValueResult {
  if (MADE_ELSEWHERE.has(arg.type)) return { value };
  if (arg.type === 'list') return coerceList(arg, value);
  const result = coerceTo(arg.type, value);
  if ('problem' in result || !arg.choices) return result;
  if (arg.choices.includes(result.value as string)) return result;
  const near = typeof result.value === 'boolean' ? booleanChoice(arg.choices, result.value) : undefined;
  if (near !== undefined) return { value: near };
  return { problem: `${show(value)} is not one of ${arg.choices.join(', ')}` };
}

function coerceList(arg: Arg, value: unknown): ValueResult {
  const items = Array.isArray(value) ? value : typeof value === 'string' ? splitCommas(value) : [value];
  const out: unknown[] = [];
  for (const item of items) {
    const result = coerceTo(arg.elements ?? 'str', item);
    if ('problem' in result) return result;
    if (arg.choices && !arg.choices.includes(result.value as string)) {
      return { problem: `${show(item)} is not one of ${arg.choices.join(', ')}` };
    }
    out.push(result.value);
  }
  return { value: out };
}

function coerceTo(type: ArgType, value: unknown): ValueResult {
  switch (type) {
    case 'str':
    case 'path':
      return isScalar(value) ? { value: textOf(value) } : { problem: `a string is wanted, not ${kindOf(value)}` };
    case 'int':
      return coerceInt(value);
    case 'float':
      return coerceFloat(value);
    case 'bool':
      return coerceBool(value);
    case 'mode':
      return coerceMode(value);
    case 'dict':
      return coerceDict(value);
    default:
      return { value: plain(value) };
  }
}

function coerceInt(value: unknown): ValueResult {
  if (typeof value === 'number' && Number.isInteger(value)) return { value };
  if (value instanceof PyFloat) return { value: value.value };
  if (typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value)) return { value: Number(value) };
  return { problem: `a whole number is wanted, not ${show(value)}` };
}

function coerceFloat(value: unknown): ValueResult {
  if (typeof value === 'number') return { value };
  if (value instanceof PyFloat) return { value: value.value };
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))
    return { value: Number(value) };
  return { problem: `a number is wanted, not ${show(value)}` };
}

/** The spellings of Ansible's `boolean()` (module_utils.parsing.convert_bool). */
const TRUE = new Set(['y', 'yes', 'on', '1', 'true', 't', '1.0']);
const FALSE = new Set(['n', 'no', 'off', '0', 'false', 'f', '0.0']);

function coerceBool(value: unknown): ValueResult {
  if (typeof value === 'boolean') return { value };
  const word = textOf(value).toLowerCase().trim();
  if (isScalar(value) && TRUE.has(word)) return { value: true };
  if (isScalar(value) && FALSE.has(word)) return { value: false };
  return { problem: `a boolean (yes, no) is wanted, not ${show(value)}` };
}

/** An integer is what YAML made of `0644`; it is written in octal again. Text is octal digits or symbolic, as `chmod` takes it. */
function coerceMode(value: unknown): ValueResult {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0o7777) {
    return { value: `0${value.toString(8).padStart(3, '0')}` };
  }
  if (typeof value === 'string' && (/^[0-7]{1,5}$/.test(value) || value === 'preserve' || SYMBOLIC.test(value))) {
    return { value };
  }
  return { problem: `${show(value)} is no file mode; write it as '0644' or u=rw,g=r,o=r` };
}

const SYMBOLIC = /^[ugoa]*([-+=]([rwxXst]*|[ugo]))+(,[ugoa]*([-+=]([rwxXst]*|[ugo]))+)*$/;

function coerceDict(value: unknown): ValueResult {
  if (isMapping(value)) return { value: plain(value) };
  if (typeof value === 'string' && value.trim().startsWith('{')) {
    try {
      return { value: JSON.parse(value) as unknown };
    } catch {
      return { problem: `a mapping is wanted, not ${show(value)}` };
    }
  }
  if (typeof value === 'string' && value.includes('=')) {
    const pairs = value.split(/[,\s]+/).filter(Boolean);
    if (pairs.every((pair) => pair.includes('='))) {
      return { value: Object.fromEntries(pairs.map((pair) => splitOnce(pair, '='))) };
    }
  }
  return { problem: `a mapping is wanted, not ${kindOf(value)}` };
}

/** A boolean where words are wanted (`state: no`): the choice that means the same. */
function booleanChoice(choices: readonly unknown[], value: boolean): unknown {
  const words = value ? TRUE : FALSE;
  const fitting = choices.filter((choice) => typeof choice === 'string' && words.has(choice.toLowerCase()));
  return fitting.length === 1 ? fitting[0] : undefined;
}

function splitCommas(text: string): string[] {
  return text === '' ? [] : text.split(',').map((item) => item.trim());
}

function splitOnce(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return [text.slice(0, index), text.slice(index + separator.length)];
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean', 'bigint'].includes(typeof value) || value instanceof PyFloat;
}

/** A scalar as Python's `str()` writes it. */
export function textOf(value: unknown): string {
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (value instanceof PyFloat) return Number.isInteger(value.value) ? `${value.value}.0` : String(value.value);
  return String(value);
}

/** Plain JSON of an evaluated value: floats as numbers, large ints as text. */
export function plain(value: unknown): Json {
  if (value instanceof PyFloat) return value.value;
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(plain);
  if (value === undefined || value === null) return null;
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value as Record<string, Value>).map(([key, item]) => [key, plain(item)]));
  }
  return value as Json;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (isMapping(value)) return 'a mapping';
  return show(value);
}

function show(value: unknown): string {
  const text = JSON.stringify(plain(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
