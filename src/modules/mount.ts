import type { ArgsOf } from '../model/args.ts';
import type { Change } from '../model/change.ts';
import { type Decision, defineModule, type Module } from '../model/module.ts';
import type { JsonObject } from '../model/value.ts';
import { sh } from '../shared/sh.ts';
import {
  decodeField,
  type FstabEntry,
  type FstabLine,
  newLine,
  parseFstab,
  renderFstab,
  sameEntry,
  withFields,
} from './system/fstab.ts';
import { type MountCommand, makeDirectory, mountNow, removeDirectory, unmountNow } from './system/mount-commands.ts';
import { parseSections, sectionScript } from './system/sections.ts';
import { byteText, editText, textIn } from './system/text-file.ts';

interface MountState {
  readonly fstab?: Buffer;
  readonly unreadable: boolean;
  /** What is mounted there now: the topmost. */
  readonly mounted?: { readonly source: string; readonly fstype: string; readonly opts: string };
  readonly kind: 'absent' | 'directory' | 'other';
}

const ARGS = {
  path: { type: 'path', required: true, aliases: ['name'], doc: 'The mount point; none or swap for swap.' },
  src: { type: 'path', doc: 'Device, UUID=…, LABEL=…, network path or directory.' },
  fstype: { type: 'str', doc: 'Type of the file system.' },
  opts: { type: 'str', doc: 'Mount options; absent: defaults.' },
  dump: { type: 'str', default: '0', doc: 'Fifth field.' },
  passno: { type: 'str', default: '0', doc: 'Sixth field.' },
  state: {
    type: 'str',
    required: true,
    choices: ['absent', 'absent_from_fstab', 'mounted', 'present', 'unmounted', 'remounted', 'ephemeral'],
    doc: 'In the fstab, mounted now, both or neither.',
  },
  fstab: { type: 'str', default: '/etc/fstab', doc: 'The file.' },
  boot: { type: 'bool', default: true, doc: 'False adds noauto to the options.' },
  backup: { type: 'bool', default: false, doc: 'Keep a copy of the file beside it.' },
} as const;

type Args = ArgsOf<typeof ARGS>;

export const mount: Module<typeof ARGS, MountState> = defineModule({
  name: 'mount',
  collections: ['ansible.posix'],
  summary: 'Mount points, in the fstab (by its fields) and now.',
  args: ARGS,
  validate: (args) => {
    const needs = args.state === 'mounted' || args.state === 'present' || args.state === 'ephemeral';
    if (needs && (args.src === undefined || args.fstype === undefined))
      return `state is ${args.state} but src and fstype are missing`;
    return undefined;
  },
  touches: (args) => [
    `file:${args.fstab}`,
    `mount:${args.path}`,
    ...(args.fstype === 'swap' ? (['swap:'] as const) : []),
  ],
  read: (args) => ({
    script: sectionScript(
      sh`kp_file fstab ${args.fstab}
if [ -r /proc/self/mountinfo ]; then kp_text mounts < /proc/self/mountinfo; fi
if [ -d ${args.path} ]; then kp_say kind directory; elif [ -e ${args.path} ]; then kp_say kind other; else kp_say kind absent; fi`,
    ),
    parse: (out) => {
      const sections = parseSections(out.stdout);
      const fstab = sections.file('fstab');
      const mounted = mountedAt(args.path, sections.lines('mounts') ?? []);
      const kind = sections.say('kind') as MountState['kind'];
      const now: MountState = {
        unreadable: sections.unreadable.includes('fstab'),
        kind,
        ...(fstab ? { fstab } : {}),
        ...(mounted ? { mounted } : {}),
      };
      const entry = linesFor(args, parseFstab(textIn(fstab))).at(-1)?.entry;
      const { mounted: _, ...rest } = now;
      const comesUp = entry && !entry.opts.split(',').includes('noauto');
      return {
        now,
        boot: {
          ...rest,
          ...(comesUp ? { mounted: { source: entry.spec, fstype: entry.vfstype, opts: entry.opts } } : {}),
        },
      };
    },
  }),
  plan: decide,
  result: (args): JsonObject => ({
    name: args.path,
    fstab: args.fstab,
    opts: optsOf(args),
    dump: args.dump,
    passno: args.passno,
    ...(args.src ? { src: args.src } : {}),
    ...(args.fstype ? { fstype: args.fstype } : {}),
  }),
});

/** mountinfo (proc(5)): fields to the `-`, then type, source, options. The last line of a mount point is the one on top. */
function mountedAt(path: string, lines: readonly string[]) {
  const clean = path.length > 1 ? path.replace(/\/+$/, '') : path;
  const line = lines.filter((one) => decodeField(one.split(' ')[4] ?? '') === clean).at(-1);
  if (line === undefined) return undefined;
  const [before = '', after = ''] = line.split(' - ');
  const [fstype = '', source = ''] = after.split(' ');
  return { source: decodeField(source), fstype, opts: before.split(' ')[5] ?? '' };
}

