import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection, ConnectionTarget, Frame, FrameResult } from '../../src/model/connection.ts';
import type { Script } from '../../src/shared/sh.ts';
import { connectLocal, type LocalOptions } from '../../src/ssh/local.ts';

export const here: ConnectionTarget = { name: 'here', address: 'localhost', privateKeyFiles: [], transport: 'local' };

/** Connections and directories of one test file; `clean` after each test. */
export function makeBench(): Bench {
  const open: Connection[] = [];
  const directories: string[] = [];
  return {
    directory() {
      const made = mkdtempSync(join(tmpdir(), 'kprep-test-'));
      directories.push(made);
      return made;
    },
    async connect(shell, options = {}) {
      const connection = await connectLocal({ ...here, ...(shell === undefined ? {} : { shell }) }, options);
      open.push(connection);
      return connection;
    },
    async clean() {
      for (const connection of open.splice(0)) await connection.close();
      for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
    },
  };
}

export interface Bench {
  directory(): string;
  connect(shell?: string, options?: LocalOptions): Promise<Connection>;
  clean(): Promise<void>;
}

/** The shells of this machine that can stand for a host's /bin/sh, by name; busybox through a link named `sh`. */
export function shellsHere(): readonly (readonly [string, string])[] {
  const found = ['/bin/sh', '/bin/dash', '/bin/bash', '/bin/mksh', '/bin/ksh93', '/bin/yash']
    .filter((path) => existsSync(path))
    .filter((path, at, all) => all.findIndex((other) => realpathSync(other) === realpathSync(path)) === at)
    .map((path) => [path, path] as const);
  const busybox = ['/bin/busybox', '/usr/bin/busybox'].find((path) => existsSync(path));
  if (busybox === undefined) return found;
  const directory = join(tmpdir(), `kprep-busybox-${execFileSync('id', ['-u']).toString().trim()}`);
  const link = join(directory, 'sh');
  if (!existsSync(link)) {
    execFileSync('mkdir', ['-p', directory]);
    symlinkSync(busybox, link);
  }
  return [...found, ['busybox ash', link] as const];
}

export function frame(script: Script, rest: Partial<Frame> = {}): Frame {
  return { script, environment: 'engine', killable: true, ...rest };
}

export function asText({ status, stdout, stderr, ended }: FrameResult): object {
  return { status, stdout: stdout.toString(), stderr: stderr.toString(), ended };
}

/** Command lines of this machine's processes that hold `needle`. */
export function processesWith(needle: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => readCommandLine(pid))
    .filter((line) => line.includes(needle));
}

function readCommandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** Polls until `holds`; gives up after `ms`. */
export async function eventually(holds: () => boolean, ms = 10_000): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; ) {
    if (holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return holds();
}
