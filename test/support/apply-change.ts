import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import type { Change, CommandChange, PutChange, RunChange, StepOutput } from '../../src/model/change.ts';
import type { Content } from '../../src/model/content.ts';
import { quote } from '../../src/shared/sh.ts';
import { runScript, type TestShell } from './shells.ts';

export type Applied = StepOutput | { readonly failure: string };

interface Host {
  readonly root: string;
  readonly shell: TestShell;
}

/** Does one change below a temporary root, as the engine would on a host; the shortest thing that keeps the contract of each kind. */
export async function applyChange(change: Change, host: Host): Promise<Applied> {
  const startedAt = Date.now();
  const done = await byKind(change, host);
  if ('failure' in done) return done;
  return { change, startedAt, endedAt: Date.now(), status: 0, stdout: EMPTY, stderr: EMPTY, ...done };
}

const EMPTY = Buffer.alloc(0);
type Done = Partial<StepOutput> | { readonly failure: string };

async function byKind(change: Change, host: Host): Promise<Done> {
  if (change.kind === 'put') return put(change, host);
  if (change.kind === 'run') return run(change, host);
  if (change.kind === 'command') return command(change, host);
  return { failure: 'reread is no change to apply' };
}

async function run(change: RunChange, host: Host): Promise<Done> {
  const stdin = change.stdin && (await bytesOf(change.stdin));
  const output = runScript(host, {
    script: change.script,
    ...(change.env ? { env: change.env } : {}),
    ...(stdin ? { stdin } : {}),
  });
  if (output.status === 0) return output;
  const explained = change.explain?.({ change, startedAt: 0, endedAt: 0, ...output });
  return { failure: explained?.message ?? (output.stderr.toString().trim() || `status ${output.status}`) };
}

async function command(change: CommandChange, host: Host): Promise<Done> {
  const { command: what } = change;
  const stdin = change.stdin && (await bytesOf(change.stdin));
  const more = { ...(stdin ? { stdin } : {}), ...(change.chdir ? { chdir: change.chdir } : {}) };
  if ('argv' in what) return runScript(host, { script: what.argv.map(quote).join(' '), ...more });
  if ('raw' in what) return runScript(host, { script: what.raw, ...more });
  if ('shell' in what) {
    const argv = what.executable ? [what.executable, '-c', what.shell] : undefined;
    return runScript(host, { script: what.shell, ...more, ...(argv ? { argv } : {}) });
  }
  const file = `${host.root}/.script`;
  writeFileSync(file, await bytesOf(what.script), { mode: 0o700 });
  const output = runScript(host, { script: `${what.executable ?? ''} ${quote(file)} ${what.arguments}`, ...more });
  unlinkSync(file);
  return output;
}

async function put(change: PutChange, host: Host): Promise<Done> {
  const path = change.follow ? resolved(change.path) : change.path;
  const old = oldFile(path);
  const sum = old?.bytes ? createHash('sha256').update(old.bytes).digest('hex') : 'absent';
  if (change.expect !== undefined && change.expect !== sum) return { failure: `${path} is not what was read` };
  if (change.makeParents) mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  const temporary = `${path}.tmp`;
  try {
    writeFileSync(temporary, await bytesOf(change.content));
  } catch (error) {
    return { failure: String(error) };
  }
  chmodSync(temporary, old?.mode ?? 0o644);
  const checked = runScript(host, { script: finishing(change, quote(temporary)).join(' && ') });
  if (checked.status !== 0) {
    unlinkSync(temporary);
    return { failure: `validate: ${checked.stderr.toString()}` };
  }
  const backup = change.backup && old ? `${path}.1.2024-01-01@00:00:00~` : undefined;
  if (backup) copyFileSync(path, backup);
  renameSync(temporary, path);
  return backup ? { backup } : {};
}

function finishing(change: PutChange, file: string): string[] {
  const owner = `${change.owner ?? ''}${change.group === undefined ? '' : `:${change.group}`}`;
  const steps = [':'];
  if (change.mode) steps.push(`chmod ${change.mode} ${file}`);
  if (owner) steps.push(`chown ${quote(owner)} ${file}`);
  if (change.validate) steps.push(change.validate.replaceAll('%s', file));
  return steps;
}

function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function oldFile(path: string): { readonly bytes?: Buffer; readonly mode?: number } | undefined {
  try {
    if (lstatSync(path).isSymbolicLink()) return {};
    return { bytes: readFileSync(path), mode: statSync(path).mode & 0o7777 };
  } catch {
    return undefined;
  }
}

async function bytesOf(content: Content): Promise<Buffer> {
  if (content.bytes) return content.bytes;
  const chunks: Buffer[] = [];
  for await (const chunk of content.stream() as Readable) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks);
}
