import { resolve } from 'node:path';
import { readSources } from '../../ssh/transfer/index.ts';
import { runAdHoc } from '../ad-hoc.ts';
import type { ConnectionOptions, HostOptions, OutputOptions, RunOptions } from '../options.ts';
import type { SyncOptions } from '../transfer/options.ts';
import { attributesOf, putSentence, putting } from '../transfer/put.ts';
import { transferModule, transferring } from '../transfer/task.ts';
import { rateLine, transferText } from '../transfer/text.ts';
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
  return await runAdHoc({
    io,
    options: given,
    pattern,
    command: 'sync',
    prepare() {
      const sources = readSources([resolve(io.cwd, source)], {
        links: given.links === 'follow' ? 'follow' : 'keep',
        contents: true,
      });
      const check = given.check === true;
      const remove = given.delete === true;
      const transfer = putting({
        name: 'sync',
        sources,
        dest,
        options: { ...attributes, check, remove, makeDirectory: true },
      });
      return {
        module: transferModule(transfer),
        wrapConnect: (connect) => transferring(connect, transfer),
        text: transferText(putSentence(check)),
        ...(check ? {} : { watch: rateLine(io, given) }),
      };
    },
  });
}
