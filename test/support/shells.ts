import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { ReadOutput } from '../../src/model/module.ts';

export interface TestShell {
  readonly name: string;
  readonly argv: readonly string[];
  /** Directories of programs. */
  readonly path: string;
}

const SYSTEM = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** `/bin/sh`, and those of dash, bash, mksh and busybox (with busybox's own programs and no others) that are installed. */
export function testShells(): readonly TestShell[] {
  const named = ['dash', 'bash', 'mksh'].flatMap((name) => {
    const file = programFile(name);
    return file ? [{ name, argv: [file], path: SYSTEM }] : [];
  });
  const busybox = programFile('busybox');
  const small = busybox ? [{ name: 'busybox', argv: [busybox, 'sh'], path: busyboxPath(busybox) }] : [];
  return [{ name: 'sh', argv: ['/bin/sh'], path: SYSTEM }, ...named, ...small];
}

function programFile(name: string): string | undefined {
  return SYSTEM.split(delimiter)
    .map((dir) => join(dir, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

let applets: string | undefined;

function busyboxPath(busybox: string): string {
  if (applets) return applets;
  applets = mkdtempSync(join(tmpdir(), 'kprep-busybox-'));
  mkdirSync(applets, { recursive: true });
  spawnSync(busybox, ['--install', '-s', applets]);
  const made = applets;
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  return applets;
}

export interface RunOptions {
  readonly script: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: Buffer;
  readonly chdir?: string;
  readonly argv?: readonly string[];
}

/** Runs a script as the engine does: C locale, umask 077, nothing on stdin, `{root}/bin` first in PATH. */
export function runScript(host: { readonly root: string; readonly shell: TestShell }, options: RunOptions): ReadOutput {
  const [program, ...first] = options.argv ?? [...host.shell.argv, '-c', `umask 077\n${options.script}`];
  const result = spawnSync(program ?? '/bin/sh', first, {
    cwd: options.chdir ?? host.root,
    input: options.stdin ?? Buffer.alloc(0),
    env: {
      PATH: `${host.root}/bin:${host.shell.path}`,
      HOME: host.root,
      LC_ALL: 'C',
      ...options.env,
    },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.error) throw result.error;
  const status = result.status ?? 128 + 9;
  return { status, stdout: result.stdout, stderr: result.stderr };
}
