import type { LocalFile } from '../model/args.ts';
import { coerceValue } from '../model/coerce.ts';
import { contentOf } from '../model/content.ts';
import type { Lookup, TemplateFileOptions } from '../model/template.ts';
import type { Value, Vars } from '../model/value.ts';
import { KprepError } from '../shared/errors.ts';
import type { Compiler } from './compiler.ts';
import { findLocal } from './local-files.ts';
import type { VarChain } from './vars/chain.ts';
import { asRunFailure } from './vars/evaluate.ts';

/** A template of this machine, rendered for a host. @throws KprepError `task` (no such file) or `template`. */
export function renderTemplateFile(
  compiler: Compiler,
  name: string,
  options: { readonly chain: VarChain; readonly lookup: Lookup; readonly args: Vars },
): LocalFile {
  const path = findLocal(compiler, name, 'templates', options.chain);
  const text = readOrRefuse(compiler, path);
  const at = { file: path, line: 1, column: 1 };
  const lookup = withTemplateVars(options.lookup, compiler, path);
  const rendered = asRunFailure(() => compiler.evaluator.file(text, at, fileOptions(options.args)).render(lookup));
  return {
    path: compiler.files.absolute(path),
    name: name.split('/').at(-1) ?? name,
    content: contentOf(rendered, path),
    mode: 0o644,
  };
}

function readOrRefuse(compiler: Compiler, path: string): string {
  try {
    return compiler.loader.readText(path);
  } catch (error) {
    throw new KprepError('task', error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** The variables that the `template` module adds. */
function withTemplateVars(lookup: Lookup, compiler: Compiler, path: string): Lookup {
  const added: Vars = {
    ansible_managed: 'Ansible managed',
    template_path: path,
    template_fullpath: compiler.files.absolute(path),
    template_destpath: null,
  };
  return {
    get: (name) => lookup.get(name) ?? (Object.hasOwn(added, name) ? added[name] : undefined),
    has: (name) => lookup.has(name) || Object.hasOwn(added, name),
    names: () => [...lookup.names(), ...Object.keys(added)],
  };
}

const NEWLINES: Readonly<Record<string, '\n' | '\r' | '\r\n'>> = {
  ...{ '\n': '\n', '\r': '\r', '\r\n': '\r\n', '\\n': '\n', '\\r': '\r', '\\r\\n': '\r\n' },
};

/** Arguments of the `template` module that concern the language. */
function fileOptions(args: Vars): TemplateFileOptions {
  const text = (name: string) => (typeof args[name] === 'string' ? args[name] : undefined);
  const newline = NEWLINES[text('newline_sequence') ?? '\n'];
  if (!newline) throw new KprepError('task', 'newline_sequence needs to be one of: \\n, \\r or \\r\\n');
  const given: Record<keyof TemplateFileOptions, string | boolean | undefined> = {
    trimBlocks: flag(args.trim_blocks),
    lstripBlocks: flag(args.lstrip_blocks),
    newlineSequence: newline,
    blockStart: text('block_start_string'),
    blockEnd: text('block_end_string'),
    variableStart: text('variable_start_string'),
    variableEnd: text('variable_end_string'),
    commentStart: text('comment_start_string'),
    commentEnd: text('comment_end_string'),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function flag(value: Value | undefined): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  const result = coerceValue({ type: 'bool', doc: '' }, value);
  return 'value' in result ? result.value === true : undefined;
}
