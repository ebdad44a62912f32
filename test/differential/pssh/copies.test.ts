import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type Bench, comparable, type Line, makeBench, type Outcome, withoutReasons } from './peers.ts';

jest.setTimeout(60_000);

let bench: Bench;

beforeAll(async () => {
  bench = await makeBench();
});

afterAll(async () => {
  await bench.stop();
});

const A = '127.0.0.1';
const B = '127.0.0.2';

/** The host is this machine: `there` in the working directory stands for its files. */
function tree(directory: string): void {
  for (const name of ['there', 'in', 'in/deep']) mkdirSync(join(directory, name));
  writeFileSync(join(directory, 'one'), 'one\n');
  writeFileSync(join(directory, 'two words'), Buffer.from([0, 255, 10, 13]));
  writeFileSync(join(directory, 'in/a'), 'a\n');
  writeFileSync(join(directory, 'in/deep/b'), 'b\n', { mode: 0o640 });
}

type Row = readonly [name: string, program: Line['program'], status: number, argv: readonly string[]];

/** With the options that reach the server, and a tree in the working directory. */
function lineOf(program: Line['program'], argv: readonly string[], prepare = tree): Line {
  return { program, argv: [...bench.reach, ...argv], prepare };
}

async function expectSame(line: Line, normalise: (outcome: Outcome) => Outcome = same): Promise<number | null> {
  const [peer, ours] = await Promise.all([bench.peer(line), bench.ours(line)]);
  expect(comparable(normalise(ours))).toEqual(comparable(normalise(peer)));
  return ours.status;
}

function same(outcome: Outcome): Outcome {
  return outcome;
}

describe('parallel-scp and parallel-rsync', () => {
  test.each<Row>([
    ['one file into a directory', 'parallel-scp', 0, ['-H', A, 'one', '@DIR@/there/']],
    ['one file under another name', 'parallel-scp', 0, ['-H', A, 'one', '@DIR@/there/new']],
    ['several files', 'parallel-scp', 0, ['-H', `${A} root@${B}`, 'one', 'two words', '@DIR@/there']],
    ['a tree', 'parallel-scp', 0, ['-r', '-H', A, 'in', '@DIR@/there']],
    ['a tree without -r', 'parallel-scp', 4, ['-H', A, 'in', '@DIR@/there']],
    ['extra arguments', 'parallel-scp', 0, ['-x', '-p -l 100000', '-H', A, 'one', '@DIR@/there']],
    ['a directory that is not there', 'parallel-scp', 4, ['-e', 'err', '-H', A, 'one', '@DIR@/no/such/place']],
    ['a file that is not here', 'parallel-scp', 4, ['-e', 'err', '-H', A, 'missing', '@DIR@/there']],
    ['one file', 'parallel-rsync', 0, ['-H', A, 'one', '@DIR@/there/']],
    ['a tree', 'parallel-rsync', 0, ['-r', '-H', `${A}`, 'in', '@DIR@/there']],
    ['an archive, compressed', 'parallel-rsync', 0, ['-az', '-H', A, 'in/', '@DIR@/there']],
    ['a tree without -r', 'parallel-rsync', 0, ['-o', 'out', '-H', A, 'in', '@DIR@/there']],
    ['extra arguments', 'parallel-rsync', 0, ['-a', '-x', '--exclude deep', '-H', A, 'in', '@DIR@/there']],
    ['arguments of ssh', 'parallel-rsync', 0, ['-a', '-S', '-o ConnectTimeout=9 -q', '-H', A, 'in', '@DIR@/there']],
    ['a file that is not here', 'parallel-rsync', 4, ['-e', 'err', '-H', A, 'missing', '@DIR@/there']],
  ])('%s (%s)', async (_name, program, status, argv) => {
    expect(await expectSame(lineOf(program, argv))).toBe(status);
  });

  test.each<Row>([
    ['a host that refuses', 'parallel-scp', 4, ['-e', 'err', '-H', `${A}:1`, 'one', '@DIR@/there']],
    ['a host that refuses', 'parallel-rsync', 4, ['-e', 'err', '-H', `${A}:1`, 'one', '@DIR@/there']],
  ])('%s (%s)', async (_name, program, status, argv) => {
    expect(await expectSame({ ...lineOf(program, argv), argv: [...bench.identity, ...argv] }, withoutReasons)).toBe(
      status,
    );
  });

  test('the time-out: status 3', async () => {
    const killed = (outcome: Outcome): Outcome => ({
      ...outcome,
      stdout: outcome.stdout.replaceAll('Timed out, Killed by signal 9', 'Timed out'),
    });
    const slow = ['-O', 'ProxyCommand=sleep 60', '-t', '1', '-H', A, 'one', '@DIR@/there'];
    await expectSame(lineOf('parallel-scp', slow), killed);
    await expectSame(lineOf('parallel-rsync', ['-x', "--rsh 'sleep 60'", ...slow.slice(2)]), killed);
  });

  test('2.3.5 and later: prsync -i shows, --fileappend appends, downloads go into a directory for each host', async () => {
    const shown = await bench.ours(
      lineOf('parallel-rsync', ['-O', 'ConnectTimeout 30', '-i', '-v', '-H', A, 'one', '@DIR@/there/']),
    );
    expect([shown.status, shown.stdout]).toEqual([0, expect.stringMatching(/\[SUCCESS\] 127\.0\.0\.1\n(.*\n)*one\n/)]);
    const back = ['-d', '-a', '-H', `${A} ${B}`, '@DIR@/in', 'back'];
    const twice = (directory: string): void => {
      tree(directory);
      mkdirSync(join(directory, 'back', A), { recursive: true });
    };
    const synced = await bench.ours(lineOf('parallel-rsync', back, twice));
    expect(synced).toMatchObject({ status: 0, files: { [`back/${A}/in/a`]: 'a\n', [`back/${B}/in/deep/b`]: 'b\n' } });
    const fetched = await bench.ours(
      lineOf('parallel-scp', ['--download', '-r', '-L', 'all', '-H', A, '@DIR@/in', '@DIR@/one', 'back']),
    );
    expect(fetched).toMatchObject({
      status: 0,
      files: { [`all/back/${A}/in/a`]: 'a\n', [`all/back/${A}/one`]: 'one\n' },
    });
  });
});

