import { type AnyModule, defineModule } from '../../model/module.ts';
import { sh } from '../../shared/sh.ts';

/** Asks the host's shell twice for nothing: the first answer includes starting that shell, the second is the round trip. */
export const pingModule: AnyModule = defineModule({
  name: 'ping',
  summary: 'Asks for a sign of life.',
  args: {},
  readOnly: true,
  touches: () => [],
  read: () => ({ script: sh`:`, parse: () => ({ now: undefined }) }),
  plan: () => [question('start a shell'), question('ask it for nothing')],
  result: (_args, _now, outputs) => {
    const last = outputs.at(-1);
    return last ? { round_trip_ms: last.endedAt - last.startedAt } : {};
  },
});

function question(summary: string) {
  return { kind: 'run', summary, script: sh`true`, undo: 'none', killable: true, changed: () => false } as const;
}
