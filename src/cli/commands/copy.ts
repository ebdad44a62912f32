import { resolve } from 'node:path';
import { readSources } from '../../ssh/transfer/index.ts';
import { runAdHoc } from '../ad-hoc.ts';
import type { ConnectionOptions, HostOptions, OutputOptions, RunOptions } from '../options.ts';
import type { CopyOptions } from '../transfer/options.ts';
import { attributesOf, putSentence, putting } from '../transfer/put.ts';
import { transferModule, transferring } from '../transfer/task.ts';
import { rateLine, transferText } from '../transfer/text.ts';
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
  return await runAdHoc({
    io,
    options: given,
    pattern,
    command: 'copy',
    prepare() {
      const sources = readSources(
        paths.map((path) => resolve(io.cwd, path)),
        { links: given.links === 'follow' ? 'follow' : 'keep' },
      );
      const check = given.check === true;
      const transfer = putting({ name: 'copy', sources, dest, options: { ...attributes, check } });
      return {
        module: transferModule(transfer),
        wrapConnect: (connect) => transferring(connect, transfer),
        text: transferText(putSentence(check)),
        ...(check ? {} : { watch: rateLine(io, given) }),
      };
    },
  });
}
