/** What connecting needs of this machine; the cli fills it from `process`, tests from nothing. */
export interface SshOptions {
  /** Environment variables: SSH_AUTH_SOCK. */
  env(name: string): string | undefined;
  readonly home: string;
  /** The local user: whom to log in as where nobody says, and `%u`. */
  readonly user: string;
  /** Tells the operator something that is no failure. Each message once. */
  warn(message: string): void;
  /** Asked once for each encrypted key file. Undefined: no answer, the key is left out. */
  askPassphrase?(file: string): Promise<string | undefined>;
  /** Instead of ~/.ssh/config and /etc/ssh/ssh_config; `none` reads no file (ssh -F). */
  readonly configFile?: string;
  /** Instead of what ssh_config says. The first is written to. */
  readonly knownHostsFiles?: readonly string[];
  /** Default: what ssh_config says, else `accept-new`. */
  readonly hostKeyChecking?: 'yes' | 'accept-new' | 'no';
  /** Seconds until connecting is given up. Default: ssh_config, else 10. */
  readonly connectTimeout?: number;
  /** How often a refused or dropped connection is tried anew. Default 6. Authentication never is. */
  readonly retries?: number;
  /** Default: IdentityAgent of ssh_config, then SSH_AUTH_SOCK. */
  readonly agentSocket?: string;
  /** 0 ≤ n < 1, for the spread of retries. */
  readonly random?: () => number;
  /** Waits that many milliseconds. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Seconds between two looks of the host's watchdog; at the third without a word from us, killable steps are killed. */
  readonly watchSeconds?: number;
}
