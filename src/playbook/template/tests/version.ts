import { compare, truth } from '../runtime/compare.ts';
import { str } from '../runtime/text.ts';
import { Fault, type Py, Undefined } from '../runtime/values.ts';

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
  const sign = str(operator ?? 'eq');
  const holds = OPERATORS[SIGNS[sign] ?? sign];
  if (!holds)
    throw new Fault(
      `version: ${sign} is no operator; known are ${[...Object.keys(SIGNS), ...Object.keys(OPERATORS)].join(' ')}`,
    );
  const kind = truth(strict ?? false) ? 'strict' : type === undefined || type === null ? 'loose' : str(type);
  const comparison = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (!comparison) throw new Fault(`version: ${kind} is no version type; known are ${Object.keys(KINDS).join(', ')}`);
  return holds(comparison(str(value), str(other)));
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

const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;

/** Semantic Versioning 2.0.0, section 11. */
function semantic(left: string, right: string): number {
  const [a, b] = [semverParts(left), semverParts(right)];
  return compare(a.core, b.core) || prereleaseOrder(a.prerelease, b.prerelease);
}

function semverParts(version: string): { readonly core: number[]; readonly prerelease: readonly string[] } {
  const match = SEMVER.exec(version);
  if (!match) throw new Fault(`version: invalid semantic version '${version}'`);
  return { core: match.slice(1, 4).map(Number), prerelease: match[4]?.split('.') ?? [] };
}

function prereleaseOrder(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return right.length - left.length;
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [a, b] = [left[index], right[index]];
    if (a === undefined || b === undefined) return left.length - right.length;
    if (a === b) continue;
    const [isA, isB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
    if (isA && isB) return Number(a) - Number(b);
    if (isA !== isB) return isA ? -1 : 1;
    return a < b ? -1 : 1;
  }
  return 0;
}

const PEP440 =
  /^\s*v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*$/i;
const STAGES: Readonly<Record<string, number>> = { a: 1, alpha: 1, b: 2, beta: 2, c: 3, rc: 3, pre: 3, preview: 3 };

/** The order of PEP 440: epoch, release, then development before pre-release before the release itself before what follows it. */
function pep440Parts(version: string): Py[] {
  const match = PEP440.exec(version);
  if (!match) throw new Fault(`version: invalid version '${version}'`);
  const [, epoch = '0', release = '0', stage, stageNumber, plainPost, postWord, postNumber, dev, devNumber, local] =
    match;
  const numbers = release
    .replace(/(\.0+)+$/, '')
    .split('.')
    .map(Number);
  const post = plainPost ?? (postWord === undefined ? undefined : postNumber || '0');
  const beforeAll = stage === undefined && post === undefined && dev !== undefined;
  const stageOrder = beforeAll ? 0 : stage === undefined ? 9 : (STAGES[stage.toLowerCase()] ?? 9);
  return [
    Number(epoch),
    numbers,
    stageOrder,
    Number(stageNumber || 0),
    post === undefined ? -1 : Number(post),
    dev === undefined ? Number.POSITIVE_INFINITY : Number(devNumber || 0),
    (local?.toLowerCase().split(/[-_.]/) ?? []).map((part) =>
      /^\d+$/.test(part) ? [1, Number(part), ''] : [0, 0, part],
    ),
  ];
}
