import { pythonInt } from '../runtime/numbers.ts';
import { formatPercent } from '../runtime/percent-format.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { str } from '../runtime/text.ts';
import { Fault, type Py } from '../runtime/values.ts';

const NUMBER = '(0?x?[0-9a-f]+)';
const SHORT = new RegExp(`^(?:${NUMBER}-)?${NUMBER}(?:/${NUMBER})?(?::(.+))?$`, 'i');
const MOST = 1_000_000;

interface Steps {
  readonly start: number;
  readonly end: number;
  readonly stride: number;
  readonly format: string;
}

/** Ansible's sequence lookup: `start=1 end=5 stride=2 format=node%02d`, or `1-5/2:node%02d`. */
export function sequenceLookup(_: Runtime, terms: readonly Py[]): readonly Py[] {
  return terms.flatMap((term) => numbers(shortForm(str(term)) ?? longForm(str(term))));
}

function shortForm(term: string): Steps | undefined {
  const match = SHORT.exec(term);
  if (!match) return undefined;
  const [, start, end = '', stride, format] = match;
  return {
    start: start === undefined ? 1 : whole(start),
    end: whole(end),
    stride: stride === undefined ? 1 : whole(stride),
    format: format ?? '%d',
  };
}

function whole(text: string): number {
  const value = pythonInt(text, 0);
  if (typeof value !== 'number') throw new Fault(`sequence: ${text} is no whole number`);
  return value;
}

function longForm(term: string): Steps {
  const given = new Map<string, string>();
  for (const word of term.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? []) {
    const at = word.indexOf('=');
    const name = word.slice(0, Math.max(0, at));
    if (!['start', 'end', 'count', 'stride', 'format'].includes(name))
      throw new Fault(`sequence does not understand '${word}'`);
    given.set(name, word.slice(at + 1).replace(/^(["'])(.*)\1$/, '$2'));
  }
  const value = (name: string) => (given.has(name) ? whole(given.get(name) ?? '') : undefined);
  const [end, count] = [value('end'), value('count')];
  if ((end === undefined) === (count === undefined)) throw new Fault('sequence wants either end or count');
  const steps = { start: value('start') ?? 1, stride: value('stride') ?? 1, format: given.get('format') ?? '%d' };
  if (count === undefined) return { ...steps, end: end ?? 0 };
  return count === 0 ? { ...steps, stride: 0, end: 0 } : { ...steps, end: steps.start + count * steps.stride - 1 };
}

function numbers({ start, end, stride, format }: Steps): string[] {
  if (stride > 0 && end < start) throw new Fault('sequence: to count backwards make stride negative');
  if (stride < 0 && end > start) throw new Fault("sequence: to count forward don't make stride negative");
  if (format.split('%').length !== 2) throw new Fault(`sequence: bad formatting string: ${format}`);
  if (stride === 0) return [];
  if (Math.abs((end - start) / stride) > MOST) throw new Fault(`sequence: that is more than ${MOST} items`);
  const out: string[] = [];
  for (let number = start; stride > 0 ? number <= end : number >= end; number += stride)
    out.push(formatPercent(format, number));
  return out;
}
