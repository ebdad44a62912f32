import { isAbsolute, join } from 'node:path';
import { textOf } from '../model/coerce.ts';
import type { Value, Vars } from '../model/value.ts';
import { nearName } from '../shared/problem.ts';
import type { ActionCall, RawArg } from './action.ts';
import type { Compiler } from './compiler.ts';
import type { Context } from './context.ts';
import { FROM, type RoleCall } from './role.ts';

/** The first argument of one of these names. */
export function argOf(call: ActionCall, ...names: readonly string[]): RawArg | undefined {
  return call.args.find((arg) => names.includes(arg.name));
}

/** Options that the statement does not have. */
export function checkOptions(compiler: Compiler, call: ActionCall, allowed: readonly string[]): void {
  for (const { name, at } of call.args) {
    if (name === '_raw_params' || allowed.includes(name)) continue;
    const near = nearName(name, allowed);
    compiler.problems.error(`${call.written} has no ${name}`, at, near ? `did you mean ${near}?` : undefined);
  }
}

/** `include: x.yml a=1`: what is left over are variables. */
export function extraVars(call: ActionCall): Vars {
  const own = call.written.split('.').at(-1) === 'include';
  return own
    ? Object.fromEntries(call.args.flatMap(({ name, value }) => (name === '_raw_params' ? [] : [[name, value]])))
    : {};
}

/** Beside the including file, in the role's `tasks`, beside the playbook. */
export function taskPlaces(context: Context, name: string): string[] {
  if (isAbsolute(name)) return [name];
  const role = context.role ? [join(context.role.path, 'tasks', name)] : [];
  const { dir } = context.play.vars;
  return [...new Set([join(context.dir, name), ...role, join(dir, name), join(dir, 'tasks', name)])];
}

export function findTasks(compiler: Compiler, context: Context, name: string): string | undefined {
  return taskPlaces(context, name).find((path) => compiler.files.kindOf(path) === 'file');
}

export const ROLE_OPTIONS = [
  ...['name', 'role', 'apply', 'public', 'allow_duplicates', 'rolespec_validate'],
  ...Object.keys(FROM),
];

/** The role that an include or import names. `read` gives the value of an argument. */
export function roleCall(compiler: Compiler, call: ActionCall, read: (arg: RawArg) => Value): RoleCall | undefined {
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
