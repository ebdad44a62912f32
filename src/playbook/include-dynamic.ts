import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { plain, textOf } from '../model/coerce.ts';
import type { Include, PlanNode, Scope, Task } from '../model/plan.ts';
import { TemplateText, type Value, type Vars } from '../model/value.ts';
import { KprepError } from '../shared/errors.ts';
import { renderProblem } from '../shared/problem.ts';
import type { ActionCall, RawArg } from './action.ts';
import { type Compiler, lookupOf } from './compiler.ts';
import { type Context, chainOf } from './context.ts';
import { Fields } from './fields.ts';
import { argOf, checkOptions, extraVars, findTasks, ROLE_OPTIONS, roleCall } from './include-parts.ts';
import { checkPlace, inherit, varsIn } from './inherit.ts';
import { needsOf } from './needs.ts';
import { makeProblems } from './problems.ts';
import { readList } from './read-list.ts';
import { compileRole, FROM } from './role.ts';
import { isSelected } from './tags.ts';
import { isBarrier, type Making, makeSite, taskBase } from './task-base.ts';
import { checkTemplates } from './typed.ts';
import { isEmpty } from './vars/chain.ts';

/** `include_tasks` or `include_role`: what they bring is compiled when a host comes to them. */
export function compileDynamic(compiler: Compiler, outer: Context, fields: Fields, call: ActionCall): PlanNode[] {
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
  if (computed) {
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
