import { describe, expect, test } from '@jest/globals';
import { DIFFERENCES } from './differences.ts';
import { FILTERS, LANGUAGE, VARS } from './expressions.ts';
import { type Answer, type Case, type Mode, ours, theirs } from './oracle.ts';
import { NATIVE, STATEMENTS } from './statements.ts';

const language: Case[] = LANGUAGE.map((text) => ({
  template: `{{ ${text} }}`,
  vars: VARS,
  modes: ['jinja', 'nativeJinja', 'text'],
}));
const filters: Case[] = FILTERS.map((text) => ({ template: `{{ ${text} }}`, vars: VARS, modes: ['native', 'text'] }));

/** What is compared: the value, or only that both refuse. */
function shown(answer: Answer | undefined): unknown {
  return answer === undefined || answer.error !== undefined ? 'refused' : answer.value;
}

function compare(cases: readonly Case[]): void {
  const answers = theirs(cases);
  const rows = cases.flatMap((given, index) =>
    given.modes.map((mode) => [mode, given.template, given, answers[index]?.[mode]] as const),
  );
  test.each(rows)('%s: %s', (mode: Mode, template: string, given: Case, peer: Answer | undefined) => {
    const mine = ours(given, mode);
    const known = DIFFERENCES.find((one) => one.templates.includes(template) && one.modes.includes(mode));
    const [is, wanted] = [JSON.stringify(shown(mine)), JSON.stringify(shown(peer))];
    const detail = `${mine.error ?? is} | ${peer?.error ?? wanted}`;
    if (known) expect([is === wanted, detail]).toEqual([false, detail]);
    else expect([is, is === wanted ? '' : detail]).toEqual([wanted, '']);
  });
}

describe('the language', () => compare(language));
describe('filters and tests', () => compare(filters));
describe('statements', () => compare(STATEMENTS));
describe('native values', () => compare(NATIVE));
