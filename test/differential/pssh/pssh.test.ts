import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type Bench, comparable, type Line, makeBench, PROGRAMS, withoutReasons } from './peers.ts';

jest.setTimeout(60_000);

let bench: Bench;

beforeAll(async () => {
  bench = await makeBench();
}, 60_000);

afterAll(async () => {
  await bench.stop();
});

type Row = readonly [name: string, line: Line];

const A = '127.0.0.1';
const B = '127.0.0.2';
const C = '127.0.0.3';

async function expectSame(
  line: Line,
  normalise: (outcome: Awaited<ReturnType<Bench['ours']>>) => typeof outcome = same,
) {
  const [peer, ours] = await Promise.all([bench.peer(line), bench.ours(line)]);
  expect(comparable(normalise(ours))).toEqual(comparable(normalise(peer)));
}

function same<T>(value: T): T {
  return value;
}

/** With the options that reach the server. */
function reaching(line: Line): Line {
  return { ...line, argv: [...bench.reach, ...line.argv] };
}

function pssh(...argv: string[]): Line {
  return { program: 'parallel-ssh', argv };
}

function hostsFile(text: string): Pick<Line, 'prepare'> {
  return { prepare: (directory) => writeFileSync(join(directory, 'hosts'), text) };
}

describe('command lines that are refused, or need no host', () => {
  const parsing: readonly (readonly string[])[] = [
    ['-z'],
    ['--bogus'],
    ['--ver'],
    ['--h'],
    ['--inl'],
    ['-p'],
    ['--par'],
    ['-x'],
    ['-p', 'abc', '-H', A, 'one'],
    ['--par=1.5', '-H', A, 'one'],
    ['-t', '0x', '-H', A, 'one'],
    ['-vz'],
    ['--verbose=1'],
    ['-I'],
    ['-'],
    ['--', '-p'],
  ];
  test.each(parsing)('parallel-ssh %s %s', async (...argv) => {
    await expectSame({ program: 'parallel-ssh', argv });
  });

  const wordings: readonly (readonly string[])[] = [
    [],
    ['-H', A],
    ['one'],
    ['one', 'two'],
    ['-r'],
    ['-a'],
    ['-P'],
    ['-S', 'x'],
    ['-H', A, '-h'],
  ];
  test.each(PROGRAMS.flatMap((program) => wordings.map((argv) => [program, argv] as const)))(
    '%s %j',
    async (program, argv) => {
      await expectSame({ program, argv });
    },
  );

  test.each(PROGRAMS)('%s --help has every line that the peer has', async (program) => {
    const [peer, ours] = await Promise.all([
      bench.peer({ program, argv: ['--help'] }),
      bench.ours({ program, argv: ['--help'] }),
    ]);
    const lines = new Set(ours.stdout.split('\n'));
    expect([ours.status, peer.stdout.split('\n').filter((line) => !lines.has(line))]).toEqual([0, []]);
  });

  test.each(PROGRAMS)('%s --version is the version whose behaviour it has', async (program) => {
    expect(await bench.ours({ program, argv: ['--version'] })).toMatchObject({
      status: 0,
      stdout: '2.3.6\n',
      stderr: '',
    });
  });

  test.each<Row>([
    ['a hosts file that is not there', pssh('-h', 'missing', 'true')],
    ['a hosts file that is a directory', pssh('-h', 'started', 'true')],
    ['an empty hosts file', { ...pssh('-h', 'hosts', 'true'), ...hostsFile('') }],
    ['a hosts file of comments', { ...pssh('-i', '-h', 'hosts', 'true'), ...hostsFile('# one\n\n  # two\n') }],
    ['no host in -H', pssh('-H', '', 'true')],
    ['lines that cannot be read', { ...pssh('-h', 'hosts', 'true'), ...hostsFile('a b c\nx@a y\na b c d # e\n') }],
    ['a glob that takes none', { ...pssh('-g', 'x*', '-h', 'hosts', 'true'), ...hostsFile(`${A}\n`) }],
    ['PSSH_HOSTS, which is deprecated', { ...pssh('true'), env: { PSSH_HOSTS: 'hosts' }, ...hostsFile('') }],
    ['directories are made before a host is dialled', pssh('-o', 'a/b', '-e', 'c', '-H', '', 'true')],
  ])('%s', async (_name, line) => {
    await expectSame(line);
  });
});

