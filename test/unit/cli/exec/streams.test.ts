import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readInput } from '../../../../src/cli/exec/input.ts';
import { liveLines } from '../../../../src/cli/exec/live-lines.ts';
import { outputFiles } from '../../../../src/cli/exec/output-files.ts';
import { patientOut } from '../../../../src/cli/exec/patient-out.ts';
import { retrying } from '../../../../src/cli/exec/retry.ts';
import { type Tap, tapped } from '../../../../src/cli/exec/tap.ts';
import type { Connect, Connection, Frame, FrameResult } from '../../../../src/model/connection.ts';
import { KprepError } from '../../../../src/shared/errors.ts';
import { makeSecrets } from '../../../../src/shared/secrets.ts';
import { sh } from '../../../../src/shared/sh.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kprep-streams-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const target = { name: 'a', address: 'a', privateKeyFiles: [], transport: 'ssh' } as const;

/** A connection whose shell prints these chunks and keeps as much as the frame allows. */
function printing(chunks: readonly (readonly ['stdout' | 'stderr', string])[]): Connect {
  const run = async (frame: Frame): Promise<FrameResult> => {
    const kept = { stdout: '', stderr: '' };
    for (const [stream, text] of chunks) {
      frame.onOutput?.(stream, Buffer.from(text));
      kept[stream] = (kept[stream] + text).slice(0, frame.maxOutput);
    }
    const { stdout, stderr } = kept;
    return { status: 0, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr), dropped: 0, ended: 'exit' };
  };
  const connection: Connection = {
    target,
    roundTrips: 7,
    shell: async () => ({ run }),
    exec: () => Promise.reject(new Error('not used')),
    close: async () => undefined,
  };
  return async () => connection;
}

async function runOn(connect: Connect, environment: Frame['environment'] = 'user'): Promise<FrameResult> {
  const shell = await (await connect(target, {})).shell({ method: 'none' });
  return await shell.run({ script: sh`:`, environment, killable: true });
}

function recorder(): { readonly tap: Tap; readonly seen: string[] } {
  const seen: string[] = [];
  const tap: Tap = {
    begin: (host) => void seen.push(`${host} begins`),
    output: (host, stream, chunk) => void seen.push(`${host} ${stream} ${chunk.toString()}`),
    end: (host, good) => void seen.push(`${host} ends ${good ? 'well' : 'badly'}`),
  };
  return { tap, seen };
}

describe('taps', () => {
  test('see everything; the result keeps its bound and says what it lacks', async () => {
    const { tap, seen } = recorder();
    const connect = tapped(
      printing([
        ['stdout', 'abcdef'],
        ['stderr', 'xy\n'],
        ['stdout', 'gh'],
      ]),
      {
        maxOutput: 4,
        taps: [tap],
      },
    );
    const { stdout, stderr } = await runOn(connect);
    expect(stdout.toString()).toBe('abcd\n… 4 bytes dropped\n');
    expect(stderr.toString()).toBe('xy\n');
    expect(seen).toEqual(['a begins', 'a stdout abcdef', 'a stderr xy\n', 'a stdout gh', 'a ends well']);
  });

  test('our own reads are left alone', async () => {
    const { tap, seen } = recorder();
    const connect = tapped(printing([['stdout', 'abcdef']]), { maxOutput: 1, taps: [tap] });
    expect((await runOn(connect, 'engine')).stdout.toString()).toBe('abcdef');
    expect(seen).toEqual([]);
    expect((await connect(target, {})).roundTrips).toBe(7);
  });
});

describe('lines as they come', () => {
  function lines(work: (tap: Tap) => void): string {
    let text = '';
    const secrets = makeSecrets();
    secrets.add('hunter22');
    work(
      liveLines({
        secrets,
        write: (stream, piece) => {
          text += piece.replaceAll(/^/gm, stream === 'stderr' ? '!' : '').replace(/!$/, '');
        },
      }),
    );
    return text;
  }
  const rows: readonly (readonly [
    string,
    readonly (readonly [string, 'stdout' | 'stderr', string | Buffer])[],
    string,
  ])[] = [
    [
      'only whole lines, hosts apart',
      [
        ['a', 'stdout', 'on'],
        ['b', 'stdout', 'x\n'],
        ['a', 'stdout', 'e\ntwo'],
      ],
      'b: x\na: one\na: two\n',
    ],
    ['the other stream', [['a', 'stderr', 'no\n']], '!a: no\n'],
    ['nothing alive', [['a', 'stdout', '\u001b[2J\r\0x\r\n']], 'a: \\e[2J\\x0d\\x00x\n'],
    [
      'a secret in two pieces',
      [
        ['a', 'stdout', 'hun'],
        ['a', 'stdout', 'ter22\n'],
      ],
      'a: ********\n',
    ],
    [
      'half a character',
      [
        ['a', 'stdout', Buffer.from([0xc3])],
        ['a', 'stdout', Buffer.from([0xa4, 0x0a])],
      ],
      'a: ä\n',
    ],
    ['no character at all', [['a', 'stdout', Buffer.from([0xff, 0x0a])]], 'a: \ufffd\n'],
  ];
  test.each(rows)('%s', (_name, chunks, expected) => {
    const text = lines((tap) => {
      for (const [host, stream, chunk] of chunks) tap.output(host, stream, Buffer.from(chunk as string));
      for (const host of ['a', 'b']) tap.end(host, true);
    });
    expect(text).toBe(expected);
  });

  test('a line without an end is shown in pieces, not kept', () => {
    const text = lines((tap) => {
      tap.output('a', 'stdout', Buffer.alloc(70_000, 'x'));
      tap.output('a', 'stdout', Buffer.from('y\n'));
    });
    expect(text).toBe(`a: ${'x'.repeat(70_000)}\na: y\n`);
  });
});

