import type { JsonObject } from '../../model/value.ts';
import { runAdHoc } from '../ad-hoc.ts';
import type { Io } from '../io.ts';
import type { ConnectionOptions, HostOptions, OutputOptions, RunOptions } from '../options.ts';
import { type Transfer, transferModule, transferring } from './task.ts';
import { meter, transferText } from './text.ts';

export interface TransferCommand {
  readonly io: Io;
  readonly options: HostOptions & ConnectionOptions & RunOptions & OutputOptions;
  readonly pattern: string;
  readonly command: string;
  /** What a block of hosts says. */
  readonly sentence: (data: JsonObject) => string;
  /** Asked before anything is dialled. @throws KprepError, UsageError */
  readonly prepare: () => Transfer;
}

/** One transfer on the hosts of a pattern; ends with a line about all of them. Gives the exit status. */
export async function runTransfer({
  io,
  options,
  pattern,
  command,
  sentence,
  prepare,
}: TransferCommand): Promise<number> {
  const moved = meter(io, options);
  const status = await runAdHoc({
    io,
    options,
    pattern,
    command,
    prepare() {
      const transfer = prepare();
      return {
        module: transferModule(transfer),
        wrapConnect: (connect) => transferring(connect, transfer, ({ data }) => moved.add(Number(data.bytes ?? 0))),
        text: transferText(sentence),
      };
    },
  });
  if (!options.check) moved.tell();
  return status;
}
