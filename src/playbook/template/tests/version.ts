import { compare, truth } from '../runtime/compare.ts';
import { str } from '../runtime/text.ts';
import { Fault, type Py, Undefined } from '../runtime/values.ts';
import { pep440Parts } from './pep440.ts';
import { semantic } from './semver.ts';

export interface VersionQuestion {
  readonly value: Py;
  readonly other: Py;
  readonly operator: Py;
  readonly strict: Py;
  readonly type: Py;
}

const OPERATORS: Readonly<Record<string, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
};
const SIGNS: Readonly<Record<string, string>> = {
  '==': 'eq',
  '=': 'eq',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '!=': 'ne',
  '<>': 'ne',
};

type Comparison = (left: string, right: string) => number;

/** Ansible's `version` test. @throws Fault for what is no version, or an unknown operator. */
export function versionHolds({ value, other, operator, strict, type }: VersionQuestion): boolean {
  if (value instanceof Undefined) return value.fail();
  if (other instanceof Undefined) return other.fail();
  if (!truth(value) || !truth(other)) throw new Fault('version: there is no version to compare');
  if (strict !== undefined && strict !== null && type !== undefined && type !== null) {
    throw new Fault("version: 'strict' and 'version_type' exclude each other");
  }
  const kind = truth(strict ?? false) ? 'strict' : type === undefined || type === null ? 'loose' : str(type);
  const holds = operatorNamed(str(operator ?? 'eq'));
  return holds(comparisonNamed(kind)(str(value), str(other)));
}

function operatorNamed(sign: string): (order: number) => boolean {
  const name = Object.hasOwn(SIGNS, sign) ? (SIGNS[sign] ?? sign) : sign;
  const holds = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  const known = [...Object.keys(SIGNS), ...Object.keys(OPERATORS)].join(' ');
  if (!holds) throw new Fault(`version: ${sign} is no operator; known are ${known}`);
  return holds;
}

function comparisonNamed(kind: string): Comparison {
  const comparison = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (!comparison) throw new Fault(`version: ${kind} is no version type; known are ${Object.keys(KINDS).join(', ')}`);
  return comparison;
}

const KINDS: Readonly<Record<string, Comparison>> = {
  loose: (left, right) => compare(looseParts(left), looseParts(right)),
  strict: (left, right) => compare(strictParts(left), strictParts(right)),
  semver: semantic,
  semantic,
  pep440: (left, right) => compare(pep440Parts(left), pep440Parts(right)),
};

/** Numbers and runs of small letters; what is between them is a part of its own, but for points. */
function looseParts(version: string): Py[] {
  return version
    .split(/(\d+|[a-z]+|\.)/)
    .filter((part) => part !== '' && part !== '.')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function strictParts(version: string): Py[] {
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?$/.exec(version);
  if (!match) throw new Fault(`version: invalid version number '${version}'`);
  const [, major, minor, patch = '0', letter, number] = match;
  const release = letter === undefined ? [1, '', 0] : [0, letter, Number(number)];
  return [Number(major), Number(minor), Number(patch), ...release];
}
