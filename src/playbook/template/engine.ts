import type { LookupHost, Template, TemplateEngine, TemplateFileOptions } from '../../model/template.ts';
import { TemplateSyntaxProblem } from '../../model/template.ts';
import { isTemplate, type Value } from '../../model/value.ts';
import { nearName, type Position } from '../../shared/problem.ts';
import { compileExpression } from './compile/expression.ts';
import { compileWhole } from './compile/inheritance.ts';
import type { Run } from './compile/run.ts';
import { compileBody } from './compile/statement.ts';
import { type CompiledUnit, type EvaluateContext, evaluateUnit, renderIn } from './evaluate.ts';
import { builtinMap } from './filters/builtin.ts';
import { FILTERS } from './filters/index.ts';
import { makeGlobals } from './globals.ts';
import { applyHeader } from './header.ts';
import { place } from './place.ts';
import type { Frame } from './runtime/frame.ts';
import type { LoadedUnit, Services } from './runtime/runtime.ts';
import type { Statement } from './syntax/ast.ts';
import type { KnownNames } from './syntax/expressions.ts';
import { facts } from './syntax/facts.ts';
import { type Delimiters, normalize, tokenize, tokenizeExpression, USUAL } from './syntax/lexer.ts';
import { parseBareExpression, parseTemplate } from './syntax/statements.ts';
import { SyntaxFault } from './syntax/token.ts';
import { TESTS } from './tests/index.ts';

export interface TemplateEngineOptions {
  /** What lookups need of this machine. Absent (lint, `--syntax-check`): lookups are refused with a message that says so. */
  readonly lookups?: LookupHost;
  /** Reads YAML for `from_yaml`; absent: the filter is refused. */
  readonly parseYaml?: (text: string) => Value;
  /** Finds a template file for `include`, `import`, `extends` and `lookup('template', …)`: its text and where it stands. */
  readonly loadTemplate?: (
    name: string,
    from: Position | undefined,
  ) => { readonly text: string; readonly at: Position } | undefined;
  /**
   * Read text that looks like a Python literal as that literal, as Ansible did up to 2.18 with `jinja2_native`:
   * `"{{ '1.30' }}"` is then the float 1.3. Off by default: today's Ansible keeps text as text.
   */
  readonly literals?: boolean;
}

/** The engine. Texts are compiled once and kept. */
export function makeTemplateEngine(options: TemplateEngineOptions = {}): TemplateEngine {
  return new Engine(options);
}

class Engine implements TemplateEngine {
  readonly #options: TemplateEngineOptions;
  readonly #services: Services;
  readonly #known: KnownNames;
  readonly #units = new Map<string, CompiledUnit>();
  readonly #files = new Map<string, LoadedUnit>();

