import type { JsonObject } from '../../model/value.ts';
import type { PutOptions, PutResult, Sources } from '../../ssh/transfer/index.ts';
import { putTree } from '../../ssh/transfer/index.ts';
import { UsageError } from '../commands/command.ts';
import type { CopyOptions } from './options.ts';
import type { Transfer, TransferEnd } from './task.ts';
import { files, size } from './text.ts';

export interface Putting {
  readonly name: string;
  readonly sources: Sources;
  readonly dest: string;
  readonly options: PutOptions;
}

/** The same sources to the same place of every host. */
export function putting({ name, sources, dest, options }: Putting): Transfer {
  return {
    name,
    summary: `${name} ${sources.roots.length === 1 ? '1 source' : `${sources.roots.length} sources`} to ${dest}`,
    async run({ connection, identity, limits }) {
      return endOf(await putTree({ connection, identity, sources, dest, options: { ...options, ...limits } }));
    },
  };
}

function endOf(result: PutResult): TransferEnd {
  const { changed, sent, bytes, same, adjusted, removed, changes } = result;
  return { changed, data: { sent, bytes, same, adjusted, removed: removed.length, changes } };
}

/** What a block of hosts says. */
export function putSentence(check: boolean) {
  return ({ sent, bytes, same, adjusted, removed, changes }: JsonObject): string => {
    const parts = [
      ...(sent === 0 ? [] : [`${files(sent)}, ${size(Number(bytes))}`]),
      ...(adjusted === 0 ? [] : [`${files(adjusted)} with another mode, time or owner`]),
      ...(removed === 0 ? [] : [`${files(removed)} removed`]),
      ...(same === 0 ? [] : [`${files(same)} the same already`]),
    ];
    const line = parts.length === 0 ? 'nothing to do' : parts.join('; ');
    if (!check || !Array.isArray(changes)) return line;
    return [line, ...changes.map((change) => `- ${String(change)}`)].join('\n');
  };
}

/** @throws UsageError */
export function attributesOf(given: CopyOptions): Pick<PutOptions, 'owner' | 'group' | 'mode'> {
  const { owner, group, mode } = given;
  for (const [option, name] of [
    ['owner', owner],
    ['group', group],
  ] as const) {
    if (name !== undefined && !/^[A-Za-z0-9_.][A-Za-z0-9_.@\\-]*\$?$/.test(name)) {
      throw new UsageError(`--${option} ${JSON.stringify(name)} is no name`);
    }
  }
  if (mode !== undefined && !/^[0-7]{3,4}$/.test(mode)) throw new UsageError(`--mode takes octal digits, not ${mode}`);
  return {
    ...(owner === undefined ? {} : { owner }),
    ...(group === undefined ? {} : { group }),
    ...(mode === undefined ? {} : { mode: Number.parseInt(mode, 8) }),
  };
}
