import { createHash } from 'node:crypto';
import { dirname, isAbsolute, join } from 'node:path';
import { plain, textOf } from '../model/coerce.ts';
import type { Include, PlanNode, Scope, Task } from '../model/plan.ts';
import { isMapping, TemplateText, type Value, type Vars } from '../model/value.ts';
import { KprepError } from '../shared/errors.ts';
import { nearName, type Position, renderProblem } from '../shared/problem.ts';
import type { ActionCall, RawArg } from './action.ts';
import { type Compiler, lookupOf } from './compiler.ts';
import { type Context, chainOf } from './context.ts';
import { Fields } from './fields.ts';
import { checkPlace, inherit, varsIn } from './inherit.ts';
import { needsOf } from './needs.ts';
import { makeProblems } from './problems.ts';
import { readList } from './read-list.ts';
import { compileRole, FROM, type RoleCall } from './role.ts';
import { isSelected } from './tags.ts';
import { isBarrier, type Making, makeSite, staticValue, taskBase } from './task-base.ts';
import { checkTemplates } from './typed.ts';
import { isEmpty } from './vars/chain.ts';
import { isWritten } from './vars/evaluate.ts';

/** `include_tasks`, `include_role`, `import_tasks`, `import_role`, `include`. */
export function compileInclude(compiler: Compiler, context: Context, fields: Fields, call: ActionCall): PlanNode[] {
  switch (call.name) {
    case 'import_tasks':
      return importTasks(compiler, context, fields, call);
    case 'import_role':
      return importRole(compiler, context, fields, call);
    case 'include_tasks':
    case 'include_role':
      return dynamic(compiler, context, fields, call);
    case 'include':
      return isDynamic(fields, call)
        ? dynamic(compiler, context, fields, { ...call, name: 'include_tasks' })
        : importTasks(compiler, context, fields, { ...call, name: 'import_tasks' });
    default:
      compiler.problems.error(`${call.written} stands among plays, not among tasks`, call.at);
      return [];
  }
}

function isDynamic(fields: Fields, call: ActionCall): boolean {
  const looped = [...fields].some(([key]) => key === 'loop' || key.startsWith('with_'));
  return looped || call.args.some((arg) => arg.name === '_raw_params' && isWritten(arg.value));
}

function argOf(call: ActionCall, ...names: readonly string[]): RawArg | undefined {
  return call.args.find((arg) => names.includes(arg.name));
}

function checkOptions(compiler: Compiler, call: ActionCall, allowed: readonly string[]): void {
  for (const { name, at } of call.args) {
    if (name === '_raw_params' || allowed.includes(name)) continue;
    const near = nearName(name, allowed);
    compiler.problems.error(`${call.written} has no ${name}`, at, near ? `did you mean ${near}?` : undefined);
  }
}

/** `include: x.yml a=1`: what is left over are variables. */
function extraVars(call: ActionCall): Vars {
  const own = call.written.split('.').at(-1) === 'include';
  return own
    ? Object.fromEntries(call.args.flatMap(({ name, value }) => (name === '_raw_params' ? [] : [[name, value]])))
    : {};
}

function importTasks(compiler: Compiler, outer: Context, fields: Fields, call: ActionCall): PlanNode[] {
  checkPlace(compiler, fields, 'import');
  const extra = extraVars(call);
  if (isEmpty(extra)) checkOptions(compiler, call, ['file']);
  const inherited = inherit(compiler, outer, fields);
  const context = isEmpty(extra) ? inherited : { ...inherited, blocks: [extra, ...inherited.blocks] };
  const arg = argOf(call, 'file', '_raw_params');
  if (!arg) {
    compiler.problems.error(`${call.written} needs a file`, call.at);
    return [];
  }
  const name = staticValue(compiler, context, { keyword: call.written, raw: arg.value, at: arg.at });
  return name === null ? [] : importFile(compiler, context, textOf(name), arg.at);
}

function importFile(compiler: Compiler, context: Context, name: string, at: Position): PlanNode[] {
  const path = findTasks(compiler, context, name);
  if (path === undefined) {
    compiler.problems.error(`there is no file ${name}`, at, `looked for ${taskPlaces(context, name).join(', ')}`);
    return [];
  }
  if (context.stack.includes(path)) {
    compiler.problems.error(`${path} imports itself: ${[...context.stack, path].join(' → ')}`, at);
    return [];
  }
  const inside = { ...context, file: path, dir: dirname(path), stack: [...context.stack, path] };
  return compiler.compileTasks(compiler, inside, readList(compiler, path, at));
}

