import type { Frame } from '../model/connection.ts';
import type { Script } from '../shared/sh.ts';
import type { Site } from './apply/site.ts';

/** Whether a module has nothing to ask: no frame is sent for it, and what it parses is empty output. */
export function asksNothing(script: Script): boolean {
  return script.trim() === '' || script.trim() === ':';
}

/** The frame of a module's read script: in the engine's environment, with the task's own variables, and always killable. */
export function readFrame(script: Script, site: Pick<Site, 'environment' | 'timeout' | 'signal'>): Frame {
  return {
    script,
    environment: 'engine',
    killable: true,
    ...(Object.keys(site.environment).length > 0 ? { env: site.environment } : {}),
    ...(site.timeout === undefined ? {} : { timeout: site.timeout }),
    ...(site.signal === undefined ? {} : { signal: site.signal }),
  };
}
