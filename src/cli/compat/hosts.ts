import { readFileSync } from 'node:fs';
import { globPattern } from '../../inventory/glob.ts';
import { ValueError } from './option-parser.ts';

/** One host of the command line or of a hosts file; listed twice it is two. */
export interface HostEntry {
  readonly host: string;
  readonly port?: string;
  readonly user?: string;
}

export interface HostsRequest {
  readonly files: readonly string[];
  readonly strings: readonly string[];
  readonly user: string | undefined;
  /** For the hosts of files only. */
  readonly glob: string | undefined;
  /** Lines that cannot be read are said here and left out. */
  warn(line: string): void;
}

/**
 * The hosts in the order in which they are started: files before `-H`.
 * @throws ValueError when a file cannot be read.
 */
export function readHosts(request: HostsRequest): readonly HostEntry[] {
  const glob = request.glob ? globPattern(request.glob) : undefined;
  const entries: HostEntry[] = [];
  for (const file of request.files) {
    for (const line of hostLines(file)) {
      const entry = entryOfLine(line, request);
      if (entry && entry.host !== '' && (!glob || glob.test(entry.host))) entries.push(entry);
    }
  }
  for (const text of request.strings) {
    for (const word of text.split(/\s+/).filter(Boolean)) entries.push(parseHost(word, request.user));
  }
  return entries;
}

/** `[user@]host[:port]`, as pssh prints it and names files by it; the user only where it is not the default. */
export function prettyHost({ host, port, user }: HostEntry, defaultUser: string | undefined): string {
  const shown = host.includes(':') ? `[${host}]` : host;
  const named = user === undefined || user === defaultUser ? shown : `${user}@${shown}`;
  return port === undefined ? named : `${named}:${port}`;
}

function hostLines(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ValueError(`Could not open hosts file: ${reasonOf(error as NodeJS.ErrnoException)}`);
  }
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'No such file or directory',
    EACCES: 'Permission denied',
    EISDIR: 'Is a directory',
    ENOTDIR: 'Not a directory',
  };
  return words[code ?? ''] ?? message;
}

function entryOfLine(line: string, { user, warn }: HostsRequest): HostEntry | undefined {
  const [first = '', second, ...more] = line.split(/\s+/);
  if (more.length > 0) {
    warn(`Bad line: "${line}". Format should be [user@]host[:port] [user]`);
    return undefined;
  }
  const entry = parseHost(first, second ?? user);
  if (second === undefined || parseHost(first, undefined).user === undefined) return entry;
  warn(`User specified twice in line: "${line}"`);
  return undefined;
}

/** A bare IPv6 address is one: pssh takes its last group for a port. */
function parseHost(text: string, defaultUser: string | undefined): HostEntry {
  const [, named, rest = ''] = /^(?:([^@]+)@)?(.*)$/s.exec(text) ?? [];
  const user = named ?? defaultUser;
  const [, host = '', port] = isBareIpv6(rest) ? ['', rest] : (/^(.*?)(?::([0-9]+))?$/s.exec(rest) ?? []);
  return {
    host: host.replace(/^\[(.*)\]$/s, '$1'),
    ...(port === undefined ? {} : { port }),
    ...(user ? { user } : {}),
  };
}

function isBareIpv6(text: string): boolean {
  return /^[\da-f]*:[\da-f]*:[\da-f:.]*(%[\w.-]+)?$/i.test(text);
}