/** Beside the including file, in the role's `tasks`, beside the playbook. */
function taskPlaces(context: Context, name: string): string[] {
  if (isAbsolute(name)) return [name];
  const role = context.role ? [join(context.role.path, 'tasks', name)] : [];
  const { dir } = context.play.vars;
  return [...new Set([join(context.dir, name), ...role, join(dir, name), join(dir, 'tasks', name)])];
}

function findTasks(compiler: Compiler, context: Context, name: string): string | undefined {
  return taskPlaces(context, name).find((path) => compiler.files.kindOf(path) === 'file');
}

const ROLE_OPTIONS = [
  ...['name', 'role', 'apply', 'public', 'allow_duplicates', 'rolespec_validate'],
  ...Object.keys(FROM),
];

function importRole(compiler: Compiler, outer: Context, fields: Fields, call: ActionCall): PlanNode[] {
  checkPlace(compiler, fields, 'import');
  checkOptions(
    compiler,
    call,
    ROLE_OPTIONS.filter((option) => option !== 'apply'),
  );
  const context = inherit(compiler, outer, fields);
  const read = (arg: RawArg): Value =>
    staticValue(compiler, context, { keyword: arg.name, raw: arg.value, at: arg.at });
  const role = roleCall(compiler, call, read);
  if (!role) return [];
  const made = compileRole(compiler, context, { ...role, entryVars: varsIn(compiler, fields), dedupe: false });
  if (!made) return [];
  context.play.vars.roles.push(made.role);
  context.play.handlers.push(...made.handlers);
  return made.nodes;
}

/** The role that an include or import names. `read` gives the value of an argument. */
function roleCall(compiler: Compiler, call: ActionCall, read: (arg: RawArg) => Value): RoleCall | undefined {
  const arg = argOf(call, 'name', 'role', '_raw_params');
  if (!arg) {
    compiler.problems.error(`${call.written} needs the name of a role`, call.at);
    return undefined;
  }
  const name = read(arg);
  if (typeof name !== 'string') return undefined;
  const from = Object.fromEntries(
    call.args.flatMap((one) => (Object.hasOwn(FROM, one.name) ? [[one.name, textOf(read(one))]] : [])),
  );
  return { name, at: arg.at, from, params: {}, entryVars: {}, dedupe: false };
}

/** One of those that are loaded when a host comes to them. */
function dynamic(compiler: Compiler, outer: Context, fields: Fields, call: ActionCall): PlanNode[] {
  checkPlace(compiler, fields, 'include');
  if (outer.handler) {
    compiler.problems.error(
      `${call.written} cannot be a handler`,
      call.at,
      'use import_tasks, or put it where the handler is notified',
    );
    return [];
  }
  const isRole = call.name === 'include_role';
  const extra = extraVars(call);
  if (isEmpty(extra)) checkOptions(compiler, call, isRole ? ROLE_OPTIONS : ['file', 'apply']);
  const context = inherit(compiler, outer, fields);
  const making: Making = { compiler, fields, context, site: makeSite(context) };
  for (const { value } of call.args) checkTemplates(compiler, value, making.site.uses);
  const base = taskBase(making, call.written);
  const reach = needsOf(compiler, making.site.uses);
  const brought: Brought = { compiler, outer, fields, call, vars: { ...varsIn(compiler, fields), ...extra } };
  const include: Include = {
    ...base,
    kind: 'include',
    get barrier(): boolean {
      return isBarrier(making, base, reach);
    },
    load: loader(brought, base.id, base.loop !== undefined),
  };
  compiler.contexts.set(include, context);
  compiler.names.tasks.push({ uses: making.site.uses, guarded: context.guarded });
  lookAhead(brought, context);
  return isSelected(base.tags, compiler.tags) ? [include] : [];
}

interface Brought {
  readonly compiler: Compiler;
  /** Where the include stands, without its own keywords: they do not reach what it brings. */
  readonly outer: Context;
  readonly fields: Fields;
  readonly call: ActionCall;
  readonly vars: Vars;
}

type Loaded = Awaited<ReturnType<Include['load']>>;

