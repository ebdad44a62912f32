import type { ArgSpec } from '../model/args.ts';
import { type Action, defineAction } from '../model/module.ts';
import type { Json } from '../model/value.ts';

const ARGS = {
  that: { type: 'conditions', required: true, doc: 'Conditions that must all hold.' },
  fail_msg: { type: 'any', aliases: ['msg'], doc: 'Message where one does not: text or a list of lines.' },
  success_msg: { type: 'any', doc: 'Message where all do: text or a list of lines.' },
  quiet: { type: 'bool', default: false, doc: 'Whether the message of success is kept quiet.' },
} as const satisfies ArgSpec;

export const assert: Action<typeof ARGS> = defineAction({
  name: 'assert',
  summary: 'Fails where a condition does not hold.',
  args: ARGS,
  validate: ({ fail_msg, success_msg }) =>
    messageProblem('fail_msg', fail_msg) ?? messageProblem('success_msg', success_msg),
  run({ that, fail_msg, success_msg, quiet }) {
    const broken = that.find((condition) => !condition.holds);
    if (broken) {
      const msg = fail_msg ?? 'Assertion failed';
      const reason = fail_msg === undefined ? `${textOf(msg)}: ${broken.text}` : textOf(msg);
      return { failed: reason, result: { assertion: broken.text, evaluated_to: false, msg } };
    }
    const msg = success_msg ?? 'All assertions passed';
    return { result: { msg }, ...(quiet || success_msg === undefined ? {} : { show: msg }) };
  },
});

function messageProblem(name: string, message: Json | undefined): string | undefined {
  const texts = Array.isArray(message) ? message : [message ?? ''];
  return texts.every((text) => typeof text === 'string') ? undefined : `${name} must be text or a list of texts`;
}

function textOf(message: Json): string {
  return Array.isArray(message) ? message.join('\n') : String(message);
}
