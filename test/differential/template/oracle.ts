import type { Lookup } from '../../../src/model/template.ts';
import { TemplateSyntaxProblem } from '../../../src/model/template.ts';
import { PyFloat, type Value } from '../../../src/model/value.ts';
import { makeTemplateEngine } from '../../../src/playbook/template/index.ts';
import { KprepError } from '../../../src/shared/errors.ts';
import { runPython } from '../regex/run-python.ts';

/** jinja: plain text of Jinja2. nativeJinja: its NativeEnvironment. native: Ansible with jinja2_native. text: Ansible's template module. */
export type Mode = 'jinja' | 'nativeJinja' | 'native' | 'text';

export interface Case {
  readonly template: string;
  readonly vars?: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly modes: readonly Mode[];
}

export interface Answer {
  readonly value?: unknown;
  readonly error?: string;
}

/** What the peers make of the cases. */
export function theirs(cases: readonly Case[]): Readonly<Partial<Record<Mode, Answer>>>[] {
  return runPython(new URL('./oracle.py', import.meta.url), cases);
}

/** What we make of a case. */
export function ours(given: Case, mode: Mode): Answer {
  const vars = (given.vars ?? {}) as Readonly<Record<string, Value>>;
  const lookup: Lookup = {
    get: (name) => (Object.hasOwn(vars, name) ? vars[name] : undefined),
    has: (name) => Object.hasOwn(vars, name),
    names: () => Object.keys(vars),
  };
  const engine = makeTemplateEngine({
    literals: true,
    lookups: {
      env: () => undefined,
      readFile: () => '',
      findFile: () => undefined,
      glob: () => [],
      pipe: () => '',
      now: () => 0,
      random: () => 0,
    },
    loadTemplate(name) {
      const text = given.files?.[name];
      return text === undefined ? undefined : { text, at: { file: name, line: 1, column: 1 } };
    },
  });
  const at = { file: 'case.j2', line: 1, column: 1 };
  try {
    if (mode === 'native') return { value: encoded(engine.compile(given.template, at).evaluate(lookup)) };
    const template = engine.compileFile(given.template, at, { trimBlocks: mode === 'text' });
    if (mode === 'nativeJinja') return { value: encoded(template.evaluate(lookup)) };
    return { value: template.render(lookup) };
  } catch (error) {
    if (error instanceof KprepError || error instanceof TemplateSyntaxProblem) return { error: error.message };
    throw error;
  }
}

function encoded(value: Value): unknown {
  if (value instanceof PyFloat) return floatOf(value.value);
  if (typeof value === 'number') return Number.isInteger(value) ? { int: String(value) } : floatOf(value);
  if (typeof value === 'bigint') return { int: String(value) };
  if (Array.isArray(value)) return value.map(encoded);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value as Record<string, Value>).map(([key, item]) => [key, encoded(item)] as const);
  return { dict: entries.sort(([a], [b]) => (a < b ? -1 : 1)) };
}

function floatOf(value: number): unknown {
  return { float: Number.isFinite(value) ? value : String(value).toLowerCase().replace('infinity', 'inf') };
}
