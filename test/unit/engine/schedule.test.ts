import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { EventBody } from '../../../src/model/event.ts';
import type { Scope } from '../../../src/model/plan.ts';
import { KprepError } from '../../../src/shared/errors.ts';
import { block, play, type Ran, runPlays, runTasks, task } from '../../support/engine-run.ts';
import { makeFleet } from '../../support/fake-connection.ts';
import { addHost, debug, facts, fail, meta, setFact, shell, stat, text } from '../../support/tiny-modules.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kprep-schedule-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const say = (name: string, rest = {}) => task({ run: debug, name, rest });
const on = (...hosts: string[]) => [(scope: Scope) => hosts.includes(scope.host)];
const boom = (...hosts: string[]) => task({ run: fail, name: 'boom', args: { msg: 'no' }, when: on(...hosts) });
const command = (name: string, cmd = 'true', rest = {}) => task({ run: shell, name, args: { cmd }, rest });
const HOSTS = ['h1', 'h2', 'h3', 'h4'];

/** `task@host` in the order of an event. */
function order(events: readonly EventBody[], type: 'task-started' | 'task-finished'): string[] {
  return events.flatMap((event) => (event.type === type ? [`${event.task.name}@${event.host}`] : []));
}
const at = (ran: Ran, type: 'task-started' | 'task-finished', what: string): number =>
  order(ran.events, type).indexOf(what);
const index = (ran: Ran, type: EventBody['type'], what: string): number =>
  ran.events.findIndex(
    (event) =>
      event.type === type &&
      'task' in event &&
      typeof event.task === 'object' &&
      `${event.task.name}@${event.host}` === what,
  );

describe('the strategy linear', () => {
  test.each(['linear', 'free'] as const)('a command waits for the slowest only under linear: %s', async (strategy) => {
    const slow = (host: string) => `[ "${host}" != h2 ] || sleep 0.15`;
    const ran = await runTasks(
      [task({ run: shell, name: 'a', args: (s) => ({ cmd: slow(s.host) }) }), say('b'), command('c')],
      { hosts: ['h1', 'h2'], play: { strategy } },
    );
    const slowest = index(ran, 'task-finished', 'a@h2');
    expect(index(ran, 'task-finished', 'b@h1')).toBeLessThan(slowest);
    expect(index(ran, 'task-finished', 'c@h1') > slowest).toBe(strategy === 'linear');
  });

  test('a host that failed or ended holds nobody up', async () => {
    const ran = await runTasks(
      [boom('h2'), task({ run: meta, name: 'end', args: { free_form: 'end_host' }, when: on('h3') }), command('c')],
      { hosts: ['h1', 'h2', 'h3'] },
    );
    expect(ran.names('h1')).toEqual(['boom', 'end', 'c']);
    expect([ran.left('h2')?.outcome, ran.left('h3')?.outcome]).toEqual(['failed', 'ok']);
  });

  test('a host in a rescue is behind those that are past the block', async () => {
    const ran = await runTasks([block([boom('h2')], { rescue: [command('r', 'sleep 0.05')] }), command('c')], {
      hosts: ['h1', 'h2'],
    });
    expect(index(ran, 'task-started', 'c@h1')).toBeGreaterThan(-1);
    expect(index(ran, 'task-finished', 'c@h1')).toBeGreaterThan(index(ran, 'task-finished', 'r@h2'));
  });

  test('one fork is enough for many hosts and barriers', async () => {
    const ran = await runTasks([command('a'), command('b'), say('c', { barrier: true })], { hosts: HOSTS, forks: 1 });
    expect(HOSTS.map((host) => ran.names(host))).toEqual(HOSTS.map(() => ['a', 'b', 'c']));
    expect(ran.fleet.load.most).toBe(1);
  });
});

