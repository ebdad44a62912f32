/** One option as Python's optparse knows it. `words` splits its value as a shell does and appends the words. */
export interface OptionSpec {
  readonly names: readonly string[];
  readonly dest: string;
  readonly action: 'store' | 'append' | 'words' | 'flag' | 'help' | 'version';
  readonly int?: true;
  readonly metavar?: string;
  readonly help: string;
}

export type OptionValue = string | number | boolean | readonly string[];

export interface ParsedOptions {
  /** What the command line says, over the defaults. */
  readonly values: Readonly<Record<string, OptionValue>>;
  readonly words: readonly string[];
  /** `--help` or `--version` was met: nothing behind it was read. */
  readonly asked?: 'help' | 'version';
}

/** A command line that optparse refuses: exit status 2 after the usage line. */
export class OptionError extends Error {}

/** A value that pssh answers with a Python traceback: exit status 1. */
export class ValueError extends Error {}

export interface ParseRequest {
  readonly options: readonly OptionSpec[];
  readonly defaults: Readonly<Record<string, OptionValue>>;
  splitWords(text: string): readonly string[];
}

/**
 * Python's `optparse` with `disable_interspersed_args()`: the first word ends the options, long names may be shortened,
 * flags may stand together (`-iv`).
 * @throws OptionError, and what `splitWords` throws
 */
export function parseOptions(argv: readonly string[], request: ParseRequest): ParsedOptions {
  const values: Record<string, OptionValue> = { ...request.defaults };
  const left = [...argv];
  while (left.length > 0) {
    const word = left[0] ?? '';
    if (!word.startsWith('-') || word === '-') break;
    left.shift();
    if (word === '--') break;
    const found = word.startsWith('--') ? longOption(word, left, request) : shortOptions(word, left, request);
    for (const one of found) {
      const { action } = one.option;
      if (action === 'help' || action === 'version') return { values, words: [], asked: action };
      apply(one, values, request);
    }
  }
  return { values, words: left };
}

interface Found {
  readonly option: OptionSpec;
  /** As it was written, for messages. */
  readonly written: string;
  readonly value?: string;
}

function longOption(word: string, left: string[], { options }: ParseRequest): Found[] {
  const [, typed = '', glued] = /^(--[^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  const written = fullName(typed, options);
  const option = options.find(({ names }) => names.includes(written));
  if (!option) throw new OptionError(`no such option: ${typed}`);
  if (!takesValue(option)) {
    if (glued !== undefined) throw new OptionError(`${written} option does not take a value`);
    return [{ option, written }];
  }
  return [{ option, written, value: glued ?? nextWord(written, left) }];
}

function fullName(typed: string, options: readonly OptionSpec[]): string {
  const names = options.flatMap((option) => option.names).filter((name) => name.startsWith('--'));
  if (names.includes(typed)) return typed;
  const near = names.filter((name) => name.startsWith(typed)).sort();
  if (near.length > 1) throw new OptionError(`ambiguous option: ${typed} (${near.join(', ')}?)`);
  return near[0] ?? typed;
}

function shortOptions(word: string, left: string[], { options }: ParseRequest): Found[] {
  const found: Found[] = [];
  const letters = [...word.slice(1)];
  while (letters.length > 0) {
    const written = `-${letters.shift()}`;
    const option = options.find(({ names }) => names.includes(written));
    if (!option) throw new OptionError(`no such option: ${written}`);
    if (!takesValue(option)) {
      found.push({ option, written });
      continue;
    }
    const glued = letters.splice(0).join('');
    found.push({ option, written, value: glued === '' ? nextWord(written, left) : glued });
  }
  return found;
}

function takesValue({ action }: OptionSpec): boolean {
  return action === 'store' || action === 'append' || action === 'words';
}

function nextWord(written: string, left: string[]): string {
  const word = left.shift();
  if (word === undefined) throw new OptionError(`${written} option requires 1 argument`);
  return word;
}

function apply(
  { option, written, value = '' }: Found,
  values: Record<string, OptionValue>,
  request: ParseRequest,
): void {
  const { action, dest } = option;
  if (action === 'flag') values[dest] = true;
  else if (action === 'append') values[dest] = [...listOf(values[dest]), value];
  else if (action === 'words') values[dest] = [...listOf(values[dest]), ...request.splitWords(value)];
  else values[dest] = option.int ? wholeNumber(written, value) : value;
}

function listOf(value: OptionValue | undefined): readonly string[] {
  return Array.isArray(value) ? value : [];
}

function wholeNumber(written: string, text: string): number {
  const number = pythonInt(text);
  if (number === undefined) throw new OptionError(`option ${written}: invalid integer value: '${text}'`);
  return number;
}

/** optparse: `0x10`, `0b1`, a leading 0 is octal, blanks around and `_` between digits as in Python's `int`. */
export function pythonInt(text: string): number | undefined {
  const [, sign = '', digits = ''] = /^\s*([+-]?)(\w+)\s*$/.exec(text) ?? [];
  const plain = digits.replace(/(?<=[\da-f])_(?=[\da-f])/gi, '');
  const [, hex, binary, octal, decimal] = /^(?:0x([\da-f]+)|0b([01]+)|0([0-7]+)|(0|[1-9]\d*))$/i.exec(plain) ?? [];
  const based = [
    [hex, 16],
    [binary, 2],
    [octal, 8],
    [decimal, 10],
  ] as const;
  for (const [found, base] of based) {
    if (found !== undefined) return Number.parseInt(found, base) * (sign === '-' ? -1 : 1);
  }
  return undefined;
}
