import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { KprepError } from '../../../src/shared/errors.ts';
import { makeSecrets } from '../../../src/shared/secrets.ts';
import { runTasks, task } from '../../support/engine-run.ts';
import { makeFleet } from '../../support/fake-connection.ts';
import { broken, debug, facts, fail, setFact, shell, stat, text } from '../../support/tiny-modules.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kprep-engine-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('a run of simple tasks', () => {
  test('a module changes once and is then already so', async () => {
    const path = join(dir, 'a');
    const tasks = () => [task({ run: text, args: { path, text: 'hello\n' }, rest: { register: 'r' } })];
    const first = await runTasks(tasks());
    expect(first.outcomes()).toEqual(['changed']);
    expect(first.results()[0]?.changes).toEqual([`write ${path}`]);
    expect(first.registered('r')).toMatchObject({ changed: true, failed: false, path });
    expect(readFileSync(path, 'utf8')).toBe('hello\n');
    const second = await runTasks(tasks());
    expect(second.outcomes()).toEqual(['ok']);
    expect(second.summary).toEqual({ roundTrips: 1, connections: 1 });
    expect(second.fleet.host('h1').open).toBe(0);
  });

  test('the events of one task come in order', async () => {
    const ran = await runTasks([task({ run: text, args: { path: join(dir, 'a'), text: 'x' } })]);
    const types = ran.events.map((event) => event.type);
    expect(types).toEqual([
      'play-started',
      'task-started',
      'host-connecting',
      'host-connected',
      'task-finished',
      'play-finished',
    ]);
  });

  test('actions need no connection', async () => {
    const ran = await runTasks([
      task({ run: setFact, args: { a: 1 } }),
      task({ run: debug, args: (scope) => ({ msg: scope.runtime.variables.a ?? null }) }),
    ]);
    expect(ran.results()[1]?.show).toBe(1);
    expect(ran.summary.connections).toBe(0);
  });

  test('a command is registered under the names of Ansible', async () => {
    const ran = await runTasks([
      task({ run: shell, args: { cmd: "printf 'a\\nb\\n'; echo oops >&2; exit 0" }, rest: { register: 'r' } }),
    ]);
    expect(ran.registered('r')).toMatchObject({
      changed: true,
      failed: false,
      rc: 0,
      stdout: 'a\nb',
      stdout_lines: ['a', 'b'],
      stderr: 'oops',
      stderr_lines: ['oops'],
      msg: '',
    });
    expect(ran.registered('r').delta).toMatch(/^0:00:0\d\.\d{6}$/);
    expect(ran.results()[0]).toMatchObject({ stdout: 'a\nb\n', stderr: 'oops\n', rc: 0 });
  });

  test('a failed command ends the host, and the message says how', async () => {
    const ran = await runTasks([
      task({ run: shell, args: { cmd: 'echo no such thing >&2; exit 3' }, rest: { register: 'r' } }),
      task({ run: debug }),
    ]);
    expect(ran.outcomes()).toEqual(['failed']);
    expect(ran.results()[0]?.failure).toEqual({
      kind: 'task',
      cause: 'the command ended with status 3: no such thing',
    });
    expect(ran.registered('r')).toMatchObject({ failed: true, rc: 3, msg: 'non-zero return code' });
    expect(ran.left()).toMatchObject({ outcome: 'failed', failure: { kind: 'task' } });
  });

  test('one host that fails does not stop another', async () => {
    const fleet = makeFleet();
    const error = new KprepError('unreachable', 'connection refused');
    fleet.host('h2').refuse = { error, times: 'always' };
    const ran = await runTasks(
      [
        task({ run: facts }),
        task({ run: broken, when: [(scope) => scope.host === 'h3'] }),
        task({ run: fail, args: { msg: 'no' }, when: [(scope) => scope.host === 'h4'] }),
        task({ run: debug }),
      ],
      { hosts: ['h1', 'h2', 'h3', 'h4'], fleet },
    );
    expect(ran.outcomes('h1')).toEqual(['ok', 'skipped', 'skipped', 'ok']);
    expect(ran.outcomes('h2')).toEqual(['unreachable']);
    expect(ran.left('h2')?.failure).toEqual({ kind: 'unreachable', cause: 'connection refused' });
    expect(ran.outcomes('h3')).toEqual(['ok', 'failed']);
    expect(ran.left('h3')?.failure?.kind).toBe('bug');
    expect(ran.left('h3')?.failure?.stack).toContain('TypeError');
    expect(ran.outcomes('h4')).toEqual(['ok', 'skipped', 'failed']);
    expect(ran.facts('h1').os_family).toBe('Debian');
  });

  test('a become failure is a failed task', async () => {
    const fleet = makeFleet();
    fleet.host('h1').becomeError = new KprepError('become', 'sudo asks for a password', { remedy: 'use -K' });
    const ran = await runTasks([task({ run: facts, rest: { identity: () => ({ method: 'sudo' }) } })], { fleet });
    expect(ran.outcomes()).toEqual(['failed']);
    expect(ran.left()?.failure).toEqual({ kind: 'become', cause: 'sudo asks for a password', remedy: 'use -K' });
  });

  test('ignore_errors lets a failure pass, ignore_unreachable a missing line', async () => {
    const fleet = makeFleet();
    fleet.host('h1').refuse = { error: new KprepError('unreachable', 'refused'), times: 1 };
    const ran = await runTasks(
      [
        task({ run: facts, rest: { ignoreUnreachable: true } }),
        task({ run: shell, args: { cmd: 'exit 1' }, rest: { ignoreErrors: () => true } }),
        task({ run: debug }),
      ],
      { fleet },
    );
    expect(ran.outcomes()).toEqual(['unreachable', 'failed', 'ok']);
    expect(ran.results().map((result) => result.ignored)).toEqual([true, true, undefined]);
    expect(ran.left()).toBeUndefined();
  });
});