function loader(brought: Brought, id: string, looped: boolean): Include['load'] {
  const known = new Map<string, Loaded>();
  return (scope) => {
    try {
      return Promise.resolve(load(brought, scope, { id, looped, known }));
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

interface Loading {
  readonly id: string;
  readonly looped: boolean;
  /** What was brought before, by file or role and what is bound around it. */
  readonly known: Map<string, Loaded>;
}

function load(brought: Brought, scope: Scope, { id, looped, known }: Loading): Loaded {
  const { compiler, outer, call } = brought;
  const site = chainOf({ ...outer, blocks: isEmpty(brought.vars) ? outer.blocks : [brought.vars, ...outer.blocks] });
  const lookup = lookupOf(compiler, site, scope);
  const read = (arg: RawArg): Value => compiler.evaluator.value(arg.value, lookup);
  const named = call.args.filter(({ name }) => name !== 'apply').map((arg) => [arg.name, plain(read(arg))]);
  const key = JSON.stringify([named, plain(scope.local)]);
  const before = known.get(key);
  if (before) return before;
  const item = looped ? `@${createHash('sha1').update(key).digest('hex').slice(0, 8)}` : '';
  const running = forRun(compiler, `${id}${item}/`);
  const context = insideOf(brought, running, scope.local);
  const loaded = bring(running, context, call, read);
  const wrong = running.problems.all.find(({ level }) => level === 'error');
  if (wrong) throw new KprepError('task', renderProblem(wrong).split('\n')[0] ?? wrong.message);
  known.set(key, loaded);
  return loaded;
}

/** A compiler of its own problems and ids. */
function forRun(compiler: Compiler, idPrefix: string): Compiler {
  const problems = makeProblems(compiler.loader.lineOf);
  return { ...compiler, problems, ids: new Map(), idPrefix, running: true };
}

/** What the brought tasks inherit: the surroundings, `apply`, the include's variables and what is bound around it (loop items). */
function insideOf(brought: Brought, compiler: Compiler, local: Vars): Context {
  const { outer, call, vars } = brought;
  const params = [vars, local].filter((one) => !isEmpty(one));
  const play = { ...outer.play, handlers: [], notified: [], placed: new Map(outer.play.placed) };
  const inside: Context = { ...outer, play, params: [...params, ...outer.params] };
  const apply = argOf(call, 'apply')?.node;
  return apply?.kind === 'mapping' ? inherit(compiler, inside, new Fields(apply)) : inside;
}

function bring(compiler: Compiler, context: Context, call: ActionCall, read: (arg: RawArg) => Value): Loaded {
  if (call.name === 'include_role') return bringRole(compiler, context, call, read);
  const arg = argOf(call, 'file', '_raw_params');
  if (!arg) {
    compiler.problems.error(`${call.written} needs a file`, call.at);
    return { nodes: [], handlers: [] };
  }
  const name = read(arg);
  const path = findTasks(compiler, context, textOf(name));
  if (path === undefined) {
    compiler.problems.error(`there is no file ${textOf(name)}`, arg.at);
    return { nodes: [], handlers: [] };
  }
  const inside = { ...context, file: path, dir: dirname(path), stack: [...context.stack, path] };
  return {
    nodes: compiler.compileTasks(compiler, inside, readList(compiler, path, arg.at)),
    handlers: context.play.handlers,
  };
}

function bringRole(compiler: Compiler, context: Context, call: ActionCall, read: (arg: RawArg) => Value): Loaded {
  const role = roleCall(compiler, call, read);
  const made = role && compileRole(compiler, context, role);
  if (!made) return { nodes: [], handlers: [] };
  const isPublic = argOf(call, 'public')?.value === true;
  const roles = context.play.vars.roles;
  if (isPublic && !roles.some(({ path }) => path === made.role.path)) roles.push(made.role);
  const handlers: readonly Task[] = [...context.play.handlers, ...made.handlers];
  return { nodes: made.nodes, handlers };
}

/**
 * What is named literally is compiled once before the run, so that its problems and names are known then. The result is
 * thrown away: what is bound around it is known only in the run.
 */
function lookAhead(brought: Brought, context: Context): void {
  const { compiler, outer, call } = brought;
  const isRole = call.name === 'include_role';
  if (isRole) outer.play.handlersOpen ||= true;
  if (compiler.running) return;
  const names = isRole ? ['name', 'role', 'file', '_raw_params', ...Object.keys(FROM)] : ['file', '_raw_params'];
  const computed = call.args.some((arg) => names.includes(arg.name) && arg.value instanceof TemplateText);
  if (computed || !isMapping(brought.vars)) {
    compiler.names.open = true;
    return;
  }
  const literal = (arg: RawArg): Value => arg.value;
  const path = isRole
    ? textOf(argOf(call, 'name', 'role')?.value ?? '')
    : textOf(argOf(call, 'file', '_raw_params')?.value ?? '');
  const mark = `${call.name} ${path}`;
  if (outer.stack.includes(mark)) return;
  const silent: Compiler = { ...compiler, ids: new Map() };
  const inside = insideOf(brought, silent, {});
  bring(
    silent,
    { ...inside, guarded: context.guarded || inside.guarded, stack: [...outer.stack, mark] },
    call,
    literal,
  );
}
