import type { Script } from '../shared/sh.ts';
import type { Content } from './content.ts';
import type { Resource } from './resource.ts';

/** What a module wants done to a host, as data. A closed set of kinds, which only the engine applies. */
export type Change = RunChange | CommandChange | PutChange | RereadChange;

interface ChangeBase {
  /** What it does, in the imperative, for check mode and the plan: `set net.ipv4.ip_forward to 1`. */
  readonly summary: string;
  readonly diff?: Diff;
  /** The change that takes it back, or `none` where nothing can. */
  readonly undo: Change | 'none';
  /** Whether it may be killed in the middle (time-out, Ctrl-C, lost connection). Package transactions may not. */
  readonly killable: boolean;
  /** What it touches besides the footprint of its module, known only now that the host was read: parents that it makes. */
  readonly touches?: readonly Resource[];
}

/** Runs a script of ours. Status 0 is success; anything else fails the task with the last lines of stderr. */
export interface RunChange extends ChangeBase {
  readonly kind: 'run';
  readonly script: Script;
  /** Secrets for the script, exported as environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: Content;
  /** Whether anything changed, where only the output can tell (`apt-get install` of a list). Default: yes. */
  readonly changed?: (output: StepOutput) => boolean;
  /** It may turn out to change nothing, and only doing it can tell: check mode calls it pending. */
  readonly maybe?: true;
  /** The failure in plain words, where the module knows better than stderr's last line. Undefined: not known. */
  readonly explain?: (output: StepOutput) => { readonly message: string; readonly remedy?: string } | undefined;
}

/** Runs what the operator wrote (`command`, `shell`, `script`, `raw`), in the user's own environment. Its status is data. */
export interface CommandChange extends ChangeBase {
  readonly kind: 'command';
  /** argv: executed without a shell. shell: given to `executable` (default /bin/sh). raw: to the login shell, without frames. */
  readonly command:
    | { readonly argv: readonly string[] }
    | { readonly shell: string; readonly executable?: string }
    | { readonly raw: string; readonly executable?: string }
    | { readonly script: Content; readonly arguments: string; readonly executable?: string };
  readonly chdir?: string;
  readonly stdin?: Content;
}

/** Puts content at a path atomically: a temporary file beside it, then rename. Owner, mode, ACL and SELinux context of an old file are kept unless said. */
export interface PutChange extends ChangeBase {
  readonly kind: 'put';
  readonly path: string;
  readonly content: Content;
  /** Octal digits as `chmod` takes them, or symbolic; absent: that of the old file, or 0666 less umask 022. */
  readonly mode?: string;
  readonly owner?: string;
  readonly group?: string;
  /** Leave `path.PID.YYYY-MM-DD@HH:MM:SS~` behind, as Ansible names it. */
  readonly backup: boolean;
  /** Command with `%s` for the temporary file; the old file stays when it fails. */
  readonly validate?: string;
  /** Write through a symbolic link to its target (true), or replace the link (false). */
  readonly follow: boolean;
  /** Make missing parent directories. */
  readonly makeParents?: boolean;
  /** sha256 of what was read, hex, or `absent`: where it differs at the time of writing, the change fails and nothing is written. */
  readonly expect?: string;
  /** Write in place rather than rename (`unsafe_writes`, bind-mounted files). */
  readonly inPlace?: boolean;
}

/** Read again and plan again with what was applied: for what can only be known after a change (package lists after an update). */
export interface RereadChange extends ChangeBase {
  readonly kind: 'reread';
}

export interface Diff {
  readonly before: string;
  readonly after: string;
  readonly beforeHeader?: string;
  readonly afterHeader?: string;
  /** The content is not world-readable on the host: shown to the operator, kept in the journal as hash only. */
  readonly private?: true;
}

/** What one applied change printed. */
export interface StepOutput {
  readonly change: Change;
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Epoch milliseconds on the controller. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Path of the backup that a put left, if any. */
  readonly backup?: string;
}
