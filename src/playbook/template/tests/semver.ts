import { compare } from '../runtime/compare.ts';
import { Fault } from '../runtime/values.ts';

const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;

/** Semantic Versioning 2.0.0, section 11. */
export function semantic(left: string, right: string): number {
  const [a, b] = [semverParts(left), semverParts(right)];
  return compare(a.core, b.core) || prereleaseOrder(a.prerelease, b.prerelease);
}

function semverParts(version: string): { readonly core: number[]; readonly prerelease: readonly string[] } {
  const match = SEMVER.exec(version);
  if (!match) throw new Fault(`version: invalid semantic version '${version}'`);
  return { core: match.slice(1, 4).map(Number), prerelease: match[4]?.split('.') ?? [] };
}

/** A version without a pre-release comes after those with one. */
function prereleaseOrder(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return right.length - left.length;
  const different = left.findIndex((part, index) => part !== right[index]);
  const [a, b] = [left[different], right[different]];
  return a === undefined || b === undefined ? left.length - right.length : identifierOrder(a, b);
}

/** Numbers by value and before words; words by their characters. */
function identifierOrder(a: string, b: string): number {
  const [isA, isB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isA && isB) return Number(a) - Number(b);
  if (isA !== isB) return isA ? -1 : 1;
  return a < b ? -1 : 1;
}
