import { compare } from '../runtime/compare.ts';
import { floatText } from '../runtime/text.ts';
import {
  dictEntries,
  Fault,
  isDict,
  isFloat,
  type Py,
  Structure,
  sequenceItems,
  toNumber,
  typeName,
  Undefined,
} from '../runtime/values.ts';
import { type ScalarPlace, stringScalar } from './yaml-scalar.ts';

export interface YamlStyle {
  readonly indent: number;
  /** Null: collections that hold scalars only are written in one line, others are not. */
  readonly flow: boolean | null;
  readonly width: number;
  readonly sortKeys: boolean;
  readonly explicitStart: boolean;
  readonly explicitEnd: boolean;
}

/** A value as PyYAML's `yaml.dump` writes it through libyaml (`allow_unicode`, as Ansible's `to_yaml` and `to_nice_yaml`). */
export function toYaml(value: Py, style: YamlStyle): string {
  const writer = new YamlWriter({ ...style, indent: style.indent > 1 && style.indent < 10 ? style.indent : 2 });
  return writer.document(value);
}

interface Context {
  readonly indent: number;
  /** Inside of `[…]` or `{…}`. */
  readonly flow: boolean;
  readonly inKey: boolean;
  readonly inMapping: boolean;
}

class YamlWriter {
  readonly #style: YamlStyle;
  #out = '';
  #column = 0;

  constructor(style: YamlStyle) {
    this.#style = style;
  }

  document(value: Py): string {
    if (this.#style.explicitStart) this.#write('---');
    const isScalar = !sequenceItems(value) && !isDict(value);
    const empty = isEmpty(value);
    if (this.#style.explicitStart) this.#write(isScalar || empty || this.#isFlow(value) ? ' ' : '\n');
    this.#node(value, { indent: -1, flow: false, inKey: false, inMapping: false });
    if (!this.#out.endsWith('\n')) this.#write('\n');
    if (this.#style.explicitEnd) this.#write('...\n');
    return this.#out;
  }

  #write(text: string): void {
    this.#out += text;
    const line = text.lastIndexOf('\n');
    this.#column = line < 0 ? this.#column + [...text].length : [...text.slice(line + 1)].length;
  }

  #node(value: Py, context: Context): void {
    const items = sequenceItems(value);
    if (items || isDict(value)) {
      if (context.flow || isEmpty(value) || this.#isFlow(value)) this.#flow(value, context);
      else if (items) this.#blockList(items, context);
      else this.#blockDict(this.#entries(value), context);
      return;
    }
    this.#write(
      scalarText(value, {
        flow: context.flow,
        simpleKey: context.inKey,
        column: this.#column,
        width: this.#style.width,
        indent: this.#indented(context),
      }),
    );
  }

  #indented(context: Context): number {
    return context.indent < 0 ? this.#style.indent : context.indent + this.#style.indent;
  }

  #isFlow(value: Py): boolean {
    if (this.#style.flow !== null) return this.#style.flow;
    const items = sequenceItems(value) ?? (isDict(value) ? dictEntries(value).flat() : []);
    return items.every((item) => !sequenceItems(item) && !isDict(item));
  }

  /** A collection that begins on a line of its own. */
  #isNested(value: Py): boolean {
    return (sequenceItems(value) !== undefined || isDict(value)) && !isEmpty(value) && !this.#isFlow(value);
  }

  #entries(value: Py): (readonly [Py, Py])[] {
    if (!isDict(value)) return [];
    const entries = dictEntries(value);
    if (!this.#style.sortKeys) return entries;
    try {
      return [...entries].sort(([a], [b]) => compare(a, b));
    } catch {
      return entries;
    }
  }

  /** In a mapping a list stands at the mapping's own indent. */
  #blockList(items: readonly Py[], context: Context): void {
    const indent = context.indent < 0 ? 0 : context.inMapping ? context.indent : context.indent + this.#style.indent;
    for (const item of items) {
      this.#newLine(indent);
      this.#write('-');
      if (!this.#isNested(item)) this.#write(' ');
      this.#node(item, { indent, flow: false, inKey: false, inMapping: false });
    }
  }

  #blockDict(entries: readonly (readonly [Py, Py])[], context: Context): void {
    const indent = context.indent < 0 ? 0 : context.indent + this.#style.indent;
    for (const [key, value] of entries) {
      this.#newLine(indent);
      const simple = isSimpleKey(key);
      if (!simple) this.#write('? ');
      this.#node(key, { indent, flow: false, inKey: simple, inMapping: false });
      if (!simple) this.#newLine(indent);
      this.#write(':');
      if (!this.#isNested(value)) this.#write(' ');
      this.#node(value, { indent, flow: false, inKey: false, inMapping: true });
    }
  }

  /** A new line, unless we stand before the place on a line that holds nothing yet but hyphens. */
  #newLine(indent: number): void {
    const begun = !/^[ -]*$/.test(this.#lastLine());
    if (begun || this.#column > indent || (this.#column === indent && this.#lastLine().endsWith('-'))) {
      this.#write('\n');
    }
    this.#write(' '.repeat(Math.max(0, indent - this.#column)));
  }

  #lastLine(): string {
    return this.#out.slice(this.#out.lastIndexOf('\n') + 1);
  }

  #flow(value: Py, context: Context): void {
    const items = sequenceItems(value);
    const indent = this.#indented(context);
    const inner: Context = { indent, flow: true, inKey: false, inMapping: false };
    const parts = items ? items.map((item) => [undefined, item] as const) : this.#entries(value);
    this.#write(items ? '[' : '{');
    for (const [index, [key, item]] of parts.entries()) {
      if (index > 0) this.#write(',');
      if (this.#column > this.#style.width) this.#write(`\n${' '.repeat(indent)}`);
      else if (index > 0) this.#write(' ');
      if (!items) this.#flowKey(key, inner);
      this.#node(item, inner);
    }
    this.#write(items ? ']' : '}');
  }

  #flowKey(key: Py, inner: Context): void {
    const simple = isSimpleKey(key);
    if (!simple) this.#write('? ');
    this.#node(key, { ...inner, inKey: simple });
    this.#write(': ');
  }
}

function isEmpty(value: Py): boolean {
  return sequenceItems(value)?.length === 0 || (isDict(value) && dictEntries(value).length === 0);
}

/** A key on one line of less than 128 characters. */
function isSimpleKey(key: Py): boolean {
  if (sequenceItems(key) || isDict(key)) return false;
  return typeof key !== 'string' || (key.length < 128 && !/[\n\x85\u2028\u2029]/.test(key));
}

function scalarText(value: Py, place: ScalarPlace): string {
  return typeof value === 'string' ? stringScalar(value, place) : plainValue(value);
}

/** The text that stands for a value that is no string and no collection. */
function plainValue(value: Py): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (isFloat(value)) return yamlFloat(toNumber(value));
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value instanceof Structure) return value.text();
  if (value instanceof Undefined) return value.fail();
  throw new Fault(`cannot represent a ${typeName(value)} in YAML`);
}

function yamlFloat(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const text = floatText(value);
  return text.includes('.') || !text.includes('e') ? text : text.replace('e', '.0e');
}
