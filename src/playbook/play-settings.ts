import { coerceValue } from '../model/coerce.ts';
import type { Play } from '../model/plan.ts';
import { isMapping, type Value } from '../model/value.ts';
import { toValue } from '../model/yaml-value.ts';
import { nearName } from '../shared/problem.ts';
import type { Compiler } from './compiler.ts';
import type { Context } from './context.ts';
import type { Fields } from './fields.ts';
import { staticValue } from './task-base.ts';
import { textOf } from './typed.ts';

type PlaySettings = Pick<
  Play,
  'strategy' | 'serial' | 'maxFailPercentage' | 'anyErrorsFatal' | 'throttle' | 'forceHandlers' | 'ignoreUnreachable'
>;

const ORDERS = ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted', 'shuffle'];
const STRATEGIES = ['linear', 'free', 'ansible.builtin.linear', 'ansible.builtin.free'];

/** Keywords of a play that say how its hosts are walked. They are needed before the run. */
export function playSettings(
  compiler: Compiler,
  context: Context,
  fields: Fields,
): { readonly play: PlaySettings; readonly order: string } {
  const read = (keyword: string, node = fields.get(keyword)): Value =>
    node ? staticValue(compiler, context, { keyword, raw: toValue(node), at: node.at }) : null;
  const flag = (keyword: string): boolean => asBool(compiler, read(keyword), keyword, fields);
  const most = read('max_fail_percentage');
  const throttle = read('throttle');
  const strategy = choice(compiler, fields, { keyword: 'strategy', value: read('strategy'), choices: STRATEGIES });
  const play: PlaySettings = {
    strategy: strategy.endsWith('free') ? 'free' : 'linear',
    serial: batches(compiler, read('serial'), fields),
    ...(most === null ? {} : { maxFailPercentage: Number(textOf(most).replace(/%$/, '')) }),
    anyErrorsFatal: flag('any_errors_fatal'),
    ...(throttle === null || Number(throttle) <= 0 ? {} : { throttle: Number(throttle) }),
    forceHandlers: flag('force_handlers'),
    ignoreUnreachable: flag('ignore_unreachable'),
  };
  return { play, order: choice(compiler, fields, { keyword: 'order', value: read('order'), choices: ORDERS }) };
}

function asBool(compiler: Compiler, value: Value, keyword: string, fields: Fields): boolean {
  if (value === null || value === '') return false;
  const result = coerceValue({ type: 'bool', doc: '' }, value);
  if ('value' in result) return result.value === true;
  compiler.problems.error(`${keyword}: ${result.problem}`, fields.get(keyword)?.at);
  return false;
}

/** The word, or the first of the choices where nothing is said. */
function choice(
  compiler: Compiler,
  fields: Fields,
  one: { readonly keyword: string; readonly value: Value; readonly choices: readonly string[] },
): string {
  const fallback = one.choices[0] ?? '';
  if (one.value === null) return fallback;
  const word = textOf(one.value);
  if (one.choices.includes(word)) return word;
  const near = nearName(word, one.choices);
  compiler.problems.error(
    `there is no ${one.keyword} ${word}`,
    fields.get(one.keyword)?.at,
    near ? `did you mean ${near}?` : one.choices.join(', '),
  );
  return fallback;
}

function batches(compiler: Compiler, value: Value, fields: Fields): Play['serial'] {
  if (value === null) return [];
  const list: readonly Value[] = Array.isArray(value) ? value : [value];
  return list.flatMap((item): Play['serial'] => {
    const text = textOf(item).trim();
    const number = Number(text.replace(/%$/, ''));
    if (!/^\d+(\.\d+)?%?$/.test(text) || isMapping(item)) {
      compiler.problems.error(`serial: ${text} is neither a count nor a percentage`, fields.get('serial')?.at);
      return [];
    }
    if (text.endsWith('%')) return number === 0 ? [] : [{ share: Math.min(1, number / 100) }];
    return number < 1 ? [] : [{ hosts: Math.floor(number) }];
  });
}
