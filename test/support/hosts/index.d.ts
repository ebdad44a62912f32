import type { Buffer } from 'node:buffer';

/** What a fleet is to be. */
export interface FleetSpec {
  /** Lower-case letters, digits and hyphens; fleets of different names do not see each other. Default `default`. */
  readonly name?: string;
  /** `chroot`: sshd and tools, no systemd, no Python. `booted`: systemd, firewalld, apt or dnf. */
  readonly kind?: 'chroot' | 'booted';
  /** How many; or, booted, the family of each. Default 6 chroot hosts, or two of each family booted. */
  readonly hosts?: number | readonly Family[];
  /** More of `variants/*.sh`, by host name. */
  readonly variants?: Readonly<Record<string, readonly Variant[]>>;
  /** True: outlives this process, until `down`. False (default): ends with this process, even when that is killed. */
  readonly keep?: boolean;
  /** Told what takes long. */
  readonly note?: (text: string) => void;
}

export type Family = 'apt' | 'dnf';
export type Variant =
  | 'sh-dash'
  | 'sh-bash'
  | 'sh-busybox'
  | 'sh-mksh'
  | 'requiretty'
  | 'targetpw'
  | 'keyboard-interactive'
  | 'no-sftp'
  | 'firewalld';

export interface FleetHost {
  /** `node0`, `node1`, … */
  readonly name: string;
  readonly index: number;
  /** Reached from inside the fleet's network only; see `inHub` and `relay`. */
  readonly address: string;
  readonly port: number;
  readonly image: 'chroot' | Family;
  /** What /bin/sh is. */
  readonly shell: 'dash' | 'bash' | 'busybox' | 'mksh';
  readonly groups: readonly string[];
  readonly variants: readonly Variant[];
}

export interface Fleet {
  readonly name: string;
  readonly kind: 'chroot' | 'booted';
  readonly hosts: readonly FleetHost[];
  /** The fleet's first process: `net` and other namespaces are under `/proc/PID/ns`. */
  readonly hub: { readonly pid: number; readonly start: string };
  readonly cgroups: readonly string[];
  /** Private directory with everything below. */
  readonly directory: string;
  /** The private key that logs in as every user, without passphrase. */
  readonly key: string;
  readonly knownHosts: string;
  /** For `ssh -F`. */
  readonly sshConfig: string;
  /** INI; names hosts by their own addresses. Beside it: `hosts.GROUP`, hosts files for pssh. */
  readonly inventory: string;
  /** The root directory of a host, as this machine sees it. */
  root(host: string): string;
}

export interface RunResult {
  /** Absent (null) where a signal ended it. */
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Relay {
  /** The port of 127.0.0.1 behind which the sshd of that host answers. */
  port(host: string): number;
  /** An inventory for clients on this machine. */
  inventory(knownHostsFile?: string): string;
  /** known_hosts lines for `[127.0.0.1]:port`. */
  knownHosts(): string;
  close(): Promise<void>;
}

/** Brings a fleet up, or finds it up. Throws where it is not root's, a program is missing, or a host does not come up. */
export function up(spec?: FleetSpec): Promise<Fleet>;
/** Ends every process of a fleet and removes all it left. Nothing to do is fine. */
export function down(name?: string): Promise<void>;
/** The fleet of that name, if there is one; `fleets` says whether it still runs. */
export function find(name?: string): Fleet | undefined;
export function fleets(): readonly (Fleet & { readonly up: boolean })[];
/** The argument vector that runs `argv` in the fleet's network; files and processes stay the machine's. */
export function inHub(fleet: Fleet, argv: readonly string[]): string[];
/** The argument vector of `ssh` to a host, to which a command can be added. As `ops` where no user is named. */
export function sshArgv(
  fleet: Fleet,
  host: string,
  options?: { readonly user?: string; readonly options?: readonly string[] },
): string[];
/** Runs a command line on a host with OpenSSH; the status is ssh's. */
export function ssh(
  fleet: Fleet,
  host: string,
  command: string,
  options?: { readonly user?: string; readonly input?: string | Buffer },
): Promise<RunResult>;
/** Cuts a host off without a word: connections stay open, packets vanish. */
export function cut(fleet: Fleet, host: string): Promise<void>;
export function mend(fleet: Fleet, host: string): Promise<void>;
/** Joins 127.0.0.1 ports to the hosts' sshd, for code that cannot enter the fleet's network. */
export function relay(fleet: Fleet): Promise<Relay>;
/** An inventory in INI form; `at` says where each host is dialled. */
export function inventory(
  fleet: Fleet,
  options?: {
    readonly at?: (host: FleetHost) => { readonly address: string; readonly port: number };
    readonly knownHostsFile?: string;
  },
): string;
/** Runs a program on this machine to its end. */
export function run(
  argv: readonly string[],
  options?: { readonly input?: string | Buffer; readonly env?: Readonly<Record<string, string>> },
): Promise<RunResult>;
