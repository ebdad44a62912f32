import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { LOGIN } from '../../../../src/model/connection.ts';
import { sh } from '../../../../src/shared/sh.ts';
import { collectSpooled, listSpooled } from '../../../../src/ssh/index.ts';
import { asText, eventually, frame, makeBench, processesWith } from '../../../support/local-frames.ts';

const bench = makeBench();
afterEach(() => bench.clean());

/** A PATH with these programs only. */
function pathWith(...programs: string[]): { PATH: string } {
  const directory = bench.directory();
  for (const program of programs) {
    const found = execFileSync('/bin/sh', ['-c', `command -v ${program}`])
      .toString()
      .trim();
    symlinkSync(found, join(directory, program));
  }
  return { PATH: directory };
}

const unique = (): string => `${randomInt(3000, 9000)}.${randomInt(1e6, 9e6)}`;
const TOOLS = ['sleep', 'cat', 'mkdir', 'rm', 'rmdir', 'mv', 'id', 'date', 'chmod'] as const;

describe('a host without setsid', () => {
  const open = async () => (await bench.connect('/bin/sh', { env: pathWith(...TOOLS) })).shell(LOGIN);

  test('frames run', async () => {
    const shell = await open();
    const results = await Promise.all(
      [1, 2].map((n) => shell.run(frame(sh`echo ${n}; exit ${n}`, { environment: 'user' }))),
    );
    expect(results.map(asText)).toMatchObject([
      { status: 1, stdout: '1\n' },
      { status: 2, stdout: '2\n' },
    ]);
  });

  test('a time-out kills the children too', async () => {
    const shell = await open();
    const time = unique();
    const slow = await shell.run(frame(sh`sleep ${time} & sleep ${time}`, { timeout: 200 }));
    expect(slow).toMatchObject({ ended: 'timeout' });
    expect(await eventually(() => processesWith(time).length === 0)).toBe(true);
  });

  test('the end of the connection kills, and spares what must not be killed', async () => {
    const connection = await bench.connect('/bin/sh', { env: pathWith(...TOOLS) });
    const shell = await connection.shell(LOGIN);
    const time = unique();
    const directory = bench.directory();
    const seen = eventually(() => processesWith(time).length > 0);
    const doomed = shell.run(frame(sh`sleep ${time}`));
    expect(await seen).toBe(true);
    await connection.close();
    await expect(doomed).rejects.toMatchObject({ kind: 'lost' });
    expect(await eventually(() => processesWith(time).length === 0)).toBe(true);

    const second = await bench.connect('/bin/sh', { env: pathWith(...TOOLS) });
    const spoolAs = `test-${randomInt(1e9)}`;
    const spared = (await second.shell(LOGIN)).run(
      frame(sh`: >${directory}/begun; sleep 1; : >${directory}/done; exit 5`, { killable: false, spoolAs }),
    );
    expect(await eventually(() => existsSync(join(directory, 'begun')))).toBe(true);
    await second.close();
    await expect(spared).rejects.toMatchObject({ kind: 'lost' });
    expect(await eventually(() => existsSync(join(directory, 'done')))).toBe(true);

    const third = await (await bench.connect('/bin/sh')).shell(LOGIN);
    const find = async () => (await listSpooled(third)).find(({ name }) => name === spoolAs);
    let found = await find();
    for (; found?.state === 'running'; found = await find());
    expect(found).toMatchObject({ state: 'finished', status: 5 });
    expect(await collectSpooled(third, found ?? { path: '' })).toMatchObject({ status: 5 });
    expect(await find()).toBeUndefined();
  });
});

describe('the watchdog', () => {
  test('kills what runs when nothing is heard of us, and lets us know', async () => {
    // The client speaks every six seconds; a watchdog that looks every 0.2 s gives up before.
    const connection = await bench.connect('/bin/sh', { watchSeconds: 0.2 });
    const shell = await connection.shell(LOGIN);
    const time = unique();
    await expect(shell.run(frame(sh`sleep ${time}`))).rejects.toMatchObject({ kind: 'lost' });
    expect(await eventually(() => processesWith(time).length === 0)).toBe(true);
    expect(asText(await shell.run(frame(sh`echo again`)))).toMatchObject({ stdout: 'again\n' });
  });

  test('a word from us keeps it quiet', async () => {
    const connection = await bench.connect('/bin/sh', { watchSeconds: 3 });
    const shell = await connection.shell(LOGIN);
    // Longer than three looks, with one word of ours in between.
    expect(await shell.run(frame(sh`sleep 10.5; echo done`))).toMatchObject({ status: 0 });
  }, 20_000);
});
