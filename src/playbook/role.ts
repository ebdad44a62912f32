import { basename, dirname, isAbsolute, join } from 'node:path';
import { plain } from '../model/coerce.ts';
import type { PlanNode, Task } from '../model/plan.ts';
import type { Value, Vars } from '../model/value.ts';
import { toValue } from '../model/yaml-value.ts';
import type { Position } from '../shared/problem.ts';
import type { YamlNode } from '../shared/yaml/node.ts';
import type { Compiler } from './compiler.ts';
import type { Context } from './context.ts';
import { Fields, itemsOf } from './fields.ts';
import { compileHandlers } from './handlers.ts';
import { inherit, varsIn } from './inherit.ts';
import { KEYWORDS, mayStand } from './keywords.ts';
import { varsOf } from './load.ts';
import { readList } from './read-list.ts';
import { literal } from './typed.ts';
import type { RoleVars } from './vars/chain.ts';

/** Options that take another file than `main`, and the folder it is in. */
export const FROM: Readonly<Record<string, string>> = {
  ...{ tasks_from: 'tasks', vars_from: 'vars', defaults_from: 'defaults', handlers_from: 'handlers' },
};

/** A role as it is asked for. */
export interface RoleCall {
  readonly name: string;
  readonly at: Position;
  /** `tasks_from` and the like. */
  readonly from: Readonly<Record<string, string>>;
  readonly params: Vars;
  readonly entryVars: Vars;
  /** Of `roles:` and dependencies: the same role with the same parameters runs once. */
  readonly dedupe: boolean;
  /** Tags and conditions of its own entry, which tell it from another of the same name. */
  readonly own?: Value;
}

export interface CompiledRole {
  readonly role: RoleVars;
  readonly nodes: PlanNode[];
  readonly handlers: Task[];
}

/** An entry of `roles:` or of a role's dependencies: a name, or a mapping of keywords and parameters. */
export function compileRoleEntry(compiler: Compiler, outer: Context, node: YamlNode): CompiledRole | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    const call = { name: node.value, at: node.at, from: {}, params: {}, entryVars: {}, dedupe: true };
    return compileRole(compiler, outer, call);
  }
  const fields = node.kind === 'mapping' ? new Fields(node) : undefined;
  const key = fields?.has('role') ? 'role' : 'name';
  const name = fields?.text(key);
  if (!fields || name === undefined) {
    compiler.problems.error('a role is a name, or a mapping with role', node.at);
    return undefined;
  }
  const params: Record<string, Value> = {};
  for (const [field, { value }] of fields) {
    const keyword = field === 'role' || field === 'name' || (Object.hasOwn(KEYWORDS, field) && mayStand(field, 'role'));
    if (!keyword && !Object.hasOwn(FROM, field)) params[field] = toValue(value);
  }
  compiler.names.define(params);
  const entryVars = varsIn(compiler, fields);
  const from = Object.fromEntries(
    Object.keys(FROM).flatMap((one) => (fields.has(one) ? [[one, fields.text(one) ?? '']] : [])),
  );
  const context = inherit(compiler, outer, fields, { ownVars: false });
  const own = [fields.get('tags'), fields.get('when')].map((one) => (one ? plain(toValue(one)) : null));
  const differs = own.some((one) => one !== null);
  return compileRole(compiler, context, {
    name,
    at: fields.keyAt(key),
    from,
    params,
    entryVars,
    dedupe: true,
    ...(differs ? { own } : {}),
  });
}

/** A role with its dependencies before it; where it already stands in the play only its variables count. Undefined where there is none. */
export function compileRole(compiler: Compiler, context: Context, call: RoleCall): CompiledRole | undefined {
  const path = findRole(compiler, context, call.name);
  if (path === undefined) {
    const places = rolePlaces(compiler, context, call.name).join(', ');
    compiler.problems.error(`there is no role ${call.name}`, call.at, `looked for ${places}`);
    return undefined;
  }
  const parents = context.role ? [...context.role.parents, context.role] : [];
  if (parents.some((parent) => parent.path === path) && call.dedupe) {
    const ring = [...parents.map(({ name }) => name), call.name].join(' → ');
    compiler.problems.error(`the role ${call.name} depends on itself: ${ring}`, call.at);
    return undefined;
  }
  const meta = readMeta(compiler, path, call.at);
  const key = JSON.stringify([path, call.from, call.params, call.entryVars, call.own ?? null]);
  const repeated = call.dedupe && !meta.allowDuplicates && isRepeated(context, key);
  const bare: RoleVars = { ...readRoleVars(compiler, path, call), parents, dependencies: [] };
  const dependencies = meta.dependencies.flatMap((node) => {
    const made = compileRoleEntry(compiler, { ...context, role: bare }, node);
    return made ? [made] : [];
  });
  const all = dependencies.flatMap(({ role }) => [...role.dependencies, role]);
  const role: RoleVars = { ...bare, dependencies: all };
  const inside: Context = { ...context, role };
  if (repeated) return { role, nodes: [], handlers: [] };
  const tasks = compileRoleTasks(compiler, inside, call);
  if (tasks.length > 0) notePlace(context, key);
  return {
    role,
    nodes: [...dependencies.flatMap((one) => one.nodes), ...tasks],
    handlers: [...dependencies.flatMap((one) => one.handlers), ...compileRoleHandlers(compiler, inside, call)],
  };
}

