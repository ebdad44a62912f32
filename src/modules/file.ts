import type { ArgSpec } from '../model/args.ts';
import { defineModule, type Module } from '../model/module.ts';
import type { JsonObject } from '../model/value.ts';
import { effectiveState, kindOf, targetOf } from './support/file/common.ts';
import { planFile } from './support/file/plan.ts';
import { type FileArgs, type FileState, fileStatePiece } from './support/file/state.ts';
import { wantedTimes } from './support/file/times.ts';
import { FILE_ARGS, fileArgsProblem, ownerResources } from './support/file-args.ts';
import { readOf } from './support/piece.ts';
import { ownershipResult } from './support/put-file.ts';

const TIME_FORMAT = 'Directives %Y %m %d %H %M %S only.';

const ARGS = {
  path: { type: 'path', required: true, aliases: ['dest', 'name'], doc: 'The file, directory or link.' },
  state: {
    type: 'str',
    choices: ['absent', 'directory', 'file', 'hard', 'link', 'touch'],
    doc: 'What shall be at the path. Default: what is there, else `file` (which creates nothing), or `directory` with recurse.',
  },
  src: { type: 'path', doc: 'What a link points to.' },
  recurse: {
    type: 'bool',
    default: false,
    doc: 'Set owner, group, mode and times of everything below a directory too.',
    differs: 'Links below the directory are never followed out of it.',
  },
  force: {
    type: 'bool',
    default: false,
    doc: 'Make a link to what does not exist, or in the place of a file or an empty directory.',
  },
  follow: {
    type: 'bool',
    default: true,
    doc: 'Set owner, group and mode of what a link stands for, rather than of the link.',
  },
  modification_time: { type: 'str', doc: '`preserve`, `now` or a time. Default: `now` for touch, else `preserve`.' },
  modification_time_format: {
    type: 'str',
    default: '%Y%m%d%H%M.%S',
    doc: 'How `modification_time` is written.',
    differs: TIME_FORMAT,
  },
  access_time: { type: 'str', doc: '`preserve`, `now` or a time. Default: `now` for touch, else `preserve`.' },
  access_time_format: {
    type: 'str',
    default: '%Y%m%d%H%M.%S',
    doc: 'How `access_time` is written.',
    differs: TIME_FORMAT,
  },
  ...FILE_ARGS,
} as const satisfies ArgSpec;

export const file: Module<typeof ARGS, FileState> = defineModule({
  name: 'file',
  summary: 'Files, directories and links: that they are there or gone, and their owner, mode and times.',
  args: ARGS,
  validate(args) {
    if (args.src !== undefined && args.state && args.state !== 'link' && args.state !== 'hard') {
      return "src option requires state to be 'link' or 'hard'";
    }
    if (args.recurse && args.state && args.state !== 'directory')
      return "recurse option requires state to be 'directory'";
    if (args.mode === 'preserve') return 'mode: preserve has no meaning here';
    const times = wantedTimes(args);
    return typeof times === 'string' ? times : fileArgsProblem(args);
  },
  touches: (args) => [
    `file:${args.path}`,
    ...(args.src === undefined ? [] : [`file:${args.src}` as const]),
    ...ownerResources(args),
  ],
  read: (args) => readOf(fileStatePiece(args)),
  plan: (args, now) => planFile(args, now),
  result: resultOf,
});

function resultOf(args: FileArgs, now: FileState): JsonObject {
  const state = effectiveState(args, now);
  const key = state === 'link' || state === 'hard' || state === 'touch' ? 'dest' : 'path';
  if (state === 'absent') return { path: now.path, state };
  const src = now.src ?? (state === 'link' ? now.link : undefined);
  const target = targetOf(args, now);
  return {
    [key]: now.path,
    ...(src === undefined ? {} : { src }),
    ...ownershipResult({ stat: target?.stat, directory: state === 'directory' }, args, now.ids),
    size: target?.stat.size ?? 0,
    state: state === 'touch' ? (now.self ? kindOf(now) : 'file') : state,
  };
}
