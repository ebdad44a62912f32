import type { ArgSpec, ArgsOf } from '../model/args.ts';
import { defineModule, type Module } from '../model/module.ts';
import type { JsonObject } from '../model/value.ts';
import { sh } from '../shared/sh.ts';
import { ALGORITHMS, sumOf } from './support/checksum.ts';
import type { Cursor } from './support/cursor.ts';
import { attributeNames } from './support/file-flags.ts';
import { type HostStat, parseStat, STAT_FORMAT, statValues } from './support/host-stat.ts';
import { readOf } from './support/piece.ts';
import { remoteWord } from './support/remote-path.ts';

const ARGS = {
  path: { type: 'path', required: true, aliases: ['dest', 'name'], doc: 'The file, directory or link.' },
  follow: { type: 'bool', default: false, doc: 'Look at what a link stands for, rather than at the link.' },
  get_checksum: { type: 'bool', default: true, doc: 'Whether the checksum of a regular file is worked out.' },
  checksum_algorithm: {
    type: 'str',
    default: 'sha1',
    choices: ALGORITHMS,
    aliases: ['checksum', 'checksum_algo'],
    doc: 'Which checksum.',
  },
  get_mime: {
    type: 'bool',
    default: true,
    aliases: ['mime', 'mime_type', 'mime-type'],
    doc: 'Whether `mimetype` and `charset` are told; `unknown` where the host has no `file`.',
  },
  get_attributes: {
    type: 'bool',
    default: true,
    aliases: ['attr', 'attributes'],
    doc: 'Whether `attributes` (of `lsattr`) are told.',
  },
} as const satisfies ArgSpec;

type Args = ArgsOf<typeof ARGS>;

interface State {
  readonly path: string;
  readonly stat?: HostStat;
  readonly hidden: boolean;
  readonly blockSize: number;
  /** Letters of what this user may do: `rwx`. */
  readonly access: string;
  readonly linkTarget: string;
  readonly linkSource: string;
  readonly checksum: string;
  readonly mime: string;
  /** Version and flags, as `lsattr -v` prints them. */
  readonly flags: string;
}

export const stat: Module<typeof ARGS, State> = defineModule({
  name: 'stat',
  summary: 'Tells what is at a path.',
  args: ARGS,
  readOnly: true,
  touches: (args) => [`file:${args.path}`],
  read: (args) => readOf({ script: scriptOf(args), parse: parseState }),
  plan: (_args, now) =>
    now.hidden
      ? { failed: `${now.path} cannot be looked at: a directory above it may not be entered by this user` }
      : [],
  result: resultOf,
});

function scriptOf(args: Args) {
  const { path, follow, get_checksum, get_mime, get_attributes, checksum_algorithm: algorithm } = args;
  const look = follow ? sh`stat -L` : sh`stat`;
  const steps = [
    ...(get_checksum
      ? [sh`[ -f "$kp_f" ] && [ -r "$kp_f" ] && kp_sum=$(${{ script: sumOf(algorithm, sh`"$kp_f"`) }})`]
      : []),
    ...(get_mime
      ? [sh`kp_mime=$(file --brief --mime-type --mime-encoding -- "$kp_f" 2>/dev/null || printf unknown)`]
      : []),
    ...(get_attributes ? [sh`kp_flags=$(lsattr -vd -- "$kp_f" 2>/dev/null)`] : []),
  ];
  return sh`kp_f=${{ script: remoteWord(path) }}
kp_hidden=0 kp_stat='' kp_block=0 kp_may='' kp_to='' kp_from='' kp_sum='' kp_mime='' kp_flags=''
if [ -e "$kp_f" ] || [ -L "$kp_f" ]; then
  kp_stat=$(${{ script: look }} -c ${STAT_FORMAT} -- "$kp_f" 2>/dev/null)
  kp_block=$(${{ script: look }} -c %o -- "$kp_f" 2>/dev/null)
  [ -r "$kp_f" ] && kp_may=r
  [ -w "$kp_f" ] && kp_may="$kp_may"w
  [ -x "$kp_f" ] && kp_may="$kp_may"x
  if [ -L "$kp_f" ]; then kp_to=$(readlink "$kp_f"); kp_from=$(readlink -f "$kp_f"); fi
  ${{
    script:
      steps.length === 0
        ? sh`:`
        : steps.reduce(
            (all, step) => sh`${{ script: all }}
  ${{ script: step }}`,
          ),
  }}
else
  case $(stat -c %f -- "$kp_f" 2>&1) in *'ermission denied'*) kp_hidden=1 ;; esac
fi
printf '%s\000' "$kp_f" "$kp_hidden" "$kp_stat" "$kp_block" "$kp_may" "$kp_to" "$kp_from" "\${kp_sum%% *}" "$kp_mime" "$kp_flags"`;
}

function parseState(cursor: Cursor): State {
  const path = cursor.field();
  const hidden = cursor.field() === '1';
  const found = parseStat(cursor.field());
  return {
    path,
    hidden,
    ...(found ? { stat: found } : {}),
    blockSize: Number(cursor.field()) || 0,
    access: cursor.field(),
    linkTarget: cursor.field(),
    linkSource: cursor.field(),
    checksum: cursor.field(),
    mime: cursor.field(),
    flags: cursor.field(),
  };
}

function resultOf(args: Args, now: State): JsonObject {
  const { stat: found, access } = now;
  if (!found) return { stat: { exists: false } };
  const isLink = found.type === 'link';
  return {
    stat: {
      exists: true,
      path: now.path,
      ...statValues(found),
      blocks: found.blocks,
      block_size: now.blockSize,
      device_type: found.major * 256 + found.minor,
      readable: access.includes('r'),
      writeable: access.includes('w'),
      executable: access.includes('x'),
      ...(isLink ? { lnk_source: now.linkSource, lnk_target: now.linkTarget } : {}),
      ...(found.type === 'file' && now.checksum !== '' ? { checksum: now.checksum } : {}),
      ...(args.get_mime ? mimeValues(now.mime) : {}),
      ...(args.get_attributes ? flagValues(now.flags) : {}),
    },
  };
}

/** `text/plain; charset=us-ascii`. */
function mimeValues(text: string): JsonObject {
  const [mimetype = 'unknown', charset] = text.split(/;\s*charset=/);
  return { mimetype: mimetype === '' ? 'unknown' : mimetype, charset: charset ?? 'unknown' };
}

/** `  123456 --------------e------- /path`; nothing where the file system has no flags. */
function flagValues(text: string): JsonObject {
  const [, version, letters] = /^\s*(\d+)\s+(\S+)\s/.exec(text) ?? [];
  if (version === undefined || letters === undefined) return { version: null, attributes: [], attr_flags: '' };
  const flags = letters.replaceAll('-', '');
  return { version, attributes: attributeNames(flags), attr_flags: flags };
}
