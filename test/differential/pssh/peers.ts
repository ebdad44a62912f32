import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LoopbackSshd, startLoopbackSshd } from '../../support/loopback-sshd.ts';

/** Debian's tools, and ours under the same names. */
export type Program = 'parallel-ssh' | 'parallel-scp' | 'parallel-rsync' | 'parallel-slurp' | 'parallel-nuke';
export const PROGRAMS: readonly Program[] = [
  'parallel-ssh',
  'parallel-scp',
  'parallel-rsync',
  'parallel-slurp',
  'parallel-nuke',
];

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Path below the working directory → content. */
  readonly files: Readonly<Record<string, string>>;
}

export interface Line {
  readonly program: Program;
  /** `@DIR@` stands for the working directory. */
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Buffer;
  /** Prepares a working directory; each side has its own. */
  readonly prepare?: (directory: string) => void;
  /** Sent SIGINT once this many files stand below `started` in the working directory. */
  readonly interruptAt?: number;
}

export interface Bench {
  readonly sshd: LoopbackSshd;
  /** `-O` words: who we are and which host keys are known. */
  readonly identity: readonly string[];
  /** These and the server's port. */
  readonly reach: readonly string[];
  readonly directory: string;
  peer(line: Line): Promise<Outcome>;
  ours(line: Line): Promise<Outcome>;
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL('../../../dist/bin.js', import.meta.url));

/** One sshd on several addresses of loopback, and a directory for both sides. */
export async function makeBench(): Promise<Bench> {
  const sshd = await startLoopbackSshd({ addresses: 40, config: ['Subsystem sftp internal-sftp'] });
  const directory = mkdtempSync(join(tmpdir(), 'kprep-pssh-'));
  for (const name of PROGRAMS) symlinkSync(program, join(directory, name));
  const known = join(directory, 'known_hosts');
  const identity = [
    `UserKnownHostsFile=${known}`,
    'StrictHostKeyChecking=no',
    `IdentityFile=${sshd.identityFile}`,
    'IdentitiesOnly=yes',
    'LogLevel=ERROR',
  ].flatMap((option) => ['-O', option]);
  return {
    sshd,
    identity,
    reach: [...identity, '-O', `Port=${sshd.port}`],
    directory,
    peer: (line) => runLine(line, [`/usr/bin/${line.program}`], directory),
    ours: (line) => runLine(line, [process.execPath, join(directory, line.program)], directory),
    async stop() {
      await sshd.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function runLine(line: Line, command: readonly string[], directory: string): Promise<Outcome> {
  const cwd = mkdtempSync(join(directory, 'side-'));
  mkdirSync(join(cwd, 'started'));
  line.prepare?.(cwd);
  const [file = '', ...first] = command;
  const argv = line.argv.map((word) => word.replaceAll('@DIR@', cwd));
  const child = spawn(file, [...first, ...argv], {
    cwd,
    env: { PATH: process.env.PATH, HOME: directory, SSH_AUTH_SOCK: '', TZ: 'UTC', ...line.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(line.stdin ?? '');
  const ended = collect(child);
  if (line.interruptAt !== undefined) {
    await filesBelow(join(cwd, 'started'), line.interruptAt, child);
    child.kill('SIGINT');
  }
  const { status, stdout, stderr } = await ended;
  const text = (said: Buffer): string => said.toString('latin1').replaceAll(cwd, 'DIR');
  return { status, stdout: text(stdout), stderr: text(stderr), files: filesOf(cwd) };
}

function collect(child: ChildProcess): Promise<{ status: number | null; stdout: Buffer; stderr: Buffer }> {
  const said = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdout?.on('data', (chunk: Buffer) => said.stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => said.stderr.push(chunk));
  return new Promise((resolve) => {
    child.once('close', (status) => {
      resolve({ status, stdout: Buffer.concat(said.stdout), stderr: Buffer.concat(said.stderr) });
    });
  });
}

async function filesBelow(directory: string, count: number, child: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + 20_000; readdirSync(directory).length < count; ) {
    if (Date.now() > deadline || child.exitCode !== null) throw new Error('the commands did not start');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function filesOf(root: string): Record<string, string> {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    names
      .filter((name) => !name.startsWith('started/'))
      .map((name) => {
        const path = join(root, name);
        return [
          name,
          statSync(path).isDirectory() ? '(directory)' : readFileSync(path, 'latin1').replaceAll(root, 'DIR'),
        ];
      }),
  );
}

/** Without clock, completion order and numbers: one block for each host's line and what stands behind it. */
export function comparable({ status, stdout, stderr, files }: Outcome) {
  const blocks = stdout.split(/(?=\[\d+\] \d\d:\d\d:\d\d \[(?:SUCCESS|FAILURE)\] )/);
  return {
    status,
    stdout: blocks.map((block) => block.replace(/^\[\d+\] \d\d:\d\d:\d\d /, '[N] TIME ')).sort(),
    numbers: [...stdout.matchAll(/\[(\d+)\] \d\d:\d\d:\d\d /g)].map(([, number]) => Number(number)),
    stderr,
    files,
  };
}

/** The words for why ssh could not connect are each program's own. */
export function withoutReasons(outcome: Outcome): Outcome {
  const reason = (text: string): string =>
    text
      .replace(/(?:ssh|kprep): .*(?:\n {2}.*)?\r?\n/g, 'REASON\n')
      // Whether rsync or its ssh notices first is chance.
      .replace(/^rsync error: .*\n/gm, 'RSYNC\n')
      .replace(/error code (12|255)$/gm, 'error code 12 or 255')
      .replace(/(Stderr: |^).*: Permission denied.*\r?\n/gm, '$1REASON\n');
  const files = Object.entries(outcome.files).map(([name, text]) => [name, reason(text)]);
  return {
    ...outcome,
    stdout: reason(outcome.stdout),
    stderr: reason(outcome.stderr),
    files: Object.fromEntries(files),
  };
}
