import type { CommandChange } from '../../model/change.ts';
import { type AnyModule, defineModule } from '../../model/module.ts';
import { sh } from '../../shared/sh.ts';

export interface ExecCommand extends Pick<CommandChange, 'command' | 'chdir' | 'stdin'> {
  /** As it was written, for the record. */
  readonly written: string | readonly string[];
}

/**
 * The one task of `kprep exec`. Unlike the modules `command` and `shell` it takes the operator's words as they are: nothing
 * in them is a template (`docker ps --format '{{.ID}}'`).
 */
export function execModule({ written, ...command }: ExecCommand): AnyModule {
  return defineModule({
    name: 'exec',
    summary: 'Runs what was asked for on the command line.',
    args: {},
    touches: () => 'anything',
    read: () => ({ script: sh`:`, parse: () => ({ now: undefined }) }),
    plan: (_args, _now, { check }) => {
      if (check) return { skipped: 'check mode: the command was not run' };
      return [{ kind: 'command', summary: 'run the command', ...command, undo: 'none', killable: true }];
    },
    result: () => ({ cmd: typeof written === 'string' ? written : [...written] }),
  });
}
