import type { YAMLError } from 'yaml';
import type { Problem } from '../problem.ts';
import { lineAround, type Source } from './source.ts';

/** A syntax error in words of a playbook's author, with what to write instead where that can be guessed. */
export function explain(error: YAMLError, text: string, source: Source): Problem {
  const offset = error.code === 'BAD_INDENT' ? pastBlanks(text, error.pos[0]) : Math.min(error.pos[0], text.length);
  const line = lineAround(text, offset);
  return source.problemAt(offset, MESSAGES[error.code] ?? plainMessage(error), hintFor(error, line));
}

function pastBlanks(text: string, from: number): number {
  const blanks = /^[ \t]*/.exec(text.slice(from, from + 1000))?.[0].length ?? 0;
  return Math.min(from + blanks, text.length);
}

const MESSAGES: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  TAB_AS_INDENT: 'a tab is used as indentation',
  BLOCK_AS_IMPLICIT_KEY: 'a mapping value is not allowed here',
  MULTILINE_IMPLICIT_KEY: 'this line has no colon after its key, or is indented wrongly',
  MULTIPLE_DOCS: 'a second document begins here, and one file holds one document',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  RESOURCE_EXHAUSTION: 'the file is nested too deeply',
};

function plainMessage(error: YAMLError): string {
  if (error.message.startsWith('All ')) return 'this line is not indented as the lines before it';
  const text = error.message;
  return `YAML: ${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}

function hintFor(error: YAMLError, line: string): string | undefined {
  if (error.code === 'TAB_AS_INDENT') return 'indent with blanks';
  if (/[:-]\s+\{\{/.test(line)) return `a value that begins with {{ is put in quotes: "{{ … }}"`;
  if (/[:-]\s+(["']).*\1\s*\S/.test(line))
    return 'a value that begins with a quote ends with it: quote the whole value';
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY') return 'put the value in quotes if it holds ": "';
  if (/^\s*\t/.test(line)) return 'indent with blanks, not with tabs';
  if (/[:-]\s+[@`%]/.test(line)) return 'a value that begins with @, ` or % is put in quotes';
  if (error.code === 'BAD_INDENT' || error.code === 'MULTILINE_IMPLICIT_KEY') {
    return 'keys of one mapping, and the dashes of one list, begin in the same column';
  }
  return undefined;
}