  constructor(options: TemplateEngineOptions) {
    this.#options = options;
    const { loadTemplate } = options;
    this.#services = {
      host: options.lookups,
      parseYaml: options.parseYaml,
      filters: builtinMap(FILTERS),
      tests: builtinMap(TESTS),
      globals: makeGlobals(),
      regexes: new Map(),
      load: loadTemplate ? (name, from) => this.#load(name, from) : undefined,
      literals: options.literals ?? false,
    };
    this.#known = knownNames(this.#services);
  }

  compile(text: string, at?: Position): Template {
    if (!isTemplate(text) && !text.startsWith('#jinja2:')) return constant(text);
    const unit = this.#cached(`t${text}`, () => this.#parse(text, { ...USUAL, rawStrings: true }, at));
    return this.#template(unit, at);
  }

  compileExpression(text: string, at?: Position): Template {
    const unit = this.#cached(`e${text}`, () => {
      const source = normalize(text, USUAL);
      const expression = placed(at, { source }, () => parseBareExpression(tokenizeExpression(source), this.#known));
      const value = compileExpression(expression);
      const run: Run = (frame, out) => {
        out.push(value(frame));
      };
      return { source, run, endNewlines: 0, newline: '\n', ...facts([{ kind: 'output', of: expression, at: 0 }]) };
    });
    return this.#template(unit, at);
  }

  compileFile(text: string, at: Position, options: TemplateFileOptions = {}): Template {
    const unit = this.#cached(`f${JSON.stringify(options)}${text}`, () =>
      this.#parse(text, { ...USUAL, ...given(options) }, at),
    );
    return this.#template(unit, at);
  }

  #cached(key: string, make: () => CompiledUnit): CompiledUnit {
    const known = this.#units.get(key);
    if (known) return known;
    const unit = make();
    this.#units.set(key, unit);
    return unit;
  }

  #parse(text: string, usual: Delimiters, at: Position | undefined): CompiledUnit {
    const { body, delimiters } = placed(at, { source: text }, () => applyHeader(text, usual));
    const source = normalize(body, delimiters);
    const headerLines = text.slice(0, text.length - body.length).split('\n').length - 1;
    const statements = placed(at, { source, headerLines }, () =>
      parseTemplate(tokenize(source, delimiters), this.#known),
    );
    return {
      source,
      headerLines,
      run: compileWhole(compileBody(statements), blocksOf(statements)),
      endNewlines: /\n*$/.exec(text)?.[0].length ?? 0,
      newline: delimiters.newlineSequence,
      ...facts(statements),
    };
  }

  #template(unit: CompiledUnit, at: Position | undefined): Template {
    const context: EvaluateContext = { services: this.#services, at };
    return {
      names: unit.names,
      impure: unit.impure,
      evaluate: (lookup) => evaluateUnit(unit, { ...context, lookup, mode: 'native' }) as Value,
      render: (lookup) => evaluateUnit(unit, { ...context, lookup, mode: 'text' }) as string,
    };
  }

  #load(name: string, from: Position | undefined): LoadedUnit | undefined {
    const file = this.#options.loadTemplate?.(name, from);
    if (!file) return undefined;
    const key = `${file.at.file}\0${file.text}`;
    const known = this.#files.get(key);
    if (known) return known;
    const unit = this.#cached(`i${file.text}`, () => this.#parse(file.text, USUAL, file.at));
    const loaded: LoadedUnit = {
      source: unit.source,
      headerLines: unit.headerLines ?? 0,
      at: file.at,
      run: unit.run,
      render: (frame) => renderIn(unit, frame as Frame),
    };
    this.#files.set(key, loaded);
    return loaded;
  }
}

/** A text without delimiters is itself, in each mode and with all its line ends. */
function constant(text: string): Template {
  return { names: new Set(), impure: false, evaluate: () => text, render: () => text };
}

/** Options that were given; `exactOptionalPropertyTypes` keeps undefined ones out, but JS callers may pass them. */
function given(options: TemplateFileOptions): Partial<Delimiters> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function knownNames(services: Services): KnownNames {
  const check = (table: ReadonlyMap<string, unknown>, what: string) => (name: string, at: number) => {
    if (table.has(name)) return;
    const near = nearName(name, table.keys());
    throw new SyntaxFault(`there is no ${what} named '${name}'${near ? ` (did you mean ${near}?)` : ''}`, at);
  };
  return { filter: check(services.filters, 'filter'), test: check(services.tests, 'test') };
}

/** All blocks of a template, however deep. */
function blocksOf(statements: readonly Statement[], blocks = new Map<string, Run>()): ReadonlyMap<string, Run> {
  for (const node of statements) {
    if (node.kind === 'block') blocks.set(node.name, compileBody(node.body));
    for (const body of bodiesOf(node)) blocksOf(body, blocks);
  }
  return blocks;
}

function bodiesOf(node: Statement): readonly (readonly Statement[])[] {
  if (node.kind === 'if') return [...node.branches.map(({ body }) => body), node.otherwise];
  if (node.kind === 'for') return [node.body, node.otherwise];
  return 'body' in node ? [node.body] : [];
}

/** Runs a parser, and puts the place to its complaint. */
function placed<T>(
  at: Position | undefined,
  text: { readonly source: string; readonly headerLines?: number },
  parse: () => T,
): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    throw new TemplateSyntaxProblem(error.message, place({ ...text, ...(at ? { at } : {}) }, error.offset));
  }
}
