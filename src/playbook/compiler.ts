import type { Include, PlanNode, Scope, Task } from '../model/plan.ts';
import type { Lookup } from '../model/template.ts';
import type { Position } from '../shared/problem.ts';
import type { YamlNode } from '../shared/yaml/node.ts';
import type { Context } from './context.ts';
import { makePlaybookFiles, type PlaybookFiles } from './files.ts';
import { type Loader, makeLoader } from './load.ts';
import { makeNames, type Names } from './names.ts';
import { makeProblems, type Problems } from './problems.ts';
import type { CompileRequest, CompileSettings, VarsPrompt } from './request.ts';
import { makeTagFilter, type TagFilter } from './tags.ts';
import type { VarChain } from './vars/chain.ts';
import { type Evaluator, makeEvaluator } from './vars/evaluate.ts';
import { makeInventoryView } from './vars/inventory-layers.ts';
import { beforeTheRun, makeLookup, staticScope, type VarsCore } from './vars/scope.ts';

/** Everything that the parts of one compilation share. */
export interface Compiler {
  readonly settings: CompileSettings;
  readonly problems: Problems;
  readonly loader: Loader;
  readonly files: PlaybookFiles;
  readonly evaluator: Evaluator;
  readonly core: VarsCore;
  readonly names: Names;
  readonly tags: TagFilter;
  readonly rolesPath: readonly string[];
  readonly ask?: (prompt: VarsPrompt) => Promise<string>;
  /** Where each task stands, for `Plan.target`. */
  readonly contexts: WeakMap<Task | Include, Context>;
  /** How often each `file:line` was used as an id. */
  readonly ids: Map<string, number>;
  /** Before the ids of tasks that an include brings. */
  readonly idPrefix: string;
  /** True while an include is loaded in the run: no listing, no questions, names are not checked. */
  readonly running: boolean;
  /** A list of tasks and blocks; here because tasks, includes and roles hold each other. */
  readonly compileTasks: (compiler: Compiler, context: Context, node: YamlNode | undefined) => PlanNode[];
}

export function makeCompiler(
  request: CompileSettings & Partial<CompileRequest>,
  compileTasks: Compiler['compileTasks'],
): Compiler {
  const files = request.files ?? makePlaybookFiles();
  const loader = makeLoader({ files, passwords: request.vaultPasswords ?? [], secrets: request.secrets });
  const evaluator = makeEvaluator(request.engine, loader.decrypt, request.secrets);
  const problems = makeProblems(loader.lineOf);
  const tags = makeTagFilter(request.tags, request.skipTags);
  const core: VarsCore = {
    evaluator,
    inventoryView: makeInventoryView(request.withChanges),
    loader,
    files,
    extra: request.extraVars ?? {},
    magic: {
      absolute: files.absolute,
      playbookDir: '.',
      version: request.version ?? '',
      options: {
        tags: request.tags ?? [],
        skipTags: request.skipTags ?? [],
        forks: request.options?.forks ?? 64,
        verbosity: request.options?.verbosity ?? 0,
        ...(request.limitText === undefined ? {} : { limit: request.limitText }),
      },
    },
  };
  return {
    settings: request,
    problems,
    loader,
    files,
    evaluator,
    core,
    names: makeNames(evaluator, request.inventory, core.extra),
    tags,
    rolesPath: request.rolesPath ?? [],
    ...(request.ask ? { ask: request.ask } : {}),
    contexts: new WeakMap(),
    ids: new Map(),
    idPrefix: '',
    running: false,
    compileTasks,
  };
}

/** Variables as a task sees them. */
export function lookupOf(compiler: Compiler, chain: VarChain, scope: Scope): Lookup {
  return makeLookup(compiler.core, chain, scope);
}

/** Variables that are known before the run: without any host, for paths of imports and the like. */
export function staticLookup(compiler: Compiler, chain: VarChain): Lookup {
  return makeLookup(compiler.core, chain, staticScope(beforeTheRun(compiler.settings.inventory)));
}

/** `file:line`, made unique where the same line is compiled again. */
export function makeId(compiler: Compiler, at: Position | undefined, fallback: string): string {
  const base = `${compiler.idPrefix}${at ? `${at.file}:${at.line}` : fallback}`;
  const count = (compiler.ids.get(base) ?? 0) + 1;
  compiler.ids.set(base, count);
  return count === 1 ? base : `${base}#${count}`;
}