describe('a lost connection', () => {
  test.each([
    ['before a change', 'before', 'unknown'],
    ['after a change', 'after', 'unknown'],
  ] as const)('%s: the outcome is unknown and nothing is tried again', async (_, when, outcome) => {
    const fleet = makeFleet();
    fleet.host('h1').loseAt = { pattern: /touch marker/, when };
    const ran = await runTasks(
      [
        task({
          run: shell,
          args: { cmd: `cd ${dir}; touch marker` },
          rest: { retries: () => ({ retries: 3, delay: 0 }) },
        }),
        task({ run: debug }),
      ],
      { fleet },
    );
    expect(ran.outcomes()).toEqual([outcome]);
    expect(ran.left()).toMatchObject({ outcome: 'unknown', failure: { kind: 'lost' } });
    expect(ran.summary.connections).toBe(1);
  });

  test('while reading: nothing was changed, and that is said', async () => {
    const fleet = makeFleet();
    fleet.host('h1').loseAt = { pattern: /there/, when: 'before' };
    const ran = await runTasks([task({ run: stat, args: { path: dir } })], { fleet });
    expect(ran.outcomes()).toEqual(['unreachable']);
    expect(ran.left()?.failure?.cause).toContain('before this task changed anything');
  });

  test('ignore_unreachable goes on with a new connection', async () => {
    const fleet = makeFleet();
    fleet.host('h1').loseAt = { pattern: /reboot now/, when: 'after' };
    const ran = await runTasks(
      [
        task({ run: shell, args: { cmd: ': reboot now' }, rest: { ignoreUnreachable: true } }),
        task({ run: stat, args: { path: dir } }),
      ],
      { fleet },
    );
    expect(ran.outcomes()).toEqual(['unknown', 'ok']);
    expect(ran.summary.connections).toBe(2);
  });
});

test('a step that takes too long is stopped', async () => {
  const ran = await runTasks([task({ run: shell, args: { cmd: 'sleep 30' }, rest: { timeout: () => 0.2 } })]);
  expect(ran.results()[0]).toMatchObject({ outcome: 'failed', failure: { kind: 'timeout' } });
});

test('secrets are gone before an event exists, live output included', async () => {
  const secrets = makeSecrets();
  secrets.add('hunter2-secret');
  const ran = await runTasks([task({ run: shell, args: { cmd: 'echo pw=hunter2-secret' }, rest: { register: 'r' } })], {
    secrets,
  });
  expect(JSON.stringify(ran.events)).not.toContain('hunter2');
  expect(ran.events.find((event) => event.type === 'task-output')).toMatchObject({ text: 'pw=********\n' });
  expect(ran.registered('r').stdout).toBe('pw=hunter2-secret');
});

test('no_log hides all but the outcome', async () => {
  const ran = await runTasks([
    task({ run: shell, args: { cmd: 'echo hidden; exit 1' }, rest: { noLog: () => true, register: 'r' } }),
  ]);
  expect(ran.results()[0]).toMatchObject({ outcome: 'failed', censored: true, data: {}, changes: [] });
  expect(JSON.stringify(ran.events)).not.toContain('hidden;');
  expect(ran.events.some((event) => event.type === 'task-output')).toBe(false);
  expect(ran.registered('r').stdout).toBe('hidden');
});

test('forks bound the steps that run at the same time', async () => {
  const hosts = Array.from({ length: 6 }, (_, index) => `h${index}`);
  const ran = await runTasks([task({ run: shell, args: { cmd: 'sleep 0.05' } })], { hosts, forks: 2 });
  expect(ran.fleet.load.most).toBe(2);
  expect(hosts.flatMap((host) => ran.outcomes(host))).toEqual(hosts.map(() => 'changed'));
});

test('a directory that is missing is named', async () => {
  const ran = await runTasks([task({ run: shell, args: { cmd: 'pwd', chdir: join(dir, 'none') } })]);
  expect(ran.results()[0]?.failure?.cause).toBe(`cannot change to the directory ${join(dir, 'none')}`);
  writeFileSync(join(dir, 'file'), '');
});