describe('serial', () => {
  test.each([
    ['none', [], [['h1', 'h2', 'h3', 'h4']]],
    ['one', [{ hosts: 1 }], [['h1'], ['h2'], ['h3'], ['h4']]],
    ['growing', [{ hosts: 1 }, { hosts: 3 }], [['h1'], ['h2', 'h3', 'h4']]],
    [
      'half',
      [{ share: 0.5 }],
      [
        ['h1', 'h2'],
        ['h3', 'h4'],
      ],
    ],
    ['a tenth is one host', [{ share: 0.1 }], [['h1'], ['h2'], ['h3'], ['h4']]],
  ] as const)('%s', async (_, serial, batches) => {
    const seen: string[] = [];
    await runTasks([task({ run: debug, args: (s) => ({ msg: seen.push(s.run.playBatch.join(' ')) }) })], {
      hosts: HOSTS,
      play: { serial },
    });
    expect([...new Set(seen)]).toEqual(batches.map((batch) => batch.join(' ')));
  });

  test('batches do not overlap, and a batch that loses all its hosts ends the run', async () => {
    const ran = await runPlays(
      [play([say('a'), boom('h2')], { serial: [{ hosts: 1 }] }), play([say('later')], { id: '2' })],
      { hosts: HOSTS },
    );
    expect(order(ran.events, 'task-finished')).toEqual(['a@h1', 'boom@h1', 'a@h2', 'boom@h2']);
    expect(HOSTS.map((host) => ran.left(host)?.outcome)).toEqual([undefined, 'failed', 'cancelled', 'cancelled']);
    expect(ran.left('h3')?.failure?.cause).toBe('the batch before it was lost');
  });
});

describe('failures and the others', () => {
  test('a failed host is not in later plays', async () => {
    const ran = await runPlays([play([boom('h2')]), play([say('later')], { id: '2' })], { hosts: ['h1', 'h2'] });
    expect([ran.names('h1'), ran.names('h2')]).toEqual([['boom', 'later'], ['boom']]);
    const second = ran.events.filter((event) => event.type === 'play-started')[1];
    expect(second).toMatchObject({ hosts: ['h1'] });
  });

  test('any_errors_fatal: all finish the task, none starts the next', async () => {
    const ran = await runTasks([command('a'), boom('h2'), say('never')], {
      hosts: HOSTS,
      play: { anyErrorsFatal: true },
    });
    expect(HOSTS.map((host) => ran.names(host))).toEqual(HOSTS.map(() => ['a', 'boom']));
    expect(HOSTS.map((host) => ran.left(host)?.outcome)).toEqual(['cancelled', 'failed', 'cancelled', 'cancelled']);
    expect(ran.left('h1')?.failure?.cause).toBe('stopped because of h2 (any_errors_fatal): no');
  });

  test('any_errors_fatal of one task; always of the failed host still runs; what is rescued is not fatal', async () => {
    const fatal = task({
      run: fail,
      name: 'boom',
      args: { msg: 'no' },
      when: on('h2'),
      rest: { anyErrorsFatal: true },
    });
    const ran = await runTasks([block([fatal], { always: [command('z')] }), say('never')], { hosts: ['h1', 'h2'] });
    expect([ran.names('h1'), ran.names('h2')]).toEqual([['boom'], ['boom', 'z']]);
    const rescued = await runTasks([block([fatal], { rescue: [say('r')] }), say('after')], { hosts: ['h1', 'h2'] });
    expect([rescued.names('h1'), rescued.names('h2')]).toEqual([
      ['boom', 'after'],
      ['boom', 'r', 'after'],
    ]);
  });

  test.each([
    [50, [], ['boom', 'next']],
    [49, ['h3', 'h4'], ['boom']],
  ])('max_fail_percentage %d', async (maxFailPercentage, cancelled, names) => {
    const ran = await runTasks([boom('h1', 'h2'), say('next')], { hosts: HOSTS, play: { maxFailPercentage } });
    expect(HOSTS.filter((host) => ran.left(host)?.outcome === 'cancelled')).toEqual(cancelled);
    expect(ran.names('h4')).toEqual(names);
  });

  test('clear_host_errors brings hosts back for later plays', async () => {
    const clear = task({ run: meta, name: 'clear', args: { free_form: 'clear_host_errors' } });
    const ran = await runPlays([play([boom('h2'), clear]), play([say('later')], { id: '2' })], { hosts: ['h1', 'h2'] });
    expect(ran.names('h2')).toEqual(['boom', 'later']);
  });
});

