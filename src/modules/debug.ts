import type { ArgSpec } from '../model/args.ts';
import { type Action, defineAction } from '../model/module.ts';

const ARGS = {
  msg: { type: 'any', doc: 'What is shown. Default: `Hello world!`' },
  var: { type: 'expression', doc: 'A variable or expression to show, without braces.' },
  verbosity: { type: 'int', default: 0, doc: 'Show it only with so many `-v`.' },
} as const satisfies ArgSpec;

export const debug: Action<typeof ARGS> = defineAction({
  name: 'debug',
  summary: 'Shows a message or a variable.',
  args: ARGS,
  validate: ({ msg, var: shown }) =>
    msg !== undefined && shown !== undefined ? "'msg' and 'var' are incompatible options" : undefined,
  run({ msg, var: shown, verbosity }, _all, context) {
    if (verbosity > context.verbosity) return { skipped: 'Verbosity threshold not met.' };
    if (shown) {
      const hint = context.verbosity > 0 ? `: ${String(shown.value)}` : '';
      const value = shown.defined ? shown.value : `VARIABLE IS NOT DEFINED!${hint}`;
      return { result: { [shown.text]: value }, show: { [shown.text]: value } };
    }
    const text = msg ?? 'Hello world!';
    return { result: { msg: text }, show: text };
  },
});
