import type { Script } from '../shared/sh.ts';
import type { Content } from './content.ts';

/** Where and as whom to log in, from inventory variables, options and defaults. Secrets are plain here and never printed. */
export interface ConnectionTarget {
  /** The inventory's name for the host. */
  readonly name: string;
  /** What is dialled: `ansible_host`, or the name. */
  readonly address: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly privateKeyFiles: readonly string[];
  readonly privateKeyPassphrase?: string;
  /** `local` runs on this machine (`connection: local`). */
  readonly transport: 'ssh' | 'openssh' | 'local';
  readonly hostKeyChecking?: 'yes' | 'accept-new' | 'no';
  /** `ansible_ssh_common_args` and `ansible_ssh_extra_args`, split. */
  readonly sshArgs?: readonly string[];
  /** `ansible_shell_executable`; `/bin/sh` where absent. */
  readonly shell?: string;
  /** Seconds until connecting is given up. */
  readonly connectTimeout?: number;
}

/** As whom a step runs. */
export interface Identity {
  /** `none`: as the login user. */
  readonly method: 'none' | 'sudo' | 'su' | 'doas';
  /** Whom to become; `root` where absent. */
  readonly user?: string;
  readonly password?: string;
  /** `become_flags`, split. */
  readonly flags?: readonly string[];
  /** `become_exe`. */
  readonly executable?: string;
}

export const LOGIN: Identity = { method: 'none' };

/** One script for one shell, and how it is to run. Scripts, contents and secrets travel in frames only, never in argv. */
export interface Frame {
  readonly script: Script;
  /**
   * `engine`: LC_ALL=C, sbin in PATH, umask 077 (what kprep itself reads and alters).
   * `user`: the environment of the login or become user as it is (what an operator asked to run).
   */
  readonly environment: 'engine' | 'user';
  /** Exported for this frame. Values may be secrets. */
  readonly env?: Readonly<Record<string, string>>;
  readonly chdir?: string;
  /** What the script reads from its standard input; /dev/null where absent. */
  readonly stdin?: Content;
  /** False: detached, spooled, and never killed by time-out, cancel or a lost connection (package transactions …). */
  readonly killable: boolean;
  /** Names the result of a frame that is not killable, for a later run to collect: letters, digits, `.`, `_`, `-`. */
  readonly spoolAs?: string;
  /** Milliseconds; a killable frame is killed then, with all its processes. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  /** Called with output as it arrives. */
  readonly onOutput?: (stream: 'stdout' | 'stderr', chunk: Buffer) => void;
  /** Bytes kept of each stream; more is counted and dropped. Default 16 MiB. */
  readonly maxOutput?: number;
}

export interface FrameResult {
  /** 128+N where a signal N ended it, as the shell says. */
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Bytes that were dropped over `maxOutput`, both streams. */
  readonly dropped: number;
  readonly ended: 'exit' | 'timeout' | 'cancelled';
}

/** A framed `/bin/sh` on the host under one identity. Frames run one after the other, in the order they were sent. */
export interface Shell {
  /** @throws KprepError `lost` when the connection went before the result came. */
  run(frame: Frame): Promise<FrameResult>;
}

/** One authenticated connection to one host, kept for the whole run. */
export interface Connection {
  readonly target: ConnectionTarget;
  /**
   * The shell of an identity, opened at the first call and kept.
   * @throws KprepError `become` when sudo, su or doas refuses, naming the real cause.
   */
  shell(identity: Identity): Promise<Shell>;
  /** A command string handed to the login shell as `ssh host command` does, without frames. Status null: ended by `signal`. */
  exec(command: string, options?: ExecOptions): Promise<ExecResult>;
  /** Round trips so far: times that we waited for an answer before we could send more. */
  readonly roundTrips: number;
  /** Resolves when the socket is closed. Never rejects. */
  close(): Promise<void>;
}

export interface ExecOptions {
  readonly stdin?: Content;
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  readonly onOutput?: (stream: 'stdout' | 'stderr', chunk: Buffer) => void;
  readonly maxOutput?: number;
}

export interface ExecResult {
  readonly status: number | null;
  readonly signal?: string;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly dropped: number;
  readonly ended: 'exit' | 'timeout' | 'cancelled';
}

/** @throws KprepError `unreachable`, `host-key`, `authentication` or `cancelled`. */
export type Connect = (target: ConnectionTarget, options: { readonly signal?: AbortSignal }) => Promise<Connection>;
