export interface ScalarPlace {
  readonly flow: boolean;
  readonly simpleKey: boolean;
  readonly column: number;
  readonly width: number;
  /** Where a folded line begins. */
  readonly indent: number;
}

/** Strings that PyYAML would read as something else if they stood without quotes (YAML 1.1 as its resolver knows it). */
const RESOLVED: readonly RegExp[] = [
  /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  /^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/,
  /^(?:<<|=|~|null|Null|NULL|)$/,
  /^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?(?:[Tt]|[ \t]+)[0-9][0-9]?:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9][0-9]?(?::[0-9]{2})?))?)$/,
];

/** A string of YAML: plain where that reads back the same, else in single quotes, else in double quotes; folded at the width. */
export function stringScalar(text: string, place: ScalarPlace): string {
  const analysis = analyze(text);
  const plain = place.flow ? analysis.flowPlain : analysis.blockPlain;
  const resolved = RESOLVED.some((pattern) => pattern.test(text));
  if (plain && !resolved && !(place.simpleKey && analysis.multiline)) return writePlain(text, place);
  if (analysis.singleQuoted && !(place.simpleKey && analysis.multiline)) return writeSingle(text, place);
  return writeDouble(text, place);
}

interface Analysis {
  readonly multiline: boolean;
  readonly flowPlain: boolean;
  readonly blockPlain: boolean;
  readonly singleQuoted: boolean;
}

const BREAK = /[\n\x85\u2028\u2029]/;

/** What the text permits (PyYAML's emitter: indicators, blanks beside breaks, characters that cannot be shown). */
function analyze(text: string): Analysis {
  if (text === '') return { multiline: false, flowPlain: false, blockPlain: true, singleQuoted: true };
  const special = /[^\n\x85\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u.test(text);
  const multiline = BREAK.test(text);
  const leading = /^[-?:](?=$|[\0 \t\r\n\x85\u2028\u2029])/.test(text);
  const blockIndicator =
    /^[#,[\]{}&*!|>'"%@`]/.test(text) ||
    leading ||
    /^(?:---|\.\.\.)/.test(text) ||
    /:(?=$|[\0 \t\r\n\x85\u2028\u2029])/.test(text) ||
    /[\0 \t\r\n\x85\u2028\u2029]#/.test(text);
  const flowIndicator =
    blockIndicator || /^[?:]/.test(text) || /[,?[\]{}:]/.test(text.slice(1)) || /^-(?=$|\s)/.test(text);
  const edges = /^[ \n\x85\u2028\u2029]|[ \n\x85\u2028\u2029]$/.test(text);
  const spaceBreak = / [\n\x85\u2028\u2029]|[\n\x85\u2028\u2029] /.test(text);
  const plain = !edges && !spaceBreak && !special && !multiline;
  return {
    multiline,
    flowPlain: plain && !flowIndicator,
    blockPlain: plain && !blockIndicator,
    singleQuoted: !spaceBreak && !special,
  };
}

/** Words of a text, and where lines may be folded: at single blanks between words. */
function fold(text: string, place: ScalarPlace, start: string): string {
  if (place.simpleKey) return start + text;
  let out = start;
  let column = place.column + start.length;
  const parts = text.split(/( +)/);
  for (const [index, part] of parts.entries()) {
    const isSingle = part === ' ' && index > 0 && index < parts.length - 1;
    if (isSingle && column > place.width) {
      out += `\n${' '.repeat(place.indent)}`;
      column = place.indent;
      continue;
    }
    out += part;
    column += [...part].length;
  }
  return out;
}

function writePlain(text: string, place: ScalarPlace): string {
  return fold(text, place, '');
}

/** In single quotes a line break is written as an empty line. */
function writeSingle(text: string, place: ScalarPlace): string {
  let out = "'";
  for (const piece of text.replaceAll("'", "''").split(/([\n\x85\u2028\u2029]+)/)) {
    if (BREAK.test(piece)) out += `${piece.startsWith('\n') ? '\n' : ''}${piece}${' '.repeat(place.indent)}`;
    else out += fold(piece, { ...place, column: columnAfter(out, place.column) }, '');
  }
  return `${out}'`;
}

function columnAfter(text: string, start: number): number {
  const line = text.lastIndexOf('\n');
  return line < 0 ? start + [...text].length : [...text.slice(line + 1)].length;
}

const NAMED: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\x85': 'N',
  '\xa0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
};

function writeDouble(text: string, place: ScalarPlace): string {
  const chars = [...text];
  let out = '"';
  let column = place.column + 1;
  for (const [index, char] of chars.entries()) {
    const inside = index > 0 && index < chars.length - 1 && chars[index - 1] !== ' ';
    if (char === ' ' && inside && !place.simpleKey && column > place.width) {
      out += `\n${' '.repeat(place.indent)}${chars[index + 1] === ' ' ? '\\' : ''}`;
      column = place.indent;
      continue;
    }
    const shown = escapeChar(char);
    out += shown;
    column += shown.length;
  }
  return `${out}"`;
}

function escapeChar(char: string): string {
  const named = NAMED[char];
  if (named !== undefined) return `\\${named}`;
  const code = char.codePointAt(0) ?? 0;
  if (
    (code >= 0x20 && code <= 0x7e) ||
    (code >= 0xa0 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff)
  )
    return char;
  if (code >= 0x10000) return `\\U${hex(code, 8)}`;
  return code <= 0xff ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`;
}

function hex(code: number, width: number): string {
  return code.toString(16).toUpperCase().padStart(width, '0');
}