describe('run_once', () => {
  test('the first host runs it, all have the result', async () => {
    const ran = await runTasks(
      [
        say('a'),
        command('once', 'echo token', { runOnce: true, register: 'r' }),
        task({ run: debug, name: 'b', args: (s) => ({ msg: s.runtime.variables.r ?? null }) }),
      ],
      { hosts: HOSTS },
    );
    expect(order(ran.events, 'task-finished').filter((one) => one.startsWith('once'))).toEqual(['once@h1']);
    for (const host of HOSTS) expect(ran.registered('r', host)).toMatchObject({ stdout: 'token' });
  });

  test('it fails for all, and each host has its own rescue', async () => {
    const once = task({ run: fail, name: 'once', args: { msg: 'no' }, rest: { runOnce: true } });
    const ran = await runTasks([once, say('never')], { hosts: ['h1', 'h2'] });
    expect([ran.left('h1')?.outcome, ran.left('h2')?.outcome]).toEqual(['failed', 'failed']);
    const rescued = await runTasks([block([once], { rescue: [say('r')] }), say('after')], { hosts: ['h1', 'h2'] });
    expect(rescued.names('h2')).toEqual(['r', 'after']);
  });

  test('facts and set_fact reach all hosts; a failed first host is not the first', async () => {
    const ran = await runTasks(
      [boom('h1'), task({ run: setFact, args: (s) => ({ who: s.host }), rest: { runOnce: true } })],
      { hosts: ['h1', 'h2', 'h3'] },
    );
    expect([ran.vars('h2').who, ran.vars('h3').who]).toEqual(['h2', 'h2']);
  });

  test('the strategy free runs it everywhere and says so', async () => {
    const ran = await runTasks([say('once', { runOnce: true })], { hosts: ['h1', 'h2'], play: { strategy: 'free' } });
    expect([ran.names('h1'), ran.names('h2')]).toEqual([['once'], ['once']]);
    expect(ran.events.filter((event) => event.type === 'notice').length).toBe(1);
  });

  test('add_host is one for all, and a later play finds the host', async () => {
    const ran = await runPlays(
      [
        play([task({ run: addHost, name: 'add', args: { name: 'new', groups: ['g'] } })]),
        play([say('later')], { id: '2', hosts: (view) => [...(view.changes.groups.get('g') ?? [])] }),
      ],
      { hosts: ['h1', 'h2'] },
    );
    expect(order(ran.events, 'task-finished')).toEqual(['add@h1', 'later@new']);
    expect(ran.outcomes('h1')).toEqual(['changed']);
  });
});

describe('delegate_to', () => {
  test('runs there, registers here; facts are there only when delegated', async () => {
    const there = (delegateFacts: boolean) =>
      task({
        run: facts,
        name: 'facts',
        rest: { delegateTo: () => 'other', delegateFacts, register: 'r', barrier: true },
      });
    const here = await runTasks([there(false)]);
    expect([here.facts('h1').os_family, here.facts('other').os_family]).toEqual(['Debian', undefined]);
    expect(here.registered('r')).toMatchObject({ failed: false });
    expect([here.fleet.host('h1').frames.length, here.fleet.host('other').frames.length]).toEqual([0, 1]);
    const away = await runTasks([there(true)]);
    expect([away.facts('h1').os_family, away.facts('other').os_family]).toEqual([undefined, 'Debian']);
  });

  test('the delegate is logged in to as its own variables say', async () => {
    const asked: string[] = [];
    await runTasks([command('c', 'true', { delegateTo: () => 'other' })], {
      target: (scope) => {
        asked.push(scope.host);
        return {};
      },
    });
    expect(asked).toEqual(['other']);
  });

  test('what a delegated task changes on a host, that host reads anew', async () => {
    const write = task({
      run: text,
      name: 'write',
      args: { path: join(dir, 'x'), text: 'new' },
      when: on('h1'),
      rest: { delegateTo: () => 'h2', barrier: true },
    });
    const ran = await runTasks(
      [say('a'), write, task({ run: stat, name: 'look', args: { path: join(dir, 'x') }, rest: { register: 'r' } })],
      {
        hosts: ['h1', 'h2'],
      },
    );
    expect(ran.registered('r', 'h2')).toMatchObject({ content: 'new' });
  });

  test('an unreachable delegate is an unreachable task', async () => {
    const fleet = makeFleet();
    fleet.host('other').refuse = { error: new KprepError('unreachable', 'refused'), times: 'always' };
    const ran = await runTasks([command('c', 'true', { delegateTo: () => 'other' })], { fleet });
    expect(ran.outcomes()).toEqual(['unreachable']);
  });
});

