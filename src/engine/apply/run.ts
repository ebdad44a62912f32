import type { RunChange } from '../../model/change.ts';
import { type Applied, runFrame, type Site } from './site.ts';

/** Runs a module's own script in the engine's environment. @throws KprepError `lost`. */
export function applyRun(site: Site, change: RunChange): Promise<Applied> {
  return runFrame(site, change, {
    script: change.script,
    environment: 'engine',
    env: { ...site.environment, ...change.env },
    ...(change.stdin ? { stdin: change.stdin } : {}),
  });
}
