import type { Value, Vars } from '../model/value.ts';
import { isMapping } from '../model/value.ts';
import { toValue } from '../model/yaml-value.ts';
import { nearName } from '../shared/problem.ts';
import type { Compiler } from './compiler.ts';
import { type Fields, itemsOf } from './fields.ts';
import { textOf } from './typed.ts';

const KEYS = ['name', 'prompt', 'default', 'private', 'confirm', 'unsafe'];
const REFUSED = ['encrypt', 'salt', 'salt_size'];

/** The answers to a play's `vars_prompt`. Not asked: what extra vars give. Without anybody to ask, the default counts. */
export async function askPrompts(compiler: Compiler, fields: Fields): Promise<Vars> {
  const answers: Record<string, Value> = {};
  for (const node of itemsOf(fields.get('vars_prompt'))) {
    const value = toValue(node);
    const name = isMapping(value) ? value.name : undefined;
    if (!isMapping(value) || typeof name !== 'string') {
      compiler.problems.error('vars_prompt takes a list of mappings with name', node.at);
      continue;
    }
    for (const key of Object.keys(value)) checkKey(compiler, key, node.at);
    if (Object.hasOwn(compiler.core.extra, name)) continue;
    answers[name] = await ask(compiler, name, value);
  }
  return answers;
}

function checkKey(compiler: Compiler, key: string, at: Fields['at']): void {
  if (KEYS.includes(key)) return;
  const near = nearName(key, KEYS);
  const message = REFUSED.includes(key) ? `vars_prompt: ${key} is not supported` : `vars_prompt has no ${key}`;
  compiler.problems.error(message, at, near && !REFUSED.includes(key) ? `did you mean ${near}?` : undefined);
}

async function ask(compiler: Compiler, name: string, options: Readonly<Record<string, Value>>): Promise<Value> {
  const fallback = options.default === undefined || options.default === null ? undefined : textOf(options.default);
  const isPrivate = options.private !== false;
  const answer = compiler.ask
    ? await compiler.ask({
        name,
        text: typeof options.prompt === 'string' ? options.prompt : name,
        private: isPrivate,
        confirm: options.confirm === true,
        ...(fallback === undefined ? {} : { default: fallback }),
      })
    : (fallback ?? '');
  if (isPrivate && answer !== '') compiler.settings.secrets.add(answer);
  return answer;
}
