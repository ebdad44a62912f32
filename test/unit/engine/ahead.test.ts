import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PlanNode } from '../../../src/model/plan.ts';
import type { JsonObject } from '../../../src/model/value.ts';
import { KprepError } from '../../../src/shared/errors.ts';
import { block, play, type RunWords, runPlays, runTasks, task } from '../../support/engine-run.ts';
import { makeFleet } from '../../support/fake-connection.ts';
import { debug, facts, shell, stat, text } from '../../support/tiny-modules.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kprep-ahead-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const write = (name: string, words = name) => task({ run: text, args: { path: join(dir, name), text: words } });
const look = (name: string, register: string, rest = {}) =>
  task({ run: stat, args: { path: join(dir, name) }, rest: { register, ...rest } });
const frames = (ran: Awaited<ReturnType<typeof runTasks>>) => ran.fleet.host('h1').frames.length;
const files = (...names: string[]) => names.map((name) => writeFileSync(join(dir, name), name));

/** The same tasks without read-ahead: `needs` unknown. */
function plodding(nodes: readonly PlanNode[]): PlanNode[] {
  return nodes.map((node) => {
    if (node.kind !== 'task') return node;
    const { needs: _, ...rest } = node;
    return rest;
  });
}

describe('read-ahead', () => {
  test('N tasks that are already so need one round trip and N frames', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `f${index}`);
    files(...names);
    const ran = await runTasks(names.map((name) => write(name)));
    expect(ran.outcomes()).toEqual(names.map(() => 'ok'));
    expect([ran.summary.roundTrips, frames(ran)]).toEqual([1, 12]);
    const slow = await runTasks(plodding(names.map((name) => write(name))));
    expect(slow.summary.roundTrips).toBe(12);
  });

  test('blocks, loops and conditions that are known go along; more tasks than the window too', async () => {
    const names = Array.from({ length: 90 }, (_, index) => `f${index}`);
    files(...names, 'a');
    const ran = await runTasks([
      block([write('a'), task({ run: debug })], { always: [look('a', 'r')] }),
      { kind: 'flush' },
      task({
        run: text,
        args: (s) => ({ path: join(dir, String(s.local.item)), text: String(s.local.item) }),
        loop: () => names,
      }),
      task({ run: stat, args: { path: dir }, when: [() => false] }),
    ]);
    expect(ran.outcomes()).toEqual(['ok', 'ok', 'ok', 'ok', 'skipped']);
    expect(frames(ran)).toBe(92);
    expect(ran.summary.roundTrips).toBeLessThanOrEqual(4);
  });

  test('facts first: one round trip for them, one for what needs them', async () => {
    files('Debian', 'a');
    const byFact = task({
      run: text,
      args: (scope) => {
        const name = scope.runtime.facts.os_family;
        if (typeof name !== 'string') throw new KprepError('template', 'ansible_os_family is undefined');
        return { path: join(dir, name), text: name };
      },
    });
    const ran = await runTasks([task({ run: facts }), byFact, write('a')]);
    expect(ran.outcomes()).toEqual(['ok', 'ok', 'ok']);
    expect([ran.summary.roundTrips, frames(ran)]).toEqual([2, 3]);
  });

  test('a fresh run needs one round trip for each change besides', async () => {
    const ran = await runTasks(['a', 'b', 'c'].map((name) => write(name)));
    expect(ran.outcomes()).toEqual(['changed', 'changed', 'changed']);
    expect([ran.summary.roundTrips, frames(ran)]).toEqual([4, 6]);
  });

  test('a change makes reads sent before it worthless where they meet, and only there', async () => {
    const ran = await runTasks([write('a', 'new'), look('a', 'a'), look('b', 'b')]);
    expect(ran.registered('a')).toMatchObject({ exists: true, content: 'new' });
    expect(ran.registered('b').exists).toBe(false);
    // a, a-ahead, b-ahead, the change, a once more behind the change.
    expect([frames(ran), ran.summary.roundTrips]).toEqual([5, 2]);
  });

  test('one question of several tasks is sent once, and again after what it asks about was changed', async () => {
    files('a');
    const same = await runTasks([look('a', 'one'), look('a', 'two'), look('a', 'three')]);
    expect(['one', 'two', 'three'].map((name) => same.registered(name).content)).toEqual(['a', 'a', 'a']);
    expect(frames(same)).toBe(2);
    const ran = await runTasks([
      look('a', 'one'),
      look('a', 'two'),
      write('a', 'new'),
      look('a', 'three'),
      look('a', 'four'),
    ]);
    expect(['one', 'two', 'three', 'four'].map((name) => ran.registered(name).content)).toEqual([
      'a',
      'a',
      'new',
      'new',
    ]);
    // one, two ahead, the file's, the change, three behind it.
    expect([frames(ran), ran.summary.roundTrips]).toEqual([5, 2]);
  });

  test('a command that changes anything: what was read before it is read again behind it, without waiting', async () => {
    const ran = await runTasks([
      look('x', 'before'),
      task({ run: shell, args: { cmd: `echo made >${dir}/x`, creates: join(dir, 'x') } }),
      look('x', 'after'),
    ]);
    expect(ran.registered('before').exists).toBe(false);
    expect(ran.registered('after')).toMatchObject({ exists: true, content: 'made\n' });
    expect(ran.summary.roundTrips).toBe(2);
  });

  test('a loop over one file sees its own changes', async () => {
    const append = task({
      run: text,
      args: (s) => ({ path: join(dir, 'log'), text: String(s.local.item) }),
      loop: () => ['1', '2', '2', '3'],
      rest: { register: 'r' },
    });
    const ran = await runTasks([append, look('log', 'l')]);
    expect((ran.registered('r').results as JsonObject[]).map((one) => one.changed)).toEqual([true, true, false, true]);
    expect(ran.registered('l').content).toBe('3');
  });

  test('arguments that depend on an earlier result are read when their turn comes', async () => {
    files('one', 'two');
    writeFileSync(join(dir, 'name'), 'two');
    const next = task({
      run: stat,
      args: (scope) => ({
        path: join(dir, String((scope.runtime.variables.n as JsonObject | undefined)?.content ?? 'one')),
      }),
      rest: { register: 'r' },
    });
    const ran = await runTasks([look('name', 'n'), next]);
    expect(ran.registered('r').content).toBe('two');
  });

  test('other users, other hosts and waits are not read ahead', async () => {
    files('a', 'b');
    const root = look('a', 'a', { identity: () => ({ method: 'sudo' }) });
    const there = look('b', 'b', { delegateTo: () => 'h2' });
    const ran = await runTasks([look('a', 'first'), root, there]);
    expect(ran.outcomes()).toEqual(['ok', 'ok', 'ok']);
    expect(ran.fleet.host('h1').frames.map((frame) => frame.identity.method)).toEqual(['none', 'sudo']);
    expect(ran.fleet.host('h2').frames.length).toBe(1);
  });

  test('the environment of a task is part of what it asks', async () => {
    const seen = task({ run: stat, args: { path: dir }, rest: { environment: () => ({ A: '1' }) } });
    const ran = await runTasks([look('a', 'a'), seen]);
    expect([frames(ran), ran.summary.roundTrips]).toEqual([2, 1]);
  });

  test('after a failure nothing that was read matters, and nothing is left running', async () => {
    const ran = await runTasks([
      task({ run: stat, args: { path: dir }, rest: { failedWhen: [{ text: 'x', holds: () => true }] } }),
      write('a'),
    ]);
    expect(ran.outcomes()).toEqual(['failed']);
    expect(ran.fleet.host('h1').open).toBe(0);
  });
});

