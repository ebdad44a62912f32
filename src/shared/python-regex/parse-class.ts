import { classEscape } from './escape.ts';
import type { ClassItem, ClassLetter, Flags, Node } from './node.ts';
import type { Source } from './source.ts';

/** A `[…]`, its bracket already read. @throws PythonRegexError */
export function parseClass(source: Source, flags: Flags): Node {
  const negated = source.skip('^');
  const items: ClassItem[] = [];
  for (;;) {
    if (source.atEnd()) throw source.error('unterminated character set');
    if (items.length > 0 && source.skip(']')) break;
    const item = one(source);
    items.push(source.peek() === '-' ? rangeFrom(source, item, items) : item);
  }
  return { kind: 'class', negated, items, flags };
}

function one(source: Source): ClassItem {
  const char = source.next();
  if (char !== '\\') return single(char.codePointAt(0) ?? 0);
  const escaped = source.next();
  if (escaped === '') throw source.error('bad escape (end of pattern)');
  if ('dDwWsS'.includes(escaped)) return { kind: 'letter', letter: escaped as ClassLetter };
  return single(classEscape(source, escaped));
}

function single(code: number): ClassItem {
  return { kind: 'range', from: code, to: code };
}

/** `a-z`; a hyphen before the bracket is a hyphen. */
function rangeFrom(source: Source, item: ClassItem, items: ClassItem[]): ClassItem {
  source.next();
  if (source.atEnd()) throw source.error('unterminated character set');
  if (source.peek() === ']') {
    items.push(item);
    return single(0x2d);
  }
  const end = one(source);
  if (item.kind !== 'range' || end.kind !== 'range') throw source.error('bad character range');
  if (end.from < item.from) throw source.error('bad character range');
  return { kind: 'range', from: item.from, to: end.from };
}
