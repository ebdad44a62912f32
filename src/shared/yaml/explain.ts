import type { YAMLError } from 'yaml';
import type { Problem } from '../problem.ts';
import { lineAround, type Source } from './source.ts';

/** A syntax error in words of a playbook's author, with what to write instead where that can be guessed. */
export function explain(error: YAMLError, text: string, source: Source): Problem {
  const offset = Math.min(error.pos[0], text.length);
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  const line = lineAround(text, offset);
  if (error.code === 'TAB_AS_INDENT' || /^ *\t/.test(line)) {
    return source.problemAt(start + line.indexOf('\t'), 'a tab is used as indentation', 'indent with blanks');
  }
  const next = error.code === 'BLOCK_AS_IMPLICIT_KEY' ? deeperLine(text, offset) : undefined;
  if (next !== undefined) return source.problemAt(next, NOT_INDENTED, SAME_COLUMN);
  if (isIndentation(error)) {
    const at = Math.max(offset, start + (/^ */.exec(line)?.[0].length ?? 0));
    return source.problemAt(Math.min(at, text.length), NOT_INDENTED, hintFor(line) ?? SAME_COLUMN);
  }
  return source.problemAt(offset, MESSAGES[error.code] ?? plainMessage(error), hintFor(line) ?? HINTS[error.code]);
}

/** A key on the next line, deeper than this one, was taken for more of this line's value: it is the one that is wrong. */
function deeperLine(text: string, offset: number): number | undefined {
  const end = text.indexOf('\n', offset);
  if (end === -1 || /:(\s|$)/.test(text.slice(offset, end))) return undefined;
  const next = /^(?:[ \t]*\n)*( *)[^\s#][^\n]*?:(?:\s|$)/.exec(text.slice(end + 1));
  return next ? end + 1 + next[0].lastIndexOf('\n', next[0].length - 2) + 1 + (next[1]?.length ?? 0) : undefined;
}

const NOT_INDENTED = 'this line is not indented as the lines before it';
const SAME_COLUMN = 'keys of one mapping, and the dashes of one list, begin in the same column';

function isIndentation({ code, message }: YAMLError): boolean {
  return code === 'BAD_INDENT' || message === 'Sequence item without - indicator' || message.startsWith('All ');
}

const MESSAGES: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  BLOCK_AS_IMPLICIT_KEY: 'a mapping value is not allowed here',
  MULTILINE_IMPLICIT_KEY: 'this line has no colon after its key, or is indented wrongly',
  MULTIPLE_DOCS: 'a second document begins here, and one file holds one document',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  RESOURCE_EXHAUSTION: 'the file is nested too deeply',
};

const HINTS: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  BLOCK_AS_IMPLICIT_KEY: 'put the value in quotes if it holds ": "',
  MULTILINE_IMPLICIT_KEY: SAME_COLUMN,
};

function plainMessage({ message }: YAMLError): string {
  return `YAML: ${message.slice(0, 1).toLowerCase()}${message.slice(1)}`;
}

function hintFor(line: string): string | undefined {
  if (/[:-]\s+\{\{/.test(line)) return 'a value that begins with {{ is put in quotes: "{{ … }}"';
  if (/[:-]\s+(["']).*\1\s*\S/.test(line))
    return 'a value that begins with a quote ends with it: quote the whole value';
  if (/[:-]\s+[@`%]/.test(line)) return 'a value that begins with @, ` or % is put in quotes';
  return undefined;
}
