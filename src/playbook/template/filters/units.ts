import { truth } from '../runtime/compare.ts';
import { fixed } from '../runtime/percent-format.ts';
import { str } from '../runtime/text.ts';
import { Fault, int, type Py } from '../runtime/values.ts';
import { type Builtins, wantNumber } from './builtin.ts';

/** Sizes for people. */
export const unitFilters: Builtins = {
  filesizeformat: ['value binary?', (_, value, binary) => fileSize(Number(str(value)), truth(binary ?? false))],
  human_readable: [
    'size isbits? unit?',
    (_, size, bits, unit) => humanReadable(wantNumber(size, 'human_readable'), truth(bits ?? false), unit),
  ],
  human_to_bytes: [
    'size default_unit? isbits?',
    (_, size, unit, bits) => humanToBytes(str(size), unit, truth(bits ?? false)),
  ],
};

const UNITS: readonly (readonly [string, number])[] = [
  ['Y', 2 ** 80],
  ['Z', 2 ** 70],
  ['E', 2 ** 60],
  ['P', 2 ** 50],
  ['T', 2 ** 40],
  ['G', 2 ** 30],
  ['M', 2 ** 20],
  ['K', 2 ** 10],
  ['B', 1],
];

function humanReadable(size: number, isBits: boolean, unit: Py): string {
  const wanted = unit === undefined || unit === null ? undefined : str(unit).toUpperCase();
  const found = UNITS.find(([name, limit]) => (wanted === undefined ? size >= limit : wanted === name)) ?? UNITS.at(-1);
  const [suffix, limit] = found ?? ['B', 1];
  const base = isBits ? 'bits' : 'Bytes';
  return `${fixed(size / limit, 2)} ${limit === 1 ? base : suffix + base[0]}`;
}

function humanToBytes(text: string, defaultUnit: Py, isBits: boolean): number | bigint {
  const [, digits = '', written] = /^\s*(\d*\.?\d*)\s*([A-Za-z]+)?/.exec(text) ?? [];
  if (!/\d/.test(digits)) throw new Fault(`human_to_bytes() can't interpret ${text}`);
  const unit = written ?? (defaultUnit === undefined || defaultUnit === null ? undefined : str(defaultUnit));
  if (unit === undefined) return int(BigInt(Number(fixed(Number(digits), 0))));
  const letter = (unit[0] ?? '').toUpperCase();
  const limit = UNITS.find(([name]) => name === letter)?.[1];
  if (limit === undefined)
    throw new Fault(`human_to_bytes(): ${unit} is no unit; units begin with ${UNITS.map(([name]) => name).join(', ')}`);
  const [wanted, word] = isBits ? ['b', 'bit'] : ['B', 'byte'];
  if (unit.length > 1 && !unit.toLowerCase().includes(word) && unit[1] !== wanted) {
    throw new Fault(`human_to_bytes(): ${unit} is no unit of ${word}s; write ${letter}${wanted} or ${letter}`);
  }
  return int(BigInt(Number(fixed(Number(digits) * limit, 0))));
}

function fileSize(bytes: number, binary: boolean): string {
  if (Number.isNaN(bytes)) throw new Fault('filesizeformat wants a number');
  const base = binary ? 1024 : 1000;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  const prefixes = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
  const power = Math.min(prefixes.length, Math.floor(Math.log(bytes) / Math.log(base) + 1e-12));
  const prefix = prefixes[power - 1] ?? 'Y';
  return `${fixed(bytes / base ** power, 1)} ${binary ? `${prefix.toUpperCase()}iB` : `${prefix}B`}`;
}