test('a slow reader costs lines, which are counted, and no memory', () => {
  let text = '';
  const stream = { writableLength: 0, write: () => true };
  const out = patientOut(stream, (piece) => {
    text += piece;
  });
  out.write('a\n');
  stream.writableLength = 1 << 30;
  out.write('b\nc\n');
  expect(text).toBe('a\n');
  expect(out.leftOut()).toMatch(/^2 lines of output left out/);
  expect(patientOut(stream, () => undefined).leftOut()).toBeUndefined();
});

describe('files of the output', () => {
  function files(maxFile = 1000) {
    const warned: string[] = [];
    const made = outputFiles({
      cwd: dir,
      directories: { stdout: 'out/deep', stderr: 'err' },
      maxFile,
      warn: (host, message) => void warned.push(`${host}: ${message}`),
    });
    return { made, warned };
  }

  test('hold every byte, a file for each host that began', () => {
    const { made, warned } = files();
    made.begin('a');
    made.begin('b');
    made.output('a', 'stdout', Buffer.from([0, 0xff]));
    made.output('b', 'stderr', Buffer.from('no\n'));
    made.output('a', 'stdout', Buffer.from('x'));
    for (const host of ['a', 'b']) made.end(host, true);
    expect(readFileSync(join(dir, 'out/deep/a'))).toEqual(Buffer.from([0, 0xff, 0x78]));
    expect(readFileSync(join(dir, 'err/b'), 'utf8')).toBe('no\n');
    expect(readdirSync(join(dir, 'err')).sort()).toEqual(['a', 'b']);
    expect([made.incomplete, warned]).toEqual([false, []]);
  });

  test('grow to their bound, and that is said', () => {
    const { made, warned } = files(4);
    made.begin('a');
    made.output('a', 'stdout', Buffer.from('abcdef'));
    made.output('a', 'stdout', Buffer.from('gh'));
    made.end('a', true);
    expect(readFileSync(join(dir, 'out/deep/a'), 'utf8')).toBe('abcd');
    expect(made.incomplete).toBe(true);
    expect(warned).toEqual([expect.stringMatching(/^a: .*out\/deep\/a: 4 bytes over --max-file were dropped$/)]);
  });

  test('that cannot be written do not end the run', () => {
    const { made, warned } = files();
    mkdirSync(join(dir, 'out/deep/a'));
    made.begin('a');
    made.output('a', 'stdout', Buffer.from('x'));
    made.end('a', true);
    expect(made.incomplete).toBe(true);
    expect(warned).toEqual([expect.stringMatching(/^a: cannot write .*EISDIR/)]);
  });
});

describe('standard input for all', () => {
  const rows: readonly (readonly [string, Buffer])[] = [
    ['nothing', Buffer.alloc(0)],
    ['little', Buffer.from('a\0b')],
    ['much', Buffer.alloc(3_000_000, 'abcdefg')],
  ];
  test.each(rows)('%s, read twice at the same time', async (_name, bytes) => {
    const pieces = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, index) =>
      bytes.subarray(index * 65_536, (index + 1) * 65_536),
    );
    const { content, close } = await readInput(Readable.from(pieces));
    try {
      expect(content.size).toBe(bytes.length);
      const [one, two] = await Promise.all([buffer(content.stream()), buffer(content.stream())]);
      expect([bytes.equals(one), bytes.equals(two)]).toEqual([true, true]);
    } finally {
      close();
    }
  });
});

describe('--retry', () => {
  async function dial(kinds: readonly KprepError['kind'][], times: number): Promise<readonly [string, number[]]> {
    const left = [...kinds];
    const waits: number[] = [];
    const connect: Connect = async (where, how) => {
      const kind = left.shift();
      if (kind) throw new KprepError(kind, 'no');
      return await printing([])(where, how);
    };
    const io = { sleep: async (ms: number) => void waits.push(ms), random: () => 0 };
    const end = await retrying(
      connect,
      times,
      io,
    )(target, {}).then(
      () => 'connected',
      (error: KprepError) => error.kind,
    );
    return [end, waits];
  }
  const rows: readonly (readonly [KprepError['kind'][], number, string, number[]])[] = [
    [['unreachable', 'unreachable'], 2, 'connected', [500, 1000]],
    [['unreachable', 'unreachable'], 1, 'unreachable', [500]],
    [['unreachable'], 0, 'unreachable', []],
    [['authentication'], 3, 'authentication', []],
    [['host-key'], 3, 'host-key', []],
  ];
  test.each(rows)('%j, with %d more tries', async (kinds, times, end, waits) => {
    expect(await dial(kinds, times)).toEqual([end, waits]);
  });
});
