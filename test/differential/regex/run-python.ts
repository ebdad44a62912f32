import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs a Python program that lies beside the test with one JSON document as input, and reads the one it prints. Debian's Python: it has the packages. */
export function runPython<T>(script: URL, input: unknown, env: Readonly<Record<string, string>> = {}): T {
  const done = spawnSync('/usr/bin/python3', [fileURLToPath(script)], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', HOME: '/nonexistent', TZ: 'UTC', ...env },
    maxBuffer: 1 << 28,
  });
  if (done.status !== 0) throw new Error(`python3 ended with ${done.status}: ${done.stderr}`);
  return JSON.parse(done.stdout) as T;
}
