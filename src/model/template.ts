import type { Position } from '../shared/problem.ts';
import type { Value } from './value.ts';

/** How templates see variables: own properties only, each looked up when it is first needed. */
export interface Lookup {
  /** Undefined: there is no such variable. May itself evaluate templates. */
  get(name: string): Value | undefined;
  has(name: string): boolean;
  /** All names, for `vars` and messages (near names). */
  names(): Iterable<string>;
}

/** Compiled once, evaluated often. */
export interface Template {
  /** Every name that it reads from outside: `a` in `a.b[c]` is `a` and `c`. */
  readonly names: ReadonlySet<string>;
  /** `hostvars`, `groups` of other hosts' state are in `names`; this says whether a lookup plugin or `now()` is called. */
  readonly impure: boolean;
  /**
   * The value with native types: `"{{ 1 }}"` is 1, `"{{ [1] }}"` a list, `"a{{ 1 }}"` the string `a1` (Jinja's NativeEnvironment, as
   * Ansible with `jinja2_native`).
   * @throws KprepError `template` with the position when a name is undefined or a filter fails.
   */
  evaluate(lookup: Lookup): Value;
  /** The text, as the `template` module writes it. */
  render(lookup: Lookup): string;
}

/** The Jinja2 language with Ansible's filters, tests and lookups. Parsing collects no state; problems carry positions. */
export interface TemplateEngine {
  /** @throws TemplateSyntaxProblem */
  compile(text: string, at?: Position): Template;
  /** A bare expression, as `when:` has it. */
  compileExpression(text: string, at?: Position): Template;
  /** A file for the `template` module: trim_blocks is on there, `#jinja2:` headers are obeyed, the last newline is kept. */
  compileFile(text: string, at: Position, options?: TemplateFileOptions): Template;
}

export interface TemplateFileOptions {
  readonly trimBlocks?: boolean;
  readonly lstripBlocks?: boolean;
  readonly newlineSequence?: '\n' | '\r' | '\r\n';
  readonly blockStart?: string;
  readonly blockEnd?: string;
  readonly variableStart?: string;
  readonly variableEnd?: string;
  readonly commentStart?: string;
  readonly commentEnd?: string;
}

/** What lookups need of this machine; given by the cli, refused in lint and `--syntax-check`. */
export interface LookupHost {
  env(name: string): string | undefined;
  /** Content of a file, searched as Ansible does from the task's position (`files/` beside it, role, playbook). */
  readFile(path: string, from?: Position): string;
  /** Absolute path of the first that exists. */
  findFile(path: string, folder: 'files' | 'templates' | 'vars' | '', from?: Position): string | undefined;
  glob(pattern: string, from?: Position): readonly string[];
  /** Runs a command of the operator's with /bin/sh and gives its output without the last newline. */
  pipe(command: string): string;
  /** Epoch milliseconds. */
  now(): number;
  /** 0 ≤ n < 1. */
  random(): number;
}

/** A syntax error in a template; positions count inside the file it came from. */
export class TemplateSyntaxProblem extends Error {
  readonly at?: Position;
  constructor(message: string, at?: Position) {
    super(message);
    this.name = 'TemplateSyntaxProblem';
    if (at) this.at = at;
  }
}
