import type { Change } from '../../../model/change.ts';
import { contentOf } from '../../../model/content.ts';
import type { Decision } from '../../../model/module.ts';
import { sh } from '../../../shared/sh.ts';
import { octal } from '../mode.ts';
import type { FileState } from './state.ts';

/** Removes whatever is there. A directory in which something is mounted, and `/`, are left alone. */
export function planAbsent(now: FileState): Decision {
  const { path, self, mounts } = now;
  if (!self) return [];
  if (path === '/' || now.real?.path === '/') return { failed: 'the root directory is not removed' };
  if (mounts.length > 0) {
    return {
      failed: `${path} is not removed: ${mounts[0]} is mounted in it`,
      remedy: 'unmount it first (module mount, state: unmounted)',
    };
  }
  const directory = self.type === 'directory';
  return [
    {
      kind: 'run',
      summary: `remove ${directory ? 'directory ' : ''}${path}`,
      script: directory ? sh`rm -rf -- ${path}` : sh`rm -f -- ${path}`,
      undo: bringBack(now),
      killable: true,
    },
  ];
}

/** What puts a removed entry back: links, empty directories and small files. */
export function bringBack({ path, self, link, empty, content }: FileState): Change | 'none' {
  if (!self) return 'none';
  const owner = `${self.uid}:${self.gid}`;
  const run = (script: ReturnType<typeof sh>): Change => ({
    kind: 'run',
    summary: `bring ${path} back`,
    script,
    undo: 'none',
    killable: true,
  });
  if (link !== undefined) return run(sh`ln -sfn -- ${link} ${path} && chown -h -- ${owner} ${path}`);
  if (self.type === 'directory') {
    if (!empty) return 'none';
    return run(
      sh`rm -f -- ${path} && mkdir -- ${path} && chown -- ${owner} ${path} && chmod -- ${octal(self.mode)} ${path}`,
    );
  }
  if (content === undefined || self.links > 1) return 'none';
  return {
    kind: 'put',
    summary: `bring ${path} back`,
    path,
    content: contentOf(content),
    mode: octal(self.mode),
    owner: String(self.uid),
    group: String(self.gid),
    backup: false,
    follow: false,
    undo: 'none',
    killable: false,
  };
}
