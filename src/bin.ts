#!/usr/bin/env node
import { homedir, userInfo } from 'node:os';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Signal } from './cli/io.ts';
import { main } from './cli/main.ts';

const SIGNALS: readonly Signal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The only place that touches `process`. */
const status = await main({
  argv: process.argv.slice(2),
  invokedAs: basename(process.argv[1] ?? ''),
  env: process.env,
  cwd: process.cwd(),
  home: process.env.HOME ?? homedir(),
  user: userInfo().username,
  uid: process.getuid?.(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  now: Date.now,
  random: Math.random,
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}).catch(unlessAborted(signal)),
  onSignal(handler) {
    for (const signal of SIGNALS) process.on(signal, handler);
    return () => {
      for (const signal of SIGNALS) process.off(signal, handler);
    };
  },
  packageDir: fileURLToPath(new URL('..', import.meta.url)),
});
// Of a pipe that is read slowly, `exit` would throw away what is still to be written.
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
process.exit(status);

/** Resolves when all was taken, or nobody is there to take it. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableLength === 0) return resolve();
    stream.once('error', () => resolve());
    stream.write('', () => resolve());
  });
}

/** A wait that is called off just ends. */
function unlessAborted(signal: AbortSignal | undefined): (error: unknown) => void {
  return (error) => {
    if (!signal?.aborted) throw error;
  };
}
