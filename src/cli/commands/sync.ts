import { resolve } from 'node:path';
import { readSources } from '../../ssh/transfer/index.ts';
import type { ConnectionOptions, HostOptions, OutputOptions, RunOptions } from '../options.ts';
import type { SyncOptions } from '../transfer/options.ts';
import { attributesOf, putSentence, putting } from '../transfer/put.ts';
import { runTransfer } from '../transfer/run.ts';
import { type Invocation, UsageError } from './command.ts';

type Given = HostOptions & ConnectionOptions & RunOptions & OutputOptions & SyncOptions;

/** `kprep sync PATTERN SRC DEST`: what is in a directory here is what is in a directory there. */
export async function syncCommand({ io, options, words, after }: Invocation): Promise<number> {
  const given = options as Given;
  const [pattern, source, dest, ...more] = [...words, ...(after ?? [])];
  if (pattern === undefined || source === undefined || !dest || more.length > 0) {
    throw new UsageError('a pattern, one source and a destination are needed', 'kprep sync PATTERN SRC DEST');
  }
  const attributes = attributesOf(given);
  const check = given.check === true;
  return await runTransfer({
    io,
    options: given,
    pattern,
    command: 'sync',
    sentence: putSentence(check),
    prepare() {
      const links = given.links === 'follow' ? 'follow' : 'keep';
      const sources = readSources([resolve(io.cwd, source)], { links, contents: true });
      const remove = given.delete === true;
      return putting({
        name: 'sync',
        sources,
        dest,
        options: { ...attributes, check, remove, makeDirectory: true },
      });
    },
  });
}
