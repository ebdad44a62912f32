import { makePingReport } from '../../report/index.ts';
import { runAdHoc } from '../ad-hoc.ts';
import { pingModule } from '../exec/ping-module.ts';
import { retrying } from '../exec/retry.ts';
import type { ConnectionOptions, HostOptions, OutputOptions, PingOptions, RunOptions } from '../options.ts';
import { type Invocation, UsageError } from './command.ts';

type Given = HostOptions & ConnectionOptions & RunOptions & PingOptions & OutputOptions;

/** `kprep ping [PATTERN]`: log in, become who is to be become, and have a shell answer. */
export async function pingCommand({ io, options, words, after }: Invocation): Promise<number> {
  const given = options as Given;
  if (after) throw new UsageError('kprep ping takes no command', 'kprep exec PATTERN -- CMD… runs one');
  return await runAdHoc({
    io,
    options: given,
    pattern: words.length > 0 ? words.join(',') : 'all',
    command: 'ping',
    prepare: () => ({
      module: pingModule,
      text: { make: makePingReport },
      wrapConnect: (connect) => retrying(connect, given.retry ?? 0, io),
    }),
  });
}
