import { randomInt } from 'node:crypto';
import { host } from '../filters/paths.ts';
import { MersenneTwister } from '../runtime/mersenne-twister.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { stripped } from '../runtime/string-methods.ts';
import { str } from '../runtime/text.ts';
import { Fault, type Py, sequenceItems, toNumber } from '../runtime/values.ts';
import type { Options } from './types.ts';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
/** Names of Python's `string` module. */
const SETS: Readonly<Record<string, string>> = {
  ascii_letters: LOWER + LOWER.toUpperCase(),
  ascii_lowercase: LOWER,
  ascii_uppercase: LOWER.toUpperCase(),
  digits: DIGITS,
  hexdigits: `${DIGITS}abcdefABCDEF`,
  octdigits: '01234567',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
};

/**
 * Ansible's password lookup: the password in a file, or with `/dev/null` a new one. We never write the file: a new password
 * in a file that was not there is refused.
 */
export function passwordLookup(runtime: Runtime, terms: readonly Py[], options: Options): readonly Py[] {
  if (options.has('encrypt')) throw new Fault('the password lookup does not encrypt here; use password_hash');
  return terms.map((term) => {
    const [path = '', ...pairs] = str(term).split(/\s+/);
    const given = new Map([...options, ...pairs.map((pair) => pairOf(pair))]);
    if (path === '/dev/null') return newPassword(given);
    try {
      return stripped(host(runtime, 'a lookup').readFile(path, runtime.unit.at), undefined, 'right').replace(
        / salt=\S*$/,
        '',
      );
    } catch {
      throw new Fault(
        `the password file ${path} does not exist, and lookups write no files; make it, or use /dev/null with a seed`,
      );
    }
  });
}

function pairOf(pair: string): [string, Py] {
  const at = pair.indexOf('=');
  if (at < 0) throw new Fault(`the password lookup does not understand '${pair}'`);
  return [pair.slice(0, at), pair.slice(at + 1)];
}

function newPassword(options: Options): string {
  const chars = alphabet(options.get('chars'));
  const length = options.has('length') ? Number(str(options.get('length'))) : 20;
  const seed = options.get('seed');
  const generator = seed === undefined || seed === null ? undefined : new MersenneTwister(str(seed));
  return Array.from(
    { length: toNumber(length) },
    () => chars[generator ? generator.below(chars.length) : randomInt(chars.length)],
  ).join('');
}

function alphabet(value: Py): string {
  const specs = value === undefined || value === null ? ['ascii_letters', 'digits', '.,:-_'] : specsOf(value);
  const chars = specs
    .map((spec) => (Object.hasOwn(SETS, spec) ? SETS[spec] : spec))
    .join('')
    .replace(/["']/g, '');
  if (chars === '') throw new Fault('the password lookup has no characters to choose from');
  return chars;
}

/** A comma among comma-separated sets is written twice. */
function specsOf(value: Py): string[] {
  const items = sequenceItems(value);
  if (items) return items.map(str);
  const text = str(value);
  return [...(text.includes(',,') ? [','] : []), ...text.replaceAll(',,', ',').split(',').filter(Boolean)];
}
