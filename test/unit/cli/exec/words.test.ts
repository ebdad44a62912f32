import { describe, expect, test } from '@jest/globals';
import { haltOf } from '../../../../src/cli/exec/halt.ts';
import { hostEnvironment } from '../../../../src/cli/exec/host-env.ts';
import { parseBatches, parseSize } from '../../../../src/cli/exec/sizes.ts';
import { execCommand, execWords } from '../../../../src/cli/exec/task.ts';
import { KprepError } from '../../../../src/shared/errors.ts';
import { runCli } from '../../../support/cli.ts';

const NONE = { script: undefined, stdin: undefined };

describe('what to run', () => {
  test('words behind -- are words', () => {
    const said = execWords(['kube'], ['ls', '-l', 'a b'], NONE);
    expect(said).toEqual({ pattern: 'kube', what: { kind: 'argv', argv: ['ls', '-l', 'a b'] } });
    expect(execCommand(said, { cwd: '/', chdir: '/srv' })).toEqual({
      written: ['ls', '-l', 'a b'],
      command: { argv: ['ls', '-l', 'a b'] },
      chdir: '/srv',
    });
  });

  test('one word is a line for the login shell, quoted as a whole', () => {
    const { written, command } = execCommand(execWords(['kube', "echo '{{ x }}' $a"], undefined, NONE), {
      cwd: '/',
      chdir: undefined,
    });
    expect(written).toBe("echo '{{ x }}' $a");
    expect(command).toEqual({ shell: expect.stringContaining(`-c 'echo '\\''{{ x }}'\\'' $a'`) });
  });

  test('~ is looked up on the host', () => {
    const { chdir, command } = execCommand(execWords(['kube'], ['pwd'], NONE), { cwd: '/', chdir: '~/a b' });
    expect(chdir).toBeUndefined();
    expect(command).toEqual({ shell: expect.stringMatching(/cd "\$HOME"'\/a b'.*exit 97; \}\nexec pwd$/) });
  });

  test('a script takes words from both sides', () => {
    const said = execWords(['kube', 'one'], ['t w o'], { script: 'x.sh', stdin: undefined });
    expect(said.what).toEqual({ kind: 'script', path: 'x.sh', args: ['one', 't w o'] });
    expect(() => execCommand(said, { cwd: '/nowhere', chdir: undefined })).toThrow(
      /cannot read the script \/nowhere\/x.sh/,
    );
  });
});

describe('usage errors', () => {
  const rows: readonly (readonly [string[], RegExp])[] = [
    [['exec'], /no host pattern/],
    [['exec', 'all', '-i', 'h,'], /no command is given/],
    [['exec', 'all', '-i', 'h,', '--'], /no command is given/],
    [['exec', 'all', '-i', 'h,', 'uname', '-r'], /unknown option -r/],
    [['exec', 'all', '-i', 'h,', 'uname', 'all'], /several words/],
    [['exec', 'all', 'uname', '-i', 'h,', '--', 'x'], /not both/],
    [['exec', 'all', '-i', 'h,', '--script', 'x', '--stdin'], /--script and --stdin exclude/],
    [['exec', 'all', 'true', '-i', 'h,', '--odd', '--stream'], /--stream and --odd exclude/],
    [['exec', 'all', 'true', '-i', 'h,', '--out-dir', 'd', '--err-dir', './d'], /must be two directories/],
    [['exec', 'all', 'true', '-i', 'h,', '--env', '1A=b'], /--env takes NAME=VALUE/],
    [['exec', 'all', 'true', '-i', 'h,', '--max-fail', 'ten'], /--max-fail takes/],
    [['exec', 'all', 'true', '-i', 'h,', '--serial', '0'], /at least one host/],
    [['exec', 'all', 'true', '-i', 'h,', '--max-output', 'lots'], /--max-output takes a size/],
    [['exec', 'all', 'true'], /no inventory is given/],
    [['inventory', '-i', 'h,'], /exactly one of --graph/],
    [['inventory', '-i', 'h,', '--list', '--graph'], /exactly one of --graph/],
    [['inventory', '-i', 'h,', '--list', 'all'], /only --graph takes a word/],
    [['inventory', '-i', 'h,', '--list', '--vars'], /--vars goes with --graph/],
    [['ping', 'all', '-i', 'h,', '--', 'x'], /takes no command/],
    [['facts', 'all', '-i', 'h,', '--', 'x'], /takes no command/],
  ];
  test.each(rows)('%j', async (argv, message) => {
    const { status, stdout, stderr } = await runCli(argv);
    expect(stderr).toMatch(message);
    expect([status, stdout]).toEqual([64, '']);
  });
});

describe('sizes', () => {
  const rows: readonly (readonly [string, number])[] = [
    ['0', 0],
    ['4096', 4096],
    ['64K', 65_536],
    ['1.5m', 1_572_864],
    ['2GiB', 2_147_483_648],
  ];
  test.each(rows)('%s is %d bytes', (text, bytes) => expect(parseSize('max-output', text)).toBe(bytes));
  test('batches', () => expect(parseBatches('1,5, 20%')).toEqual([{ hosts: 1 }, { hosts: 5 }, { share: 0.2 }]));
});

test('the environment of a host', () => {
  expect(hostEnvironment(['a', 'b'], ['X=1=2', 'KPREP_HOST=mine'])('b')).toEqual({
    KPREP_HOST: 'mine',
    KPREP_INDEX: '1',
    KPREP_TOTAL: '2',
    PSSH_HOST: 'b',
    PSSH_NODENUM: '1',
    PSSH_NUMNODES: '2',
    X: '1=2',
  });
});

describe('when to stop', () => {
  const rows: readonly (readonly [object, readonly (readonly [string, boolean])[], string | undefined])[] = [
    [{ 'fail-fast': true }, [['a', true]], undefined],
    [{ 'fail-fast': true }, [['a', false]], 'another host failed (--fail-fast)'],
    [
      { 'max-fail': '1' },
      [
        ['a', false],
        ['a', false],
      ],
      undefined,
    ],
    [
      { 'max-fail': '1' },
      [
        ['a', false],
        ['b', false],
      ],
      '2 hosts failed, more than --max-fail 1 allows',
    ],
    [{ 'max-fail': '10%' }, [['a', false]], undefined],
    [
      { 'max-fail': '10%' },
      [
        ['a', false],
        ['b', false],
      ],
      '2 hosts failed, more than --max-fail 10% allows',
    ],
    [{ 'max-fail': '5%' }, [['a', false]], 'one host failed, more than --max-fail 5% allows'],
  ];
  test.each(rows)('%j of ten hosts, after %j', (given, ends, reason) => {
    const halt = haltOf({ 'fail-fast': undefined, 'max-fail': undefined, ...given }, 10);
    for (const [host, good] of ends) halt?.tap.end(host, good);
    expect(halt?.signal.reason).toBe(reason);
  });

  test('a host that cannot be reached counts', async () => {
    const halt = haltOf({ 'fail-fast': true, 'max-fail': undefined }, 10);
    const target = { name: 'a', address: 'a', privateKeyFiles: [], transport: 'ssh' } as const;
    const connect = halt?.wrap(() => Promise.reject(new KprepError('unreachable', 'gone')));
    await expect(connect?.(target, {})).rejects.toThrow('gone');
    expect(halt?.signal.aborted).toBe(true);
  });

  test('never, where nothing is said', () => {
    expect(haltOf({ 'fail-fast': undefined, 'max-fail': undefined }, 10)).toBeUndefined();
  });
});
