import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Condition } from '../../../src/model/plan.ts';
import type { JsonObject } from '../../../src/model/value.ts';
import { KprepError } from '../../../src/shared/errors.ts';
import { block, include, play, runPlays, runTasks, task } from '../../support/engine-run.ts';
import { debug, fail, meta, setFact, shell, stat, text } from '../../support/tiny-modules.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kprep-flow-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const say = (name: string) => task({ run: debug, name });
const boom = () => task({ run: fail, name: 'boom', args: { msg: 'no' } });
/** A change that is always made. */
const change = (name: string, notify: readonly string[] = [], rest = {}) =>
  task({ run: shell, name, args: { cmd: `echo ${name} >>${dir}/log` }, rest: { notify: () => notify, ...rest } });
const handler = (name: string, rest = {}) => change(name, [], rest);
const log = (): string => readFileSync(join(dir, 'log'), 'utf8').trim().replaceAll('\n', ' ');
const condition = (holds: Condition['holds'], words = 'condition'): Condition => ({ text: words, holds });
const reg = (name: string) => (scope: { local: object; runtime: { variables: object } }) =>
  ({ ...scope.runtime.variables, ...scope.local })[name as never] as JsonObject;

describe('blocks', () => {
  test('rescue takes over, always runs, the host goes on', async () => {
    const ran = await runTasks([
      block([say('a'), boom(), say('never')], { rescue: [say('r')], always: [say('z')] }),
      say('after'),
    ]);
    expect(ran.names()).toEqual(['a', 'boom', 'r', 'z', 'after']);
    expect(ran.results()[1]).toMatchObject({ outcome: 'failed', rescued: true });
    expect(ran.vars().ansible_failed_task).toEqual({ name: 'boom' });
    expect(ran.vars().ansible_failed_result).toMatchObject({ failed: true, msg: 'no' });
    expect(ran.left()).toBeUndefined();
  });

  test('without rescue always runs and the failure stands', async () => {
    const ran = await runTasks([block([boom()], { always: [say('z')] }), say('never')]);
    expect(ran.names()).toEqual(['boom', 'z']);
    expect(ran.left()?.outcome).toBe('failed');
  });

  test('a failing rescue fails the host after always; an outer rescue takes that over', async () => {
    const inner = block([boom()], { rescue: [boom()], always: [say('z')] });
    const ran = await runTasks([block([inner], { rescue: [say('outer')] }), say('after')]);
    expect(ran.names()).toEqual(['boom', 'boom', 'z', 'outer', 'after']);
    expect(ran.left()).toBeUndefined();
    const alone = await runTasks([inner, say('never')]);
    expect(alone.left()?.outcome).toBe('failed');
  });

  test('a lost or unreachable host is not rescued', async () => {
    const gone = task({
      run: debug,
      args: () => {
        throw new KprepError('unreachable', 'gone');
      },
    });
    const ran = await runTasks([block([gone], { rescue: [say('r')], always: [say('z')] })]);
    expect(ran.outcomes()).toEqual(['unreachable']);
  });
});

describe('handlers', () => {
  const handlers = (...names: string[]) => names.map((name) => handler(name));

  test('run once, at the end, in definition order, only after a change', async () => {
    const unchanged = change('t3', ['C'], { changedWhen: [condition(() => false)] });
    const ran = await runTasks([change('t1', ['B']), change('t2', ['B', 'A']), unchanged], {
      play: { handlers: handlers('A', 'B', 'C') },
    });
    expect(log()).toBe('t1 t2 t3 A B');
    expect(ran.events.filter((e) => e.type === 'task-finished' && e.task.handler).length).toBe(2);
  });

  test('flush runs them now, and they can be notified again', async () => {
    await runTasks(
      [
        change('t1', ['A']),
        { kind: 'flush' },
        change('t2', ['A']),
        task({ run: meta, args: { free_form: 'flush_handlers' } }),
        change('t3'),
      ],
      {
        play: { handlers: handlers('A') },
      },
    );
    expect(log()).toBe('t1 A t2 A t3');
  });

  test('listen: all that answer to a name; of two with one name the last', async () => {
    const listening = [
      handler('A', { listen: ['web'] }),
      handler('B', { listen: ['web'] }),
      handler('same'),
      handler('same'),
    ];
    await runTasks([change('t1', ['web', 'same'])], { play: { handlers: listening } });
    expect(log()).toBe('t1 A B same');
  });

  test('a handler notifies one behind it', async () => {
    await runTasks([change('t1', ['A'])], {
      play: { handlers: [handler('A', { notify: () => ['B'] }), handler('B')] },
    });
    expect(log()).toBe('t1 A B');
  });

  test('an unknown name fails the task', async () => {
    const ran = await runTasks([change('t1', ['none'])]);
    expect(ran.results()[0]).toMatchObject({
      outcome: 'failed',
      changed: true,
      failure: { cause: 'no handler is called none' },
    });
  });

  test.each([
    [false, 't1'],
    [true, 't1 A'],
  ])('a failed host runs them only with force_handlers: %s', async (forceHandlers, expected) => {
    const ran = await runTasks([change('t1', ['A']), boom()], { play: { handlers: handlers('A'), forceHandlers } });
    expect(log()).toBe(expected);
    expect(ran.left()?.outcome).toBe('failed');
  });

  test('a failing handler ends the host; a failed task notifies nobody', async () => {
    const failing = task({ run: shell, name: 'A', args: { cmd: 'exit 1' } });
    const ran = await runTasks([change('t1', ['A', 'B'])], { play: { handlers: [failing, handler('B')] } });
    expect(ran.left()?.outcome).toBe('failed');
    expect(log()).toBe('t1');
    const ignored = task({
      run: shell,
      args: { cmd: 'exit 1' },
      rest: { ignoreErrors: () => true, notify: () => ['B'] },
    });
    await runTasks([ignored], { play: { handlers: [handler('B')] } });
    expect(log()).toBe('t1');
  });
});