/** Any list of tasks must come to the same with read-ahead and without it. */
describe('sequential semantics', () => {
  const scripts: readonly (readonly [string, () => PlanNode[]])[] = [
    [
      'writes and looks',
      () => [write('a', '1'), look('a', 'r1'), write('a', '2'), look('a', 'r2'), write('b', '1'), look('a', 'r3')],
    ],
    [
      'commands between',
      () => [
        look('a', 'r1'),
        task({ run: shell, args: { cmd: `echo hi >>${dir}/a` } }),
        look('a', 'r2'),
        task({ run: shell, args: { cmd: `echo ho >>${dir}/a` } }),
        look('a', 'r3'),
      ],
    ],
    [
      'creates that come to exist',
      () =>
        [1, 2, 3]
          .map((n) => task({ run: shell, args: { cmd: `echo ${n} >>${dir}/c`, creates: `${dir}/c` } }))
          .concat(look('c', 'r1')),
    ],
    [
      'a directory and what is below it',
      () => [
        look('.', 'r1'),
        write('d', 'x'),
        task({ run: stat, args: { path: `${dir}/d` }, rest: { register: 'r2' } }),
      ],
    ],
    [
      'conditions on results',
      () => [
        look('a', 'r1'),
        task({
          run: text,
          args: { path: `${dir}/a`, text: 'z' },
          when: [(s) => !(s.runtime.variables.r1 as JsonObject).exists],
        }),
        look('a', 'r2'),
      ],
    ],
  ];
  const names = ['r1', 'r2', 'r3'];
  async function values(nodes: PlanNode[], words: RunWords) {
    const ran = await runPlays([play(nodes)], words);
    return { outcomes: ran.outcomes(), values: names.map((name) => ran.vars()[name] ?? null) };
  }

  test.each(scripts)('%s', async (_, make) => {
    const fast = await values(make(), {});
    rmSync(dir, { recursive: true });
    // The same path again, so that the results can be compared.
    mkdirSync(dir);
    const slow = await values(plodding(make()), {});
    expect(fast).toEqual(slow);
  });
});

test('a lost line with reads under way is one failure, not several', async () => {
  files('a', 'b', 'c');
  const fleet = makeFleet();
  fleet.host('h1').loseAt = { pattern: /\/b/, when: 'before' };
  const ran = await runTasks([write('a'), write('b'), write('c')], { fleet });
  expect(ran.outcomes()).toEqual(['ok', 'unreachable']);
  expect(readFileSync(join(dir, 'a'), 'utf8')).toBe('a');
});
