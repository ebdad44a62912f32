import { expect, test } from '@jest/globals';
import { type ManagerRequest, type RunJob, runJobs } from '../../../../src/cli/compat/manager.ts';
import type { Signal } from '../../../../src/cli/io.ts';

const at = new Date(2026, 0, 1, 12, 0, 0).getTime();

/** Runs jobs on made-up hosts; `raise` sends a signal into the run. */
async function runOn(hosts: readonly string[], run: RunJob, more: Partial<ManagerRequest> = {}) {
  let text = '';
  let handler: (signal: Signal) => void = () => undefined;
  const screen = {
    colour: false,
    write: (line: string) => {
      text += line;
    },
    host: () => undefined,
    room: async () => undefined,
  };
  const started = runJobs(
    {
      now: () => at,
      onSignal(given) {
        handler = given;
        return () => undefined;
      },
    },
    {
      entries: hosts.map((host) => ({ host })),
      run,
      parallel: 2,
      timeout: 0,
      defaultUser: undefined,
      headers: true,
      out: screen,
      output: () => ({
        take: () => undefined,
        trouble: undefined,
        close: () => undefined,
        show: async () => undefined,
      }),
      ...more,
    },
  );
  return { raise: (signal: Signal) => handler(signal), result: started, text: () => text };
}

/** Ends when it is stopped. */
const endless: RunJob = ({ signal }) =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve({ status: 143, stopped: true })));

test('at most so many at once; numbers in the order of their ends; variables in the order of their starts', async () => {
  let now = 0;
  let most = 0;
  const seen: string[] = [];
  const { result, text } = await runOn(['a', 'b', 'c', 'd'], async ({ env }) => {
    now += 1;
    most = Math.max(most, now);
    seen.push(`${env.PSSH_NODENUM}/${env.PSSH_NUMNODES} ${env.PSSH_HOST}`);
    await Promise.resolve();
    now -= 1;
    return { status: env.PSSH_HOST === 'c' ? 3 : 0 };
  });
  expect((await result).ends.map(({ status }) => status)).toEqual([0, 0, 3, 0]);
  expect([most, seen]).toEqual([2, ['0/4 a', '1/4 b', '2/4 c', '3/4 d']]);
  expect(text()).toContain('[3] 12:00:00 [FAILURE] c Exited with error code 3\n[4] 12:00:00 [SUCCESS] d\n');
});

test('the first signal stops what runs and cancels the rest', async () => {
  const { raise, result, text } = await runOn(['a', 'b', 'c'], endless);
  raise('SIGINT');
  expect(await result).toMatchObject({
    signal: 'SIGINT',
    ends: [{ status: null }, { status: null }, { status: null }],
  });
  expect(text().replaceAll(/\[\d\] 12:00:00 /g, '')).toBe(
    '[FAILURE] a Interrupted\n[FAILURE] b Interrupted\n[FAILURE] c Cancelled\n',
  );
});

test('the second signal leaves at once', async () => {
  const { raise, result, text } = await runOn(['a'], () => new Promise(() => undefined));
  raise('SIGINT');
  raise('SIGINT');
  expect(await result).toMatchObject({ signal: 'SIGINT', ends: [] });
  expect(text()).toBe('');
});

test('what ended by itself before it was killed, ended', async () => {
  const { raise, result, text } = await runOn(['a'], ({ signal }) => {
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve({ status: 7 })));
  });
  raise('SIGTERM');
  expect((await result).ends).toEqual([{ status: 7, failures: ['Exited with error code 7'] }]);
  expect(text()).toContain('Exited with error code 7');
});

test('the time-out', async () => {
  const { result, text } = await runOn(['a'], endless, { timeout: 0.01 });
  expect((await result).ends).toEqual([{ status: -9, failures: ['Timed out', 'Killed by signal 9'] }]);
  expect(text()).toBe('[1] 12:00:00 [FAILURE] a Timed out, Killed by signal 9\n');
});

test('output that could not be written is a failure', async () => {
  const output = () => ({
    take: () => undefined,
    trouble: 'cannot write x',
    close: () => undefined,
    show: async () => undefined,
  });
  const { result } = await runOn(['a'], async () => ({ status: 0 }), { output });
  expect((await result).ends).toEqual([{ status: 1, failures: ['cannot write x'] }]);
});
