import type { Task } from '../model/plan.ts';
import { isTemplate } from '../model/value.ts';
import { nearName } from '../shared/problem.ts';
import type { YamlNode } from '../shared/yaml/node.ts';
import type { Compiler } from './compiler.ts';
import type { Context, PlayContext } from './context.ts';

/** A list of handlers. Tags do not choose among them: what is notified runs. */
export function compileHandlers(compiler: Compiler, context: Context, node: YamlNode | undefined): Task[] {
  const nodes = compiler.compileTasks(compiler, { ...context, handler: true, tags: [] }, node);
  return nodes.flatMap((one) => (one.kind === 'task' ? [one] : []));
}

/** Of handlers of one name the last counts, as in Ansible; one that still listens to topics stays. */
export function withoutShadowed(handlers: readonly Task[]): Task[] {
  return handlers.filter((handler, index) => {
    const later = handlers.slice(index + 1).some((other) => other.name === handler.name);
    return !later || handler.listen.length > 0;
  });
}

/** Names that are notified and no handler has. */
export function checkNotified(compiler: Compiler, play: PlayContext): void {
  const names = play.handlers.flatMap((handler) => [handler.name, ...handler.listen]);
  if (play.handlersOpen || names.some(isTemplate)) return;
  for (const { name, node } of play.notified) {
    if (names.includes(name)) continue;
    const near = nearName(name, names);
    compiler.problems.error(`no handler is named ${name}`, node.at, near ? `did you mean ${near}?` : undefined);
  }
}
