import { resolve } from 'node:path';
import { readSources } from '../../ssh/transfer/index.ts';
import type { ConnectionOptions, HostOptions, OutputOptions, RunOptions } from '../options.ts';
import type { CopyOptions } from '../transfer/options.ts';
import { attributesOf, putSentence, putting } from '../transfer/put.ts';
import { runTransfer } from '../transfer/run.ts';
import { type Invocation, UsageError } from './command.ts';

type Given = HostOptions & ConnectionOptions & RunOptions & OutputOptions & CopyOptions;

/** `kprep copy PATTERN SRC… DEST`: files and trees of this machine to many hosts. */
export async function copyCommand({ io, options, words, after }: Invocation): Promise<number> {
  const given = options as Given;
  const [pattern, ...rest] = [...words, ...(after ?? [])];
  const dest = rest.at(-1);
  const paths = rest.slice(0, -1);
  if (pattern === undefined || dest === undefined || dest === '' || paths.length === 0) {
    throw new UsageError('a pattern, sources and a destination are needed', 'kprep copy PATTERN SRC... DEST');
  }
  const attributes = attributesOf(given);
  const check = given.check === true;
  return await runTransfer({
    io,
    options: given,
    pattern,
    command: 'copy',
    sentence: putSentence(check),
    prepare() {
      const links = given.links === 'follow' ? 'follow' : 'keep';
      const sources = readSources(
        paths.map((path) => resolve(io.cwd, path)),
        { links },
      );
      return putting({ name: 'copy', sources, dest, options: { ...attributes, check } });
    },
  });
}