test('throttle holds for its task only', async () => {
  const path = join(dir, 'busy');
  const cmd = `[ ! -e ${path} ] || echo two >>${dir}/clash; touch ${path}; sleep 0.02; rm ${path}`;
  await runTasks([command('a', cmd, { throttle: 1 })], { hosts: HOSTS });
  expect(existsSync(join(dir, 'clash'))).toBe(false);
});

describe('interrupts', () => {
  test('the first lets running steps end and starts nothing new', async () => {
    const drain = new AbortController();
    const ran = await runTasks([command('a', `sleep 0.1; echo done >${dir}/a`), command('never', `touch ${dir}/b`)], {
      hosts: ['h1', 'h2'],
      forks: 1,
      request: { drain: drain.signal },
      onEvent: (event) => {
        if (event.type === 'host-connected') setTimeout(() => drain.abort(), 30);
      },
    });
    expect(ran.outcomes('h1')).toEqual(['changed']);
    expect(ran.outcomes('h2')).toEqual(['cancelled']);
    expect(ran.left('h1')).toMatchObject({ outcome: 'cancelled' });
    expect(ran.events.find((event) => event.type === 'waiting')).toMatchObject({ hosts: ['h1'] });
    expect(readFileSync(join(dir, 'a'), 'utf8')).toBe('done\n');
    expect(existsSync(join(dir, 'b'))).toBe(false);
  });

  test.each([
    ['the second, of a run', false],
    ['the first, ad hoc', true],
  ])('%s stops what may be stopped', async (_, killOnDrain) => {
    const [drain, kill] = [new AbortController(), new AbortController()];
    const ran = await runTasks([command('a', 'sleep 30')], {
      request: { drain: drain.signal, kill: kill.signal, killOnDrain },
      onEvent: (event) => {
        if (event.type !== 'host-connected') return;
        setTimeout(() => {
          drain.abort();
          if (!killOnDrain) kill.abort();
        }, 30);
      },
    });
    expect(ran.outcomes()).toEqual(['cancelled']);
    expect(ran.fleet.host('h1').open).toBe(0);
  });

  test('a content replacement is never stopped', async () => {
    const kill = new AbortController();
    const fleet = makeFleet();
    let go: () => void = () => undefined;
    fleet.host('h1').gate = {
      pattern: /kp_path=/,
      until: new Promise((resolve) => {
        go = resolve;
      }),
    };
    const running = runTasks([task({ run: text, args: { path: join(dir, 'x'), text: 'whole' } })], {
      fleet,
      request: { kill: kill.signal },
    });
    setTimeout(() => {
      kill.abort();
      go();
    }, 50);
    expect((await running).outcomes()).toEqual(['changed']);
    expect(readFileSync(join(dir, 'x'), 'utf8')).toBe('whole');
  });

  test('hosts of batches that never began are named', async () => {
    const drain = new AbortController();
    const ran = await runTasks([say('a')], {
      hosts: ['h1', 'h2'],
      play: { serial: [{ hosts: 1 }] },
      request: { drain: drain.signal },
      onEvent: (event) => {
        if (event.type === 'task-started') drain.abort();
      },
    });
    expect(ran.left('h2')).toMatchObject({ outcome: 'cancelled' });
  });
});

test('two plays share one connection', async () => {
  const ran = await runPlays([play([command('a')]), play([command('b')], { id: '2' })]);
  expect(ran.summary.connections).toBe(1);
});

test('where the order of events says so, a task starts after the barrier', async () => {
  const ran = await runTasks([say('a'), say('b', { barrier: true })], { hosts: ['h1', 'h2'] });
  expect(at(ran, 'task-started', 'b@h1')).toBeGreaterThan(at(ran, 'task-started', 'a@h2'));
});
