import type { LocalFile } from '../../src/model/args.ts';
import { contentOf } from '../../src/model/content.ts';

/** A file of this machine, as the playbook hands it to a module. */
export function localFile(path: string, text: string | Buffer, mode: number = 0o644): LocalFile {
  return { path, name: path.replace(/.*\//, ''), mode, content: contentOf(text, path) };
}

/** A directory; the path ends in a slash where its entries are meant. */
export function localDirectory(path: string, entries: readonly LocalFile[], mode: number = 0o755): LocalFile {
  const bare = path.replace(/\/$/, '');
  const slash = path.endsWith('/') ? { trailingSlash: true } : {};
  return { path: bare, name: bare.replace(/.*\//, ''), mode, entries, ...slash };
}
