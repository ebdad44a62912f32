import { dirname } from 'node:path';
import { textOf } from '../model/coerce.ts';
import type { PlanNode } from '../model/plan.ts';
import type { Value } from '../model/value.ts';
import type { Position } from '../shared/problem.ts';
import type { ActionCall, RawArg } from './action.ts';
import type { Compiler } from './compiler.ts';
import type { Context } from './context.ts';
import type { Fields } from './fields.ts';
import { compileDynamic } from './include-dynamic.ts';
import { argOf, checkOptions, extraVars, findTasks, ROLE_OPTIONS, roleCall, taskPlaces } from './include-parts.ts';
import { checkPlace, inherit, varsIn } from './inherit.ts';
import { readList } from './read-list.ts';
import { compileRole } from './role.ts';
import { staticValue } from './task-base.ts';
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
      return compileDynamic(compiler, context, fields, call);
    case 'include':
      return isDynamic(fields, call)
        ? compileDynamic(compiler, context, fields, { ...call, name: 'include_tasks' })
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
