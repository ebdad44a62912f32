import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const MOST_RUNS = 50;
const MOST_BYTES = 1_000_000_000;

/** Removes the oldest runs until at most 50 and 1 GB are left; `current` always stays. Run ids sort by time. */
export function prune(
  runsDir: string,
  current: string,
  limits: { readonly runs?: number; readonly bytes?: number } = {},
): void {
  const { runs = MOST_RUNS, bytes = MOST_BYTES } = limits;
  const names = readdirSync(runsDir)
    .filter((name) => RUN_ID.test(name) && name !== current)
    .sort()
    .reverse();
  let total = 0;
  for (const [index, name] of names.entries()) {
    total += sizeOf(join(runsDir, name));
    if (index + 1 >= runs || total > bytes) rmSync(join(runsDir, name), { recursive: true, force: true });
  }
}

/** Only what looks like a run of ours is ever removed. */
const RUN_ID = /^\d{8}T\d{6}-[0-9a-f]{6}$/;

/** Sorts by time: `20261123T130405-a1b2c3`, in UTC. `random`: 0 ≤ n < 1. */
export function makeRunId(now: number, random: number): string {
  const stamp = new Date(now).toISOString().replace(/[-:]/g, '').slice(0, 15);
  return `${stamp}-${Math.floor(random * 0x1000000)
    .toString(16)
    .padStart(6, '0')}`;
}

function sizeOf(directory: string): number {
  let size = 0;
  for (const name of readdirSync(directory)) size += statSync(join(directory, name)).size;
  return size;
}
