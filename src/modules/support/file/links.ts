import type { Change, RunChange } from '../../../model/change.ts';
import type { Decision, Refusal } from '../../../model/module.ts';
import { type Script, sh } from '../../../shared/sh.ts';
import { bringBack } from './absent.ts';
import { attributeChanges, kindOf, targetOf, type Wanted } from './common.ts';

/** A symbolic link to `src`, and owner and mode of what it then stands for (with `follow`) or of itself. */
export function planLink(wanted: Wanted): Decision {
  const { args, now } = wanted;
  const src = now.src ?? (args.follow ? now.link : undefined);
  const refusal = linkRefusal(wanted, src);
  if (refusal) return refusal;
  if (src === undefined || now.link === src) {
    const target = targetOf(args, now);
    return target ? attributeChanges(target, wanted) : [];
  }
  const script =
    kindOf(now) === 'directory'
      ? sh`rmdir -- ${now.path} && ${{ script: linkScript(src, now.path) }}`
      : linkScript(src, now.path);
  const link = linkChange(wanted, {
    summary: `link ${now.path} to ${src}`,
    script,
    isOurs: sh`[ "$(readlink "$kp_f")" = ${src} ]`,
  });
  return [link, ...attributesBehind(wanted)];
}

/** `-n`: a link to a directory is replaced and not entered. */
function linkScript(src: string, path: string): Script {
  return sh`ln -sfn -- ${src} ${path}`;
}

function linkRefusal({ args, now }: Wanted, src: string | undefined): Refusal | undefined {
  const kind = kindOf(now);
  const about = { path: now.path };
  if (!args.force && now.src !== undefined && !now.srcReal) {
    const failed = `src file does not exist, use "force=yes" if you really want to create the link: ${now.src}`;
    return { failed, result: { ...about, src: now.src } };
  }
  if (kind === 'directory' && args.force && !now.empty) {
    return { failed: `the directory ${now.path} is not empty, refusing to convert it`, result: about };
  }
  if (kind !== 'link' && kind !== 'absent' && !args.force) {
    return { failed: `refusing to convert from ${kind} to symlink for ${now.path}`, result: about };
  }
  if (src === undefined && kind !== 'link')
    return { failed: 'src is required for creating new symlinks', result: about };
  return undefined;
}

/** Owner and mode of what the new link will stand for; of a target that does not exist nothing can be set. */
function attributesBehind(wanted: Wanted): Change[] {
  const { args, now } = wanted;
  if (args.follow) return now.srcReal ? attributeChanges(now.srcReal, wanted) : [];
  const { owner, group } = args;
  if (owner === undefined && group === undefined) return [];
  const who = `${owner ?? ''}${group === undefined ? '' : `:${group}`}`;
  return [
    {
      kind: 'run',
      summary: `set owner ${who} of ${now.path}`,
      script: sh`chown -h -- ${who} ${now.path}`,
      // The link itself goes with the undo of the change before.
      undo: { kind: 'run', summary: `leave the owner of ${now.path}`, script: sh`:`, undo: 'none', killable: true },
      killable: true,
    },
  ];
}

/** A further name for the file `src`. */
export function planHardLink(wanted: Wanted): Decision {
  const { args, now } = wanted;
  const kind = kindOf(now);
  const about = { dest: now.path, ...(now.src === undefined ? {} : { src: now.src }) };
  if (kind !== 'hard' && now.src === undefined) return { failed: 'src is required for creating new hardlinks' };
  if (now.src !== undefined && !now.srcReal) return { failed: 'src does not exist', result: about };
  const target = targetOf(args, now);
  const src = now.srcReal;
  if (!src || sameFile(now.self, src.stat)) return target ? attributeChanges(target, wanted) : [];
  if (kind === 'hard' && !args.force) {
    return { failed: 'Cannot link, different hard link exists at destination', result: about };
  }
  if (kind === 'directory') return { failed: `Cannot link, directory exists at destination`, result: about };
  if (kind === 'file' && !args.force) return { failed: `Cannot link, ${kind} exists at destination`, result: about };
  const script = sh`ln -fn -- ${src.path} ${now.path}`;
  const isOurs = sh`[ "$(stat -L -c %d:%i -- "$kp_f")" = "$(stat -L -c %d:%i -- ${src.path})" ]`;
  return [
    linkChange(wanted, { summary: `link ${now.path} to ${src.path} (hard)`, script, isOurs }),
    ...attributeChanges(src, wanted),
  ];
}

function sameFile(
  one: { inode: number; device: number } | undefined,
  other: { inode: number; device: number },
): boolean {
  return one !== undefined && one.inode === other.inode && one.device === other.device;
}

interface Linking {
  readonly summary: string;
  readonly script: Script;
  /** Whether what is at `$kp_f` is still what the change made. */
  readonly isOurs: Script;
}

function linkChange({ now }: Wanted, { summary, script, isOurs }: Linking): RunChange {
  const back = bringBack(now);
  const remove: Change = {
    kind: 'run',
    summary: `remove ${now.path}`,
    script: sh`kp_f=${now.path}
${{ script: isOurs }} || { printf '%s was changed since\n' "$kp_f" >&2; exit 1; }
rm -f -- "$kp_f"`,
    undo: 'none',
    killable: true,
  };
  return { kind: 'run', summary, script, undo: now.self ? back : remove, killable: true };
}
