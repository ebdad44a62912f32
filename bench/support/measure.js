import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Runs a program to its end: seconds of wall time, and of CPU in it and the children it waited for. Throws where it fails. */
export function measure(argv, { directory, env = {} }) {
  const files = ['out', 'err', 'times'].map((name) => join(directory, `measure.${name}`));
  const [out, err, times] = files.map((file) => openSync(file, 'w'));
  const script = 'TIMEFORMAT="%R %U %S"; { time "$@" 2>&4; } 2>&3';
  const { status } = spawnSync('bash', ['-c', script, 'bash', ...argv], {
    stdio: ['ignore', out, 'ignore', times, err],
    env: { ...process.env, ...env },
  });
  for (const file of [out, err, times]) closeSync(file);
  const [stdout, stderr, timing] = files.map((file) => readFileSync(file, 'utf8'));
  if (status !== 0) throw new Error(`${argv.join(' ')}: status ${status}\n${stderr}${stdout}`.slice(0, 4000));
  const [wall, user, system] = timing.trim().split('\n').at(-1).split(' ').map(Number);
  return { wall, cpu: user + system };
}

/** The middle value; the mean of the two middle ones of an even number. */
export function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}
