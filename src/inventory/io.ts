import { spawn } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * The files and programs that an inventory is made of. Reading is synchronous: it happens before anything is dialled, and
 * `group_vars/` of a group that `group_by` makes is read where nothing can wait.
 */
export interface InventoryIo {
  /** @throws Error as node:fs does. */
  readFile(path: string): Uint8Array;
  /** The names in a directory, in any order. @throws Error as node:fs does. */
  readDir(path: string): readonly string[];
  /** What a path is, links followed; undefined where there is nothing. */
  stat(path: string): 'file' | 'directory' | 'other' | undefined;
  isExecutable(path: string): boolean;
  /** Runs a program and gives its standard output. @throws Error when it cannot be started or ends with another status than 0. */
  run(program: string, args: readonly string[]): Promise<string>;
  absolute(path: string): string;
}

/** The files and programs of this machine. */
export const nodeIo: InventoryIo = {
  readFile: (path) => readFileSync(path),
  readDir: (path) => readdirSync(path),
  stat: (path) => {
    const stats = statsOf(path);
    if (!stats) return undefined;
    return stats.isDirectory() ? 'directory' : stats.isFile() || stats.isFIFO() ? 'file' : 'other';
  },
  isExecutable: (path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  },
  run: runProgram,
  absolute: (path) => resolve(path),
};

/** A list of many hosts is tried as a path first: a name that is too long names nothing. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENAMETOOLONG') return undefined;
    throw error;
  }
}

/** Standard input is empty, so a program that asks something ends instead of waiting for ever. */
function runProgram(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolved, rejected) => {
    const child = spawn(program, [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    let complaints = '';
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      complaints = (complaints + chunk.toString('utf8')).slice(-4096);
    });
    child.on('error', rejected);
    child.on('close', (status, signal) => {
      if (status === 0) resolved(Buffer.concat(out).toString('utf8'));
      else rejected(new Error(failure(status, signal, complaints)));
    });
  });
}

function failure(status: number | null, signal: string | null, complaints: string): string {
  const last = complaints.trim().split('\n').at(-1);
  const how = status === null ? `was ended by ${signal}` : `ended with status ${status}`;
  return last ? `${how}: ${last}` : how;
}
