import { registry } from '../../modules/index.ts';
import { makeFactsReport } from '../../report/index.ts';
import { runAdHoc } from '../ad-hoc.ts';
import type { ConnectionOptions, HostOptions, OutputOptions, RunOptions } from '../options.ts';
import { type Invocation, UsageError } from './command.ts';

type Given = HostOptions & ConnectionOptions & RunOptions & OutputOptions;

/** `kprep facts [PATTERN] [FILTER…]`: what the module `setup` finds, as one JSON object by host. */
export async function factsCommand({ io, options, words, after }: Invocation): Promise<number> {
  if (after) throw new UsageError('kprep facts takes no command', 'kprep facts PATTERN FILTER… shows some facts');
  const [pattern = 'all', ...filter] = words;
  const setup = registry.get('setup');
  if (setup?.kind !== 'module') throw new TypeError('there is no module setup');
  return await runAdHoc({
    io,
    options: options as Given,
    pattern,
    command: 'facts',
    prepare: () => ({
      module: setup,
      args: { filter: filter.flatMap((text) => text.split(',')) },
      text: { make: (how) => makeFactsReport(how, (text) => io.stderr.write(text)) },
    }),
  });
}