describe('loops', () => {
  test('every item runs and is registered', async () => {
    const ran = await runTasks([
      task({
        run: shell,
        args: (scope) => ({ cmd: `echo ${scope.local.item}; [ ${scope.local.item} != b ]` }),
        loop: () => ['a', 'b', 'c'],
        rest: { register: 'r', ignoreErrors: () => true },
      }),
    ]);
    const { results, ...rest } = ran.registered('r');
    expect(rest).toEqual({ changed: true, failed: true, msg: 'One or more items failed' });
    expect((results as JsonObject[]).map((one) => [one.item, one.stdout, one.failed])).toEqual([
      ['a', 'a', false],
      ['b', 'b', true],
      ['c', 'c', false],
    ]);
    const items = ran.events.filter((event) => event.type === 'item-finished');
    expect(items.map((event) => event.item)).toEqual(['a', 'b', 'c']);
    expect(ran.results()[0]).toMatchObject({ outcome: 'failed', ignored: true, items: 3 });
  });

  test('conditions are per item; all skipped is skipped', async () => {
    const only = (name: string) =>
      task({
        run: debug,
        loop: () => ['a', 'b'],
        when: [(scope) => scope.local.item === name],
        rest: { register: 'r' },
      });
    const some = await runTasks([only('b')]);
    expect(some.outcomes()).toEqual(['ok']);
    expect((some.registered('r').results as JsonObject[])[0]).toMatchObject({ skipped: true, item: 'a' });
    const none = await runTasks([only('z')]);
    expect(none.registered('r')).toMatchObject({ skipped: true, msg: 'All items skipped' });
  });

  test('an empty list is skipped', async () => {
    const ran = await runTasks([task({ run: debug, loop: () => [], rest: { register: 'r' } })]);
    expect(ran.registered('r')).toEqual({
      changed: false,
      failed: false,
      skipped: true,
      results: [],
      skipped_reason: 'No items in the list',
      msg: 'no items in the list',
    });
  });

  test('a list that cannot be told does not matter where the condition does not hold', async () => {
    const bad = () => {
      throw new KprepError('template', 'p.yaml:3: x is undefined');
    };
    const ran = await runTasks([task({ run: debug, loop: bad, when: [() => false] }), task({ run: debug, loop: bad })]);
    expect(ran.outcomes()).toEqual(['skipped', 'failed']);
    expect(ran.left()?.failure).toEqual({ kind: 'template', cause: 'p.yaml:3: x is undefined' });
  });

  test('a fact set for one item is seen by the next', async () => {
    const ran = await runTasks([
      task({
        run: setFact,
        args: (scope) => ({ sum: Number(scope.runtime.variables.sum ?? 0) + Number(scope.local.item) }),
        loop: () => [1, 2, 3],
      }),
    ]);
    expect(ran.vars().sum).toBe(6);
  });

  test('index, extended variables, label and pause', async () => {
    const ran = await runTasks([
      task({
        run: debug,
        args: (scope) => ({ msg: [scope.local.i ?? null, (scope.local.ansible_loop as JsonObject).revindex ?? null] }),
        rest: {
          loop: {
            items: () => ['a', 'b'],
            variable: 'item',
            indexVariable: 'i',
            extended: true,
            pause: 2,
            label: (scope) => `<${scope.local.item}>`,
          },
        },
      }),
    ]);
    const items = ran.events.flatMap((event) =>
      event.type === 'item-finished' ? [[event.item, event.result.show]] : [],
    );
    expect(items).toEqual([
      ['<a>', [0, 2]],
      ['<b>', [1, 1]],
    ]);
    expect(ran.slept).toEqual([2000]);
  });
});

