import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder of this module's scripts. */
export const here = import.meta.dirname;

/** Where images and package repositories are kept from one run to the next. */
export function cachePath(...names) {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'kprep-test', ...names);
}

/** The private directory of a fleet, or of all fleets. */
export function statePath(...names) {
  const root = join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'kprep-test');
  mkdirSync(root, { recursive: true, mode: 0o700 });
  return join(root, ...names);
}
