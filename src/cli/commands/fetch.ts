import { join, resolve } from 'node:path';
import type { JsonObject } from '../../model/value.ts';
import { KprepError } from '../../shared/errors.ts';
import { getTree, isDirectoryName } from '../../ssh/transfer/index.ts';
import { parseSize } from '../exec/sizes.ts';
import type { ConnectionOptions, HostOptions, OutputOptions, RunOptions } from '../options.ts';
import type { FetchOptions } from '../transfer/options.ts';
import { runTransfer } from '../transfer/run.ts';
import type { Transfer } from '../transfer/task.ts';
import { files, size } from '../transfer/text.ts';
import { type Invocation, UsageError } from './command.ts';

type Given = HostOptions & ConnectionOptions & RunOptions & OutputOptions & FetchOptions;

/** `kprep fetch PATTERN SRC… LOCALDIR`: files and trees of many hosts to `LOCALDIR/host/path`. */
export async function fetchCommand({ io, options, words, after }: Invocation): Promise<number> {
  const given = options as Given;
  const [pattern, ...rest] = [...words, ...(after ?? [])];
  const localDir = rest.at(-1);
  const paths = rest.slice(0, -1);
  if (pattern === undefined || !localDir || paths.length === 0) {
    throw new UsageError('a pattern, paths of the hosts and a directory are needed', 'kprep fetch PATTERN SRC... DIR');
  }
  if (given.check) throw new UsageError('kprep fetch writes nothing on hosts: --check has no meaning');
  const maxBytes = parseSize('max-size', given['max-size']);
  const transfer: Transfer = {
    name: 'fetch',
    summary: `fetch ${paths.join(' ')}`,
    async run({ connection, identity, limits }) {
      const { name } = connection.target;
      if (!isDirectoryName(name)) throw new KprepError('task', 'its name cannot be the name of a directory here');
      const kept = await getTree({
        connection,
        identity,
        paths,
        localDir: join(resolve(io.cwd, localDir), name),
        options: { links: given.links === 'follow' ? 'follow' : 'keep', maxBytes, ...limits },
      });
      const data = { files: kept.files, bytes: kept.bytes, same: kept.same };
      return { changed: kept.files > kept.same, data };
    },
  };
  return await runTransfer({ io, options: given, pattern, command: 'fetch', sentence, prepare: () => transfer });
}

function sentence({ files: number, bytes, same }: JsonObject): string {
  const line = `${files(number)}, ${size(Number(bytes))}`;
  return same === 0 ? line : `${line}; ${files(same)} the same already`;
}
