import { join } from 'node:path';
import { isPlainName } from '../../ssh/config/host-config.ts';
import type { ChildCommand } from './child-job.ts';
import type { HostEntry } from './hosts.ts';
import { ValueError } from './option-parser.ts';

/** What pscp, pslurp, prsync and `pssh -tt` hand to the system's programs, in pssh's order. */
export interface CopyRequest {
  readonly entry: HostEntry;
  /** `-O`. */
  readonly options: readonly string[];
  readonly extra: readonly string[];
  /** Put behind the operator's own ssh options, which win. */
  readonly sshDefaults: readonly string[];
}

export interface ScpRequest extends CopyRequest {
  readonly recursive: boolean;
  readonly from: readonly string[];
  readonly to: string;
  readonly download: boolean;
}

export function scpCommand(request: ScpRequest): ChildCommand {
  const { entry, options, extra, sshDefaults, recursive, from, to, download } = request;
  const remote = (path: string): string => `${remoteHost(entry)}:${path}`;
  return {
    file: 'scp',
    args: [
      '-qC',
      ...options.flatMap((option) => ['-o', option]),
      ...(entry.port === undefined ? [] : ['-P', entry.port]),
      ...(recursive ? ['-r'] : []),
      ...extra,
      ...sshDefaults,
      ...(download ? [...from.map(remote), to] : [...from, remote(to)]),
    ],
  };
}

export interface RsyncRequest extends ScpRequest {
  readonly verbose: boolean;
  readonly archive: boolean;
  readonly compress: boolean;
  /** `-S`, as it was written. */
  readonly sshArgs: string | undefined;
}

export function rsyncCommand(request: RsyncRequest): ChildCommand {
  const { entry, options, extra, sshDefaults, from, to, download, sshArgs } = request;
  const remote = (path: string): string => `${remoteHost(entry)}:${path}`;
  const ssh = [
    'ssh',
    ...options.flatMap((option) => ['-o', rsyncWord(option)]),
    ...(entry.port === undefined ? [] : ['-p', entry.port]),
    ...(sshArgs ? [sshArgs] : []),
    ...sshDefaults,
  ];
  return {
    file: 'rsync',
    args: [
      '-e',
      ssh.join(' '),
      ...(request.verbose ? ['-v'] : []),
      ...(request.recursive ? ['-r'] : []),
      ...(request.archive ? ['-a'] : []),
      ...(request.compress ? ['-z'] : []),
      ...extra,
      ...(download ? [...from.map(remote), to] : [...from, remote(to)]),
    ],
  };
}

/** Where downloads of one host go: `DIR/host[:port]`. @throws ValueError */
export function hostDirectory(parent: string | undefined, { host, port }: HostEntry): string {
  if (!isPlainName(host) || host === '.' || host === '..') throw new ValueError(`${host} cannot be a directory's name`);
  const name = port === undefined ? host : `${host}:${port}`;
  // A name with a colon and no slash would be a remote one to scp.
  return parent ? join(parent, name) : `./${name}`;
}

/** @throws ValueError where a program would take it for an option or a shell for more than a name. */
export function safeHost({ host, user }: HostEntry): string {
  for (const name of [host, ...(user === undefined ? [] : [user])]) {
    if (!isPlainName(name)) throw new ValueError(`${JSON.stringify(name)} is no name that ssh may be given`);
  }
  return host;
}

function remoteHost(entry: HostEntry): string {
  const host = safeHost(entry);
  const shown = host.includes(':') ? `[${host}]` : host;
  return entry.user === undefined ? shown : `${entry.user}@${shown}`;
}

/** rsync(1), --rsh: words are split at blanks, quotes hold them together, a doubled quote stands for itself. */
function rsyncWord(text: string): string {
  return /[\s'"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