describe('parallel-slurp', () => {
  test.each<Row>([
    ['files of two hosts', 'parallel-slurp', 0, ['-L', 'got', '-H', `${A}:PORT root@${B}:PORT`, '@DIR@/one', 'mine']],
    ['into a directory', 'parallel-slurp', 0, ['-L', 'got', '-H', `${A}:PORT`, '@DIR@/one', 'mine']],
    ['a tree', 'parallel-slurp', 0, ['-r', '-L', 'got', '-H', `${A}:PORT`, '@DIR@/in', 'mine']],
    [
      'a file that is not there',
      'parallel-slurp',
      5,
      ['-e', 'err', '-L', 'got', '-H', `${A}:PORT`, '@DIR@/no', 'mine'],
    ],
  ])('%s (%s)', async (_name, program, status, argv) => {
    const { port } = bench.sshd;
    const words = argv.map((word) => word.replaceAll('PORT', String(port)));
    expect(await expectSame(lineOf(program, words))).toBe(status);
  });

  test('without a port the directory is the host, where 2.3.6 and 2.3.4 write host:None', async () => {
    const line = lineOf('parallel-slurp', ['-L', 'got', '-H', A, '@DIR@/one', 'mine']);
    const [peer, ours] = await Promise.all([bench.peer(line), bench.ours(line)]);
    expect(peer.files[`got/${A}:None/mine`]).toBe('one\n');
    expect(ours.files[`got/${A}/mine`]).toBe('one\n');
    expect({ ...comparable(ours), files: {} }).toEqual({ ...comparable(peer), files: {} });
  });

  test('with a port and without -L: pssh hands scp a name with a colon, which is a host to it', async () => {
    const line = lineOf('parallel-slurp', ['-H', `${A}:${bench.sshd.port}`, '@DIR@/one', 'mine']);
    const [peer, ours] = await Promise.all([bench.peer(line), bench.ours(line)]);
    expect(peer.status).toBe(5);
    expect(ours).toMatchObject({ status: 0, files: { [`${A}:${bench.sshd.port}/mine`]: 'one\n' } });
  });

  test('a host whose name would lead out of the directory is refused', async () => {
    const ours = await bench.ours(lineOf('parallel-slurp', ['-L', 'got', '-H', '..', '@DIR@/one', 'mine']));
    expect(ours).toMatchObject({ status: 1, stdout: '' });
    expect(Object.keys(ours.files)).not.toContain('mine');
  });
});

describe('parallel-nuke', () => {
  test('nothing of that name: status 5', async () => {
    await expectSame(lineOf('parallel-nuke', ['-H', `${A} ${B}`, `kpnone${process.pid}`]));
  });

  test('a process of that name is killed', async () => {
    const name = `kpn${process.pid}`;
    const prepare = (directory: string): void => {
      copyFileSync('/bin/sleep', join(directory, name));
      chmodSync(join(directory, name), 0o755);
    };
    const start = ['-H', A, `'@DIR@/${name}' 60 >/dev/null 2>&1 & until pgrep -x ${name}; do :; done >/dev/null`];
    expect(await bench.ours(lineOf('parallel-ssh', start, prepare))).toMatchObject({ status: 0, stderr: '' });
    expect(await bench.ours(lineOf('parallel-nuke', ['-H', A, name]))).toMatchObject({ status: 0 });
    expect(
      await bench.ours(lineOf('parallel-ssh', ['-i', '-H', A, `ps -o stat= -C ${name} | grep -v Z; true`])),
    ).toMatchObject({
      stdout: expect.stringMatching(/\[SUCCESS\] 127\.0\.0\.1\n$/),
    });
  });
});