function optsOf(args: Args): string {
  const opts = args.opts ?? 'defaults';
  return args.boot || opts.split(',').includes('noauto') ? opts : `${opts},noauto`;
}

function decide(args: Args, now: MountState): Decision {
  if (now.unreadable) return { failed: `${args.fstab} cannot be read` };
  const swap = args.fstype === 'swap' || args.path === 'none' || args.path === 'swap';
  const command: MountCommand = { path: args.path, ...(args.fstab === '/etc/fstab' ? {} : { fstab: args.fstab }) };
  switch (args.state) {
    case 'present':
      return setEntry(args, now);
    case 'mounted':
      return mountedDecision(args, now, { swap, command });
    case 'ephemeral':
      return ephemeral(args, now, command);
    case 'remounted':
      if (now.mounted === undefined) return { failed: `${args.path} is not mounted and so cannot be remounted` };
      return [mountNow({ ...command, remount: args.opts ?? '' })];
    case 'unmounted':
      return now.mounted ? [unmountNow(command, now.mounted)] : [];
    case 'absent_from_fstab':
      return dropEntry(args, now);
    default:
      return [
        ...dropEntry(args, now),
        ...(now.mounted ? [unmountNow(command, now.mounted)] : []),
        ...(now.kind === 'directory' && !swap ? [removeDirectory(args.path)] : []),
      ];
  }
}

function mountedDecision(
  args: Args,
  now: MountState,
  how: { readonly swap: boolean; readonly command: MountCommand },
): Decision {
  if (how.swap) return { failed: 'swap is not mounted: use state present, and swapon' };
  if (now.kind === 'other' && args.fstype !== 'none' && !optsOf(args).split(',').includes('bind')) {
    return { failed: `${args.path} is not a directory` };
  }
  const edit = setEntry(args, now);
  const directory = now.kind === 'absent' ? [makeDirectory(args.path)] : [];
  if (now.mounted === undefined) return [...directory, ...edit, mountNow(how.command)];
  return edit.length > 0 ? [...edit, mountNow({ ...how.command, remount: '' })] : [];
}

function ephemeral(args: Args, now: MountState, command: MountCommand): Decision {
  const { src = '', fstype = '' } = args;
  if (now.mounted && now.mounted.source !== src) {
    return { failed: `Ephemeral mount point is already mounted with a different source: ${now.mounted.source}` };
  }
  const direct = { src, fstype, opts: optsOf(args) };
  if (now.mounted) return [mountNow({ ...command, remount: direct.opts })];
  return [...(now.kind === 'absent' ? [makeDirectory(args.path)] : []), mountNow({ ...command, direct })];
}

function setEntry(args: Args, now: MountState): readonly Change[] {
  const lines = parseFstab(textIn(now.fstab));
  const entry: FstabEntry = {
    spec: byteText(args.src ?? ''),
    file: byteText(args.path),
    vfstype: args.fstype ?? '',
    opts: optsOf(args),
    freq: args.dump,
    passno: args.passno,
  };
  const mine = linesFor(args, lines);
  if (mine.length > 0 && mine.every((line) => line.entry && sameEntry(line.entry, entry))) return [];
  const after =
    mine.length > 0
      ? lines.map((line) => (mine.includes(line) ? withFields(line, entry) : line))
      : [...lines, newLine(entry)];
  return [putFstab(args, now, after, `${mine.length > 0 ? 'change' : 'add'} ${args.path} in ${args.fstab}`)];
}

function dropEntry(args: Args, now: MountState): readonly Change[] {
  const lines = parseFstab(textIn(now.fstab));
  const mine = linesFor(args, lines);
  if (mine.length === 0) return [];
  return [
    putFstab(
      args,
      now,
      lines.filter((line) => !mine.includes(line)),
      `remove ${args.path} from ${args.fstab}`,
    ),
  ];
}

function putFstab(args: Args, now: MountState, lines: readonly FstabLine[], summary: string): Change {
  return editText({
    path: args.fstab,
    before: now.fstab,
    after: renderFstab(lines),
    summary,
    backup: args.backup && now.fstab !== undefined,
  });
}

/** By mount point; swap has none, so there it is the device, and where none is given every entry of type swap. */
function linesFor(args: Args, lines: readonly FstabLine[]): readonly FstabLine[] {
  const path = byteText(args.path.length > 1 ? args.path.replace(/\/+$/, '') : args.path);
  return lines.filter(({ entry }) => {
    if (entry === undefined || (entry.file !== path && entry.file !== byteText(args.path))) return false;
    const isSwap = entry.vfstype === 'swap';
    if (args.fstype !== undefined && isSwap !== (args.fstype === 'swap')) return false;
    return !isSwap || args.src === undefined || entry.spec === byteText(args.src);
  });
}
