import { describe, expect, test } from '@jest/globals';
import { DIFFERENCES } from './differences.ts';
import { FILTERS, LANGUAGE, VARS } from './expressions.ts';
import { type Answer, type Case, type Mode, ours, theirs } from './oracle.ts';
import { NATIVE, STATEMENTS } from './statements.ts';

const language: Case[] = LANGUAGE.map((text) => ({ template: `{{ ${text} }}`, vars: VARS, modes: ['jinja', 'nativeJinja', 'text'] }));
const filters: Case[] = FILTERS.map((text) => ({ template: `{{ ${text} }}`, vars: VARS, modes: ['native', 'text'] }));

/** What is compared: the value, or only that both refuse. */
function shown(answer: Answer | undefined): unknown {
  return answer === undefined || answer.error !== undefined ? 'refused' : answer.value;
}

function compare(cases: readonly Case[]): void {
  const answers = theirs(cases);
  const rows = cases.flatMap((given, index) => given.modes.map((mode) => [mode, given.template, given, answers[index]?.[mode]] as const));
  test.each(rows)('%s: %s', (mode: Mode, template: string, given: Case, peer: Answer | undefined) => {
    const mine = ours(given, mode);
    const known = DIFFERENCES.find((one) => one.template === template && (one.modes ?? [mode]).includes(mode));
    const detail = { mine: mine.error ?? mine.value, theirs: peer?.error ?? peer?.value };
    if (known) expect({ ...detail, same: JSON.stringify(shown(mine)) === JSON.stringify(shown(peer)) }).toMatchObject({ same: false });
    else expect({ is: shown(mine), ...(shown(mine) === shown(peer) ? {} : detail) }).toEqual({ is: shown(peer), ...(shown(mine) === shown(peer) ? {} : detail) });
  });
}

describe('the language', () => compare(language));
describe('filters and tests', () => compare(filters));
describe('statements', () => compare(STATEMENTS));
describe('native values', () => compare(NATIVE));
