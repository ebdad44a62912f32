import type { Scope, Task } from '../model/plan.ts';
import type { PlayRun } from './context.ts';

/** The handlers that one host has to run. */
export class Handlers {
  readonly #playRun: PlayRun;
  readonly #notified = new Set<string>();

  constructor(playRun: PlayRun) {
    this.#playRun = playRun;
  }

  /** Returns the names that no handler answers to. A name means the last handler called so, and all that listen to it. */
  notify(names: readonly string[], scope: Scope): string[] {
    return names.filter((name) => {
      const named = this.#playRun.handlers.findLast((handler) => isCalled(handler, name, scope));
      const listening = this.#playRun.handlers.filter((handler) => handler.listen.includes(name));
      for (const handler of named ? [named, ...listening] : listening) this.#notified.add(handler.id);
      return !named && listening.length === 0;
    });
  }

  get any(): boolean {
    return this.#notified.size > 0;
  }

  /** The next to run in definition order at or after an index. What was notified before that index waits for the next flush, as in Ansible. */
  next(from: number): { readonly handler: Task; readonly index: number } | undefined {
    for (let index = from; index < this.#playRun.handlers.length; index++) {
      const handler = this.#playRun.handlers[index];
      if (handler && this.#notified.has(handler.id)) return { handler, index };
    }
    return undefined;
  }

  /** It ran, or was skipped by its conditions: a notification counts once, however often it came. */
  done(handler: Task): void {
    this.#notified.delete(handler.id);
  }
}

function isCalled(handler: Task, name: string, scope: Scope): boolean {
  if (handler.name === name) return true;
  const label = handler.label(scope);
  return (
    label === name ||
    (handler.role !== undefined &&
      (`${handler.role} : ${label}` === name || `${handler.role} : ${handler.name}` === name))
  );
}