describe('pssh', () => {
  test.each<Row>([
    ['success and failure', pssh('-H', `${A} ${B}`, 'test -e /nonexistent')],
    ['output behind the line', pssh('-i', '-H', `${A} ${B}`, 'echo out; echo err >&2; exit 3')],
    ['no newline at the end', pssh('-i', '-H', A, '-H', B, 'printf out; printf err >&2')],
    ['--inline-stdout', pssh('--inline-stdout', '-H', A, 'echo out; echo err >&2')],
    ['no output', pssh('-i', '-H', A, 'true')],
    ['output without -i', pssh('-H', A, 'echo out; echo err >&2')],
    ['bytes of every kind', pssh('-i', '-H', A, "printf 'a\\000b\\377\\033[31m\\r\\n\\001'")],
    ['much output', pssh('-i', '-H', A, 'seq 1 200000; seq 1 1000 >&2')],
    ['words are joined by one blank', pssh('-i', '-H', A, 'printf', "'[%s]'", 'a   b', 'c')],
    ["options behind the command are the command's", pssh('-i', '-H', A, 'echo', '-p', '5', '-i')],
    ['options end at --', pssh('-i', '-H', A, '--', 'echo', '--', 'x')],
    ['short options together and glued values', pssh('-iv', `-H${A}`, '-p5', 'echo x')],
    ['long names shortened', pssh('--inline', '--host', A, '--time', '9', '--par=0x2', 'echo x')],
    [
      'environment of the command',
      pssh('-i', '-H', A, 'echo "$HOME $USER $SHELL $PWD $SHLVL"; umask; test -t 0 || echo no tty'),
    ],
    ['standard input is empty', pssh('-i', '-H', A, 'cat; echo end')],
    ['-P', pssh('-P', '-H', A, "/usr/bin/printf 'one\\ntwo\\n'")],
    ['-P without a newline', pssh('-P', '-H', A, 'printf one')],
    ['PSSH_PRINT', { ...pssh('-H', A, 'echo one'), env: { PSSH_PRINT: '1' } }],
    ['-P with -i prints twice', pssh('-P', '-i', '-H', A, 'echo one')],
    ['-o and -e', pssh('-o', 'out/deep', '-e', 'err', '-H', `${A} ${B}`, 'echo out; echo err >&2')],
    ['no data, no file', pssh('-o', 'out', '-e', 'err', '-H', A, 'true')],
    ['a host that comes again', pssh('-p', '1', '-o', 'out', '-H', `${A} ${A} ${B} ${A}`, 'echo x')],
    ['a file is written anew', { ...pssh('-o', 'out', '-H', A, 'echo new'), prepare: oldOutput }],
    ['one at a time', pssh('-p', '1', '-H', `${A} ${B} ${C}`, 'echo x')],
    ['thirty hosts, five at a time', pssh('-i', '-p', '5', '-H', many(30), 'echo x')],
    ['status 255 of the command', pssh('-i', '-H', `${A} ${B}`, 'exit 255')],
    ['status 254 of the command', pssh('-i', '-H', A, 'exit 254')],
    ['an unknown command', pssh('-i', '-H', A, 'no-such-command-here 2>/dev/null')],
    ['quotes, dollars and newlines', pssh('-i', '-H', A, 'echo \'a  b\' "$((1+1))" `echo c`\necho d')],
    ['an empty command', pssh('-i', '-H', A, '')],
    ['time enough', pssh('-t', '30', '-i', '-H', A, 'echo x')],
    ['no time-out', pssh('-t', '0', '-i', '-H', A, 'echo x')],
    ['extra words stand before the command', pssh('-i', '-X', 'echo', '-H', A, 'x')],
    ['-x is split like a shell does', pssh('-i', '-x', "-o 'ConnectTimeout 7' -q", '-H', A, 'echo x')],
    [
      'ssh options without effect',
      pssh('-i', '-x', '-q -a -x -T -4', '-O', 'BatchMode=yes', '-O', 'Compression yes', '-H', A, 'echo x'),
    ],
    ['verbose', pssh('-v', '-i', '-H', A, 'echo x')],
    ['a process left behind with its output elsewhere', pssh('-i', '-H', A, 'sleep 1 >/dev/null 2>&1 & echo x')],
  ])('%s', async (_name, line) => {
    await expectSame(reaching(line));
  });

  test.each<Row>([
    ['-I', { ...pssh('-I', '-i', '-H', `${A} ${B}`, 'cat'), stdin: 'one\ntwo' }],
    [
      '-I with every byte',
      { ...pssh('-I', '-i', '-H', A, 'od -An -tx1 -v'), stdin: Buffer.from([...Array(256).keys()]) },
    ],
    ['-I with a megabyte', { ...pssh('-I', '-i', '-H', A, 'cksum'), stdin: Buffer.alloc(1_000_000, 'kprep\n') }],
    ['-I with nothing', { ...pssh('-I', '-i', '-H', A, 'wc -c'), stdin: '' }],
    ['-I is the script of the login shell', { ...pssh('-I', '-i', '-H', A), stdin: 'echo "$PWD"; exit 7\n' }],
    ['-I with ssh -n', { ...pssh('-I', '-i', '-x', '-n', '-H', A, 'wc -c'), stdin: 'text' }],
    ['a command that does not read its input', { ...pssh('-I', '-i', '-H', A, 'echo x'), stdin: 'text' }],
  ])('%s', async (_name, line) => {
    await expectSame(reaching(line));
  });

  test('hosts files before -H, comments, blanks, ports, users, globs, CR at the end', async () => {
    const { port } = bench.sshd;
    const text = `# all\n${A}\r\n\n  ${B}:${port}   # two\nroot@${C}\n${A} root\n127.0.0.4:${port} root\nroot@127.0.0.5:${port}`;
    const line = pssh('-i', '-h', 'hosts', '-H', `127.0.0.6 root@127.0.0.7:${port}`, 'echo x');
    await expectSame(reaching({ ...line, ...hostsFile(text) }));
    await expectSame(reaching({ ...pssh('-l', 'root', ...line.argv), ...hostsFile(text) }));
    await expectSame(reaching({ ...pssh('-g', '127.0.0.[23]', ...line.argv), ...hostsFile(text) }));
  });

  test.each<readonly [string, Readonly<Record<string, string>>]>([
    ['PSSH_USER', { PSSH_USER: 'root' }],
    ['PSSH_INLINE, where 0 is yes', { PSSH_INLINE: '0' }],
    ['PSSH_OUTDIR and PSSH_ERRDIR', { PSSH_OUTDIR: 'out', PSSH_ERRDIR: 'err' }],
    ['PSSH_PAR and PSSH_TIMEOUT', { PSSH_PAR: '2', PSSH_TIMEOUT: '20' }],
    ['PSSH_VERBOSE', { PSSH_VERBOSE: '1' }],
    ['PSSH_OPTIONS', { PSSH_OPTIONS: 'ConnectTimeout=9' }],
    ['empty ones', { PSSH_USER: '', PSSH_PAR: '', PSSH_INLINE: '', PSSH_OUTDIR: '', PSSH_HOSTS: '' }],
  ])('%s', async (_name, env) => {
    await expectSame(reaching({ ...pssh('-H', `${A} root@${B}`, 'echo out; echo err >&2; exit 1'), env }));
  });

  test('a number that is none in the environment: status 1', async () => {
    const line = { ...pssh('-H', A, 'true'), env: { PSSH_TIMEOUT: 'abc' } };
    const [peer, ours] = await Promise.all([bench.peer(line), bench.ours(line)]);
    expect([ours.status, ours.stdout]).toEqual([peer.status, peer.stdout]);
    expect(ours.stderr).toBe("parallel-ssh: PSSH_TIMEOUT: invalid integer value: 'abc'\n");
  });

  test.each<Row>([
    ['a host that refuses', pssh('-i', '-H', `${A}:1`, 'echo x')],
    ['a name that does not resolve', pssh('-i', '-H', 'nothing.invalid', 'echo x')],
    ['an account without our key', pssh('-i', '-H', `nobody@${A}:PORT`, 'echo x')],
    ['reasons in the file of errors', pssh('-e', 'err', '-H', `${A}:1`, 'echo x')],
  ])('%s', async (_name, line) => {
    const argv = line.argv.map((word) => word.replaceAll('PORT', String(bench.sshd.port)));
    await expectSame({ ...line, argv: [...bench.identity, ...argv] }, withoutReasons);
  });

  test('a key that does not log in: status 255, and the reason stands behind the line', async () => {
    const reach = bench.reach.map((word) => word.replace(/^IdentityFile=.*/, 'IdentityFile=/nonexistent'));
    await expectSame({ ...pssh(...reach, '-i', '-H', A, 'true') }, withoutReasons);
  });

  test('the time-out kills: status 3', async () => {
    const line = reaching(pssh('-t', '8', '-i', '-H', `${A} ${B}`, 'echo begun; sleep 60'));
    const killed = (text: string): string => text.replaceAll('Timed out, Killed by signal 9', 'Timed out');
    await expectSame(line, (outcome) => ({ ...outcome, stdout: killed(outcome.stdout) }));
  }, 30_000);

  test('a shell that a signal ends: its number, where ssh only says 255', async () => {
    const line = reaching(pssh('-i', '-H', A, 'kill -9 $$'));
    const [peer, ours] = await Promise.all([bench.peer(line), bench.ours(line)]);
    expect([peer.status, ours.status]).toEqual([4, 5]);
    expect(ours.stdout).toMatch(/\[FAILURE\] 127\.0\.0\.1 Exited with error code 137\n/);
  });

  test('priority of statuses: 3 before 4 before 5', async () => {
    const script =
      'case $SSH_CONNECTION in *" 127.0.0.1 "*) sleep 60 ;; *" 127.0.0.2 "*) exit 255 ;; *) exit 7 ;; esac';
    const killed = (text: string): string => text.replaceAll('Timed out, Killed by signal 9', 'Timed out');
    const line = reaching(pssh('-t', '12', '-i', '-H', `${A} ${B} ${C}`, script));
    await expectSame(line, (outcome) => ({ ...outcome, stdout: killed(outcome.stdout) }));
    await expectSame(reaching(pssh('-i', '-H', `${B} ${C}`, script)));
  }, 30_000);

  test('Ctrl-C: Interrupted, Cancelled, status 5', async () => {
    const script = 'mktemp @DIR@/started/XXXXXX >/dev/null; sleep 60';
    await expectSame({ ...reaching(pssh('-p', '2', '-i', '-H', `${A} ${B} ${C}`, script)), interruptAt: 2 });
  }, 60_000);
});

function oldOutput(directory: string): void {
  mkdirSync(join(directory, 'out'));
  writeFileSync(join(directory, 'out', A), 'older and longer\n');
}

function many(count: number): string {
  return Array.from({ length: count }, (_, index) => `127.0.0.${index + 1}`).join(' ');
}