/**
 * Whether the same role stands in the play already, under conditions that hold whenever those here hold: a role runs once
 * on a host, and what tags left out of it there does not count.
 */
function isRepeated(context: Context, key: string): boolean {
  const when = conditionKeys(context);
  return (context.play.placed.get(key) ?? []).some((before) => before.every((condition) => when.includes(condition)));
}

function notePlace(context: Context, key: string): void {
  const places = context.play.placed.get(key) ?? [];
  context.play.placed.set(key, [...places, conditionKeys(context)]);
}

function conditionKeys(context: Context): string[] {
  return context.when.map(({ at }) => `${at.file}:${at.line}:${at.column}`);
}

function rolePlaces(compiler: Compiler, context: Context, name: string): string[] {
  if (isAbsolute(name)) return [name];
  const { dir } = context.play.vars;
  const beside = context.role ? [join(dirname(context.role.path), name)] : [];
  return [join(dir, 'roles', name), ...compiler.rolesPath.map((one) => join(one, name)), ...beside, join(dir, name)];
}

function findRole(compiler: Compiler, context: Context, name: string): string | undefined {
  return rolePlaces(compiler, context, name).find((path) => compiler.files.kindOf(path) === 'directory');
}

/** `main` with one of YAML's extensions, or the file that a `…_from` names. */
function roleFile(compiler: Compiler, path: string, folder: string, from?: string): string | undefined {
  const stem = from ?? 'main';
  const extensions = from === undefined ? ['.yml', '.yaml', '.json', ''] : ['', '.yml', '.yaml', '.json'];
  const paths = extensions.map((extension) => join(path, folder, `${stem}${extension}`));
  return paths.find((one) => compiler.files.kindOf(one) === 'file');
}

function chosen(compiler: Compiler, path: string, call: RoleCall, option: string): string | undefined {
  const folder = FROM[option] ?? '';
  const from = Object.hasOwn(call.from, option) ? call.from[option] : undefined;
  const file = roleFile(compiler, path, folder, from);
  if (file === undefined && from !== undefined) {
    compiler.problems.error(`the role ${call.name} has no ${folder}/${from}`, call.at);
  }
  return file;
}

type BareRole = Omit<RoleVars, 'parents' | 'dependencies'>;

function readRoleVars(compiler: Compiler, path: string, call: RoleCall): BareRole {
  const defaults = readVarsOf(compiler, path, call, 'defaults_from');
  const vars = readVarsOf(compiler, path, call, 'vars_from');
  return { name: basename(call.name), path, defaults, vars, entryVars: call.entryVars, params: call.params };
}

/** `vars/main.yml`; a directory `vars/main/` is read whole, in name order. */
function readVarsOf(compiler: Compiler, path: string, call: RoleCall, option: 'defaults_from' | 'vars_from'): Vars {
  const dir = join(path, FROM[option] ?? '', 'main');
  const whole = !Object.hasOwn(call.from, option) && compiler.files.kindOf(dir) === 'directory';
  const single = chosen(compiler, path, call, option);
  const files = whole && single === undefined ? yamlIn(compiler, dir) : single === undefined ? [] : [single];
  const merged: Record<string, Value> = {};
  for (const file of files) {
    const vars = varsOf(readList(compiler, file, call.at));
    if (!vars) compiler.problems.error(`${file} holds no mapping of names to values`, call.at);
    Object.assign(merged, vars);
  }
  compiler.names.define(merged);
  return merged;
}

function yamlIn(compiler: Compiler, dir: string): string[] {
  return compiler.files
    .list(dir)
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .map((name) => join(dir, name));
}

interface Meta {
  readonly dependencies: readonly YamlNode[];
  readonly allowDuplicates: boolean;
}

function readMeta(compiler: Compiler, path: string, at: Position): Meta {
  const file = roleFile(compiler, path, 'meta');
  const root = file === undefined ? undefined : readList(compiler, file, at);
  if (root?.kind !== 'mapping') return { dependencies: [], allowDuplicates: false };
  const fields = new Fields(root);
  if (fields.has('argument_specs'))
    compiler.problems.warning('argument_specs are not checked', fields.keyAt('argument_specs'));
  return {
    dependencies: itemsOf(fields.get('dependencies')),
    allowDuplicates: literal(fields.get('allow_duplicates')) === true,
  };
}

function compileRoleTasks(compiler: Compiler, context: Context, call: RoleCall): PlanNode[] {
  const file = chosen(compiler, context.role?.path ?? '', call, 'tasks_from');
  if (file === undefined) return [];
  const inside = { ...context, file, dir: dirname(file) };
  return compiler.compileTasks(compiler, inside, readList(compiler, file, call.at));
}

function compileRoleHandlers(compiler: Compiler, context: Context, call: RoleCall): Task[] {
  const file = chosen(compiler, context.role?.path ?? '', call, 'handlers_from');
  if (file === undefined) return [];
  const inside = { ...context, file, dir: dirname(file) };
  return compileHandlers(compiler, inside, readList(compiler, file, call.at));
}
