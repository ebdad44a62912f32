import { randomInt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { LOGIN, type Shell } from '../../../../src/model/connection.ts';
import { contentOf } from '../../../../src/model/content.ts';
import { type Script, sh } from '../../../../src/shared/sh.ts';
import { asText, eventually, frame, makeBench, processesWith, shellsHere } from '../../../support/local-frames.ts';

const bench = makeBench();
afterEach(() => bench.clean());

const allBytes = (size: number): Buffer =>
  Buffer.from(Array.from({ length: size }, (_, index) => (index * 7 + (index >> 8)) % 256));
function signal(): { readonly seen: Promise<void>; done(): void } {
  let done = (): void => undefined;
  const seen = new Promise<void>((resolve) => {
    done = resolve;
  });
  return { seen, done: () => done() };
}

/** A time that no other sleep has, so that ours is found. */
const unique = (): string => `${randomInt(3000, 9000)}.${randomInt(1e6, 9e6)}`;

const scripts: readonly { name: string; script: Script; expected: object }[] = [
  { name: 'nothing', script: sh``, expected: { status: 0, stdout: '', stderr: '' } },
  {
    name: 'three streams',
    script: sh`echo out; echo err >&2; exit 7`,
    expected: { status: 7, stdout: 'out\n', stderr: 'err\n' },
  },
  {
    name: 'no newline at the end',
    script: sh`printf a; printf b >&2`,
    expected: { status: 0, stdout: 'a', stderr: 'b' },
  },
  {
    name: 'quotes, backslashes, dollars',
    script: sh`printf '%s\n' ${`'"\\n$x \``}`,
    expected: { stdout: `'"\\n$x \`\n` },
  },
  {
    name: 'text beyond ASCII',
    script: sh`cat <<EOF
节点 é 😀
EOF`,
    expected: { stdout: '节点 é 😀\n' },
  },
  { name: 'reads no input', script: sh`cat; read -r x || echo none`, expected: { stdout: 'none\n' } },
  { name: 'exec', script: sh`exec sh -c 'echo in; exit 5'`, expected: { status: 5, stdout: 'in\n' } },
  { name: 'a signal', script: sh`kill -KILL $$`, expected: { status: 137 } },
  { name: 'set -e', script: sh`set -e; false; echo no`, expected: { status: 1, stdout: '' } },
  { name: 'its own exit trap', script: sh`trap 'echo bye' EXIT; exit 3`, expected: { status: 3, stdout: 'bye\n' } },
  {
    name: 'an assignment is gone afterwards',
    script: sh`kp_p=1; kp_left=left; cd /; umask 0`,
    expected: { status: 0 },
  },
];

describe.each(shellsHere())('frames under %s', (_, path) => {
  const open = async (): Promise<Shell> => (await bench.connect(path)).shell(LOGIN);

  test.each(scripts)('$name', async ({ script, expected }) => {
    const shell = await open();
    expect(asText(await shell.run(frame(script)))).toMatchObject({ ended: 'exit', ...expected });
  });

  test('a syntax error is a status, and the shell lives on', async () => {
    const shell = await open();
    const [bad, good] = await Promise.all([shell.run(frame(sh`if; then ((`)), shell.run(frame(sh`echo on`))]);
    expect(bad.status).not.toBe(0);
    expect(bad.stderr.length).toBeGreaterThan(0);
    expect(good.stdout.toString()).toBe('on\n');
  });

  test('twenty frames sent ahead run in order and cost one round trip', async () => {
    const connection = await bench.connect(path);
    const shell = await connection.shell(LOGIN);
    const before = connection.roundTrips;
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        shell.run(frame(sh`echo ${`it's ${index}`}; echo e >&2; exit ${index}`)),
      ),
    );
    expect(results.map(({ status, stdout, stderr }) => `${status} ${stdout} ${stderr}`)).toEqual(
      Array.from({ length: 20 }, (_, index) => `${index} it's ${index}\n e\n`),
    );
    expect(connection.roundTrips - before).toBe(1);
  });

  test('any byte comes in and out, in the frame and beside it', async () => {
    const shell = await open();
    const [small, large] = [allBytes(5000), allBytes(300_000)];
    const results = await Promise.all([
      shell.run(frame(sh`cat`, { stdin: contentOf(small) })),
      shell.run(frame(sh`cat; exit 4`, { stdin: contentOf(large) })),
      shell.run(frame(sh`echo after`)),
    ]);
    expect(results[0]?.stdout.equals(small)).toBe(true);
    expect(results[1]?.stdout.equals(large)).toBe(true);
    expect(results.map(({ status }) => status)).toEqual([0, 4, 0]);
    expect(results[2]?.stdout.toString()).toBe('after\n');
  });

  test('frames larger than a pipe', async () => {
    const shell = await open();
    const texts = [1, 2, 3].map((n) => `${n}`.repeat(100_000));
    const results = await Promise.all(
      texts.map((text) => shell.run(frame(sh`: ${text}; x=${text}; echo "${{ script: '${#x}' as Script }}"`))),
    );
    expect(results.map(({ stdout }) => stdout.toString())).toEqual(['100000\n', '100000\n', '100000\n']);
  });

  test('environment, variables and directory', async () => {
    const shell = await open();
    const script = sh`echo "$LC_ALL $A $(umask | tr -d 07) $PWD"; case :$PATH: in *:/usr/sbin:*) echo sbin ;; esac`;
    const engine = await shell.run(frame(script, { env: { A: "x'$y\n" }, chdir: '/usr' }));
    expect(engine.stdout.toString()).toBe("C x'$y\n  /usr\nsbin\n");
    const user = await shell.run(frame(sh`echo "$LC_ALL-$A"; umask`, { environment: 'user' }));
    expect(user.stdout.toString()).not.toContain('C-');
    const lost = await shell.run(frame(sh`echo no`, { chdir: '/nowhere-at-all' }));
    expect(lost).toMatchObject({ status: 1, stdout: Buffer.alloc(0) });
    expect(lost.stderr.toString()).toContain('/nowhere-at-all');
  });

  test('time-out kills the whole group, and the next frame runs', async () => {
    const shell = await open();
    const time = unique();
    const [slow, next] = await Promise.all([
      shell.run(frame(sh`echo a; sleep ${time} & sleep ${time}`, { timeout: 150 })),
      shell.run(frame(sh`echo next`)),
    ]);
    expect(slow).toMatchObject({ status: 143, ended: 'timeout', stdout: Buffer.from('a\n') });
    expect(next.stdout.toString()).toBe('next\n');
    expect(await eventually(() => processesWith(time).length === 0)).toBe(true);
  });

  test('what ignores TERM is killed', async () => {
    const shell = await open();
    const slow = await shell.run(frame(sh`trap '' TERM; echo a; while :; do sleep 1; done`, { timeout: 100 }));
    expect(slow).toMatchObject({ status: 137, ended: 'timeout' });
  });

  test('cancel ends the running frame and drops the queued one; others run', async () => {
    const shell = await open();
    const [running, queued] = [new AbortController(), new AbortController()];
    const started = signal();
    const directory = bench.directory();
    const first = shell.run(
      frame(sh`echo up; sleep ${unique()}`, { signal: running.signal, onOutput: () => started.done() }),
    );
    const second = shell.run(frame(sh`touch ${directory}/ran`, { signal: queued.signal }));
    const third = shell.run(frame(sh`ls ${directory}`));
    await started.seen;
    queued.abort();
    running.abort();
    expect(await first).toMatchObject({ status: 143, ended: 'cancelled' });
    expect(await second).toMatchObject({ status: 143, ended: 'cancelled' });
    expect(asText(await third)).toMatchObject({ status: 0, stdout: '', ended: 'exit' });
  });

  test('output over the bound is counted, not kept', async () => {
    const shell = await open();
    const script = sh`head -c 3000000 /dev/zero; head -c 1000 /dev/zero >&2`;
    const result = await shell.run(frame(script, { maxOutput: 1000 }));
    expect([result.stdout.length, result.stderr.length, result.dropped]).toEqual([1000, 1000, 2_999_000]);
  });

  test('a step that must not be killed: result, then nothing stays behind', async () => {
    const shell = await open();
    const aborted = new AbortController();
    const directory = bench.directory();
    const kept = shell.run(
      frame(sh`echo out; echo err >&2; sleep 0.3; echo late; echo done >${directory}/done; exit 3`, {
        killable: false,
        timeout: 10,
        signal: aborted.signal,
        stdin: contentOf('input'),
      }),
    );
    const next = shell.run(frame(sh`cat ${directory}/done`));
    setTimeout(() => aborted.abort(), 150);
    expect(asText(await kept)).toEqual({ status: 3, stdout: 'out\nlate\n', stderr: 'err\n', ended: 'exit' });
    expect((await next).stdout.toString()).toBe('done\n');
  });

  test('what a step leaves behind writes into no later frame', async () => {
    const shell = await open();
    const directory = bench.directory();
    const script = sh`(while [ ! -e ${directory}/stop ]; do echo noise; echo noise >&2; sleep 0.01; done) & echo started`;
    const results = await Promise.all([
      shell.run(frame(script, { environment: 'user' })),
      ...Array.from({ length: 5 }, (_, index) => shell.run(frame(sh`sleep 0.05; echo ${index}`))),
    ]);
    const late = await shell.run(frame(sh`sleep 0.05; echo late`));
    writeFileSync(join(directory, 'stop'), '');
    expect(results.slice(1).map(asText)).toEqual(
      Array.from({ length: 5 }, (_, index) => ({ status: 0, stdout: `${index}\n`, stderr: '', ended: 'exit' })),
    );
    expect(asText(late)).toMatchObject({ stdout: 'late\n', stderr: '' });
  });

  test('scripts, variables and input show in no process list', async () => {
    const shell = await open();
    const secret = `geheim-${unique()}`;
    const seen = bench.directory();
    const run = shell.run(
      frame(
        sh`: ${secret}; for f in /proc/[0-9]*/cmdline; do tr '\0' ' ' <"$f" 2>/dev/null; echo; done >${seen}/ps; cat`,
        {
          env: { PASS: `${secret}-e` },
          stdin: contentOf(`${secret}-s`),
        },
      ),
    );
    expect((await run).stdout.toString()).toBe(`${secret}-s`);
    const lines = readFileSync(join(seen, 'ps'), 'latin1');
    expect(lines).toContain('sh');
    expect(lines).not.toContain(secret);
  });

  test('closing kills what is killable and leaves what is not', async () => {
    const connection = await bench.connect(path);
    const shell = await connection.shell(LOGIN);
    const time = unique();
    const started = signal();
    const doomed = shell.run(frame(sh`echo up; sleep ${time} & sleep ${time}`, { onOutput: () => started.done() }));
    await started.seen;
    await connection.close();
    await expect(doomed).rejects.toMatchObject({ kind: 'lost' });
    expect(await eventually(() => processesWith(time).length === 0)).toBe(true);
  });
});
