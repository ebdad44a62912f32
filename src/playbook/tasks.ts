import type { PlanNode } from '../model/plan.ts';
import type { YamlNode } from '../shared/yaml/node.ts';
import { findAction, STATEMENTS } from './action.ts';
import type { Compiler } from './compiler.ts';
import type { Context } from './context.ts';
import { Fields, itemsOf } from './fields.ts';
import { compileInclude } from './include.ts';
import { checkKeywords, checkPlace, inherit } from './inherit.ts';
import type { Place } from './keywords.ts';
import { isSelected } from './tags.ts';
import { compileTask } from './task.ts';

/** A list of tasks and blocks. What tags leave out is not in the answer. */
export function compileTasks(compiler: Compiler, context: Context, node: YamlNode | undefined): PlanNode[] {
  if (!node || (node.kind === 'scalar' && node.value === null)) return [];
  if (node.kind !== 'sequence') {
    compiler.problems.error('here a list of tasks is wanted', node.at, 'each task begins with a dash');
    return [];
  }
  return node.items.flatMap((item) => compileItem(compiler, context, item));
}

const BLOCK = ['block', 'rescue', 'always'];

function compileItem(compiler: Compiler, context: Context, node: YamlNode): PlanNode[] {
  if (node.kind === 'scalar' && node.value === null) return [];
  if (node.kind !== 'mapping') {
    compiler.problems.error('a task is a mapping of keywords and a module', node.at);
    return [];
  }
  const fields = new Fields(node);
  if (BLOCK.some((key) => fields.has(key))) return compileBlock(compiler, context, fields);
  const place: Place = context.handler ? 'handler' : 'task';
  const call = findAction(compiler, fields, place);
  if (!call) return [];
  if (STATEMENTS.has(call.name) && call.name !== 'include_vars') return compileInclude(compiler, context, fields, call);
  checkPlace(compiler, fields, place);
  const task = compileTask(compiler, context, fields, call);
  return task && (context.handler || isSelected(task.tags, compiler.tags)) ? [task] : [];
}

function compileBlock(compiler: Compiler, outer: Context, fields: Fields): PlanNode[] {
  checkKeywords(compiler, fields, 'block');
  if (outer.handler) {
    compiler.problems.error('handlers are tasks, not blocks', fields.at);
    return [];
  }
  const context = inherit(compiler, outer, fields);
  const rescued = fields.has('rescue') ? { ...context, guarded: true } : context;
  if (!fields.has('block')) compiler.problems.error('rescue and always belong to a block', fields.at);
  const body = compileTasks(compiler, rescued, fields.get('block'));
  const rescue = compileTasks(compiler, { ...context, guarded: true }, fields.get('rescue'));
  const always = compileTasks(compiler, context, fields.get('always'));
  if (itemsOf(fields.get('rescue')).length + itemsOf(fields.get('always')).length === 0) return body;
  if (body.length + rescue.length + always.length === 0) return [];
  return [{ kind: 'block', name: fields.text('name') ?? 'block', at: fields.at, body, rescue, always }];
}