describe('conditions on the result', () => {
  test.each([
    ['changed_when false', { changedWhen: [condition(() => false)] }, 'ok', { changed: false, failed: false }],
    [
      'failed_when true',
      { failedWhen: [condition(() => true, 'r.rc > 1')] },
      'failed',
      { failed: true, failed_when_result: true },
    ],
    ['failed_when by the result', { failedWhen: [condition((s) => reg('r')(s).rc === 0)] }, 'failed', { failed: true }],
    [
      'several must all hold',
      { failedWhen: [condition(() => true), condition(() => false)] },
      'changed',
      { failed: false },
    ],
  ] as const)('%s', async (_, rest, outcome, registered) => {
    const ran = await runTasks([task({ run: shell, args: { cmd: 'true' }, rest: { register: 'r', ...rest } })]);
    expect(ran.outcomes()).toEqual([outcome]);
    expect(ran.registered('r')).toMatchObject(registered);
  });

  test('failed_when false forgives', async () => {
    const ran = await runTasks([
      task({ run: shell, args: { cmd: 'exit 4' }, rest: { register: 'r', failedWhen: [condition(() => false)] } }),
    ]);
    expect(ran.outcomes()).toEqual(['changed']);
    expect(ran.registered('r')).toMatchObject({ rc: 4, failed: false, failed_when_result: false });
  });

  test('until: tries until it is so, waiting in between', async () => {
    const ran = await runTasks([
      task({
        run: shell,
        args: { cmd: `echo x >>${dir}/n; wc -l <${dir}/n` },
        rest: {
          register: 'r',
          until: { conditions: [condition((s) => reg('r')(s).stdout === '3')] },
          retries: () => ({ retries: 5, delay: 2 }),
        },
      }),
    ]);
    expect(ran.registered('r')).toMatchObject({ stdout: '3', attempts: 3, failed: false });
    expect(ran.slept).toEqual([2000, 2000]);
    expect(ran.events.flatMap((e) => (e.type === 'task-retried' ? [e.attempt] : []))).toEqual([1, 2]);
  });

  test('until that is never so fails after all tries; retries alone wait for success', async () => {
    const never = task({
      run: shell,
      args: { cmd: `echo x >>${dir}/n` },
      rest: {
        register: 'r',
        until: { conditions: [condition(() => false)] },
        retries: () => ({ retries: 2, delay: 0 }),
        ignoreErrors: () => true,
      },
    });
    const alone = task({
      run: shell,
      args: { cmd: `echo y >>${dir}/m; [ $(wc -l <${dir}/m) = 2 ]` },
      rest: { retries: () => ({ retries: 3, delay: 0 }) },
    });
    const ran = await runTasks([never, alone]);
    expect(ran.registered('r')).toMatchObject({ failed: true, attempts: 2 });
    expect(readFileSync(join(dir, 'n'), 'utf8')).toBe('x\nx\nx\n');
    expect(ran.results()[0]?.failure?.cause).toMatch(/^not as wanted after 3 attempts/);
    expect(ran.outcomes()).toEqual(['failed', 'changed']);
  });

  test('each attempt reads anew', async () => {
    const ran = await runTasks([
      task({
        run: stat,
        args: { path: join(dir, 'late') },
        rest: {
          register: 'r',
          until: { conditions: [condition((s) => reg('r')(s).exists === true)] },
          retries: () => ({ retries: 2, delay: 1 }),
        },
      }),
    ]);
    expect(ran.registered('r')).toMatchObject({ exists: false, failed: true });
    expect(ran.fleet.host('h1').frames.length).toBe(3);
  });
});

describe('includes', () => {
  test('load per item, bound to it, and bring handlers', async () => {
    const added = handler('H');
    const ran = await runTasks([
      include(async (scope) => ({ nodes: [change(`x${scope.local.item}`, ['H'])], handlers: [added] }), {
        loop: { items: () => [1, 2], variable: 'item', extended: false, pause: 0 },
      }),
      change('last'),
    ]);
    expect(log()).toBe('x1 x2 last H');
    expect(ran.outcomes()[0]).toBe('ok');
  });

  test('one that cannot be loaded fails, and a rescue takes over', async () => {
    const bad = include(async () => {
      throw new KprepError('task', 'roles/x: no such role');
    });
    const ran = await runTasks([
      block([bad], { rescue: [say('r')] }),
      include(async () => ({ nodes: [], handlers: [] }), { when: [condition(() => false)] }),
    ]);
    expect(ran.outcomes()).toEqual(['failed', 'ok', 'skipped']);
  });
});

describe('meta', () => {
  test.each([
    ['end_host', ['ok'], ['skipped', 'ok', 'ok']],
    ['end_play', ['ok'], []],
  ])('%s', async (kind, first, second) => {
    const only = kind === 'end_host' ? [(scope: { host: string }) => scope.host === 'h1'] : [];
    const ran = await runPlays(
      [play([task({ run: meta, args: { free_form: kind }, when: only }), say('b')]), play([say('next')], { id: '2' })],
      { hosts: ['h1', 'h2'] },
    );
    expect(ran.names('h1').at(-1)).toBe('next');
    expect(ran.outcomes('h1').slice(0, first.length)).toEqual(first);
    expect(ran.outcomes('h2')).toEqual([...second, ...(kind === 'end_play' ? ['ok'] : [])]);
  });

  test('clear_facts forgets facts', async () => {
    const ran = await runTasks([
      task({ run: text, args: { path: join(dir, 'a'), text: '' } }),
      task({ run: meta, args: { free_form: 'clear_facts' } }),
    ]);
    expect(ran.facts()).toEqual({});
  });
});
