import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { matchesPatternList } from '../config/patterns.ts';

/** A line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownHost {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly marker: 'revoked' | 'cert-authority' | undefined;
  /** Patterns, or one `|1|salt|hash`. */
  readonly names: string;
  readonly keyType: string;
  /** The key's blob in base64. */
  readonly key: string;
}

/** What the files say about a host and the key that it shows. */
export type Verdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'new' }
  | { readonly kind: 'changed' | 'revoked' | 'authority'; readonly by: KnownHost };

/** The lines of a file that can be understood; the others are skipped, as ssh does. */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  return text.split('\n').flatMap((raw, index) => {
    const entry = parseLine(raw);
    return entry ? [{ file, line: index + 1, ...entry }] : [];
  });
}

function parseLine(raw: string): Omit<KnownHost, 'file' | 'line'> | undefined {
  const match = /^\s*(?:@(\S+)[ \t]+)?([^\s#@]\S*)[ \t]+(\S+)[ \t]+([A-Za-z0-9+/]+=*)(?:\s|$)/.exec(raw);
  if (!match) return undefined;
  const [, marker, names = '', keyType = '', key = ''] = match;
  if (marker !== undefined && marker !== 'revoked' && marker !== 'cert-authority') return undefined;
  return { marker, names, keyType, key };
}

/** The name under which a host is looked up: `host`, or `[host]:port` where the port is not 22. */
export function lookupName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

/** Whether a line names the host. */
export function namesHost(entry: Pick<KnownHost, 'names'>, name: string): boolean {
  if (!entry.names.startsWith('|')) return matchesPatternList(name, entry.names.toLowerCase());
  const [, magic, salt, hash] = entry.names.split('|');
  if (magic !== '1' || salt === undefined || hash === undefined) return false;
  const wanted = Buffer.from(hash, 'base64');
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return wanted.length === actual.length && timingSafeEqual(wanted, actual);
}

/** Judges a key by the lines that name the host. A key of a type that the host never had is a change too. */
export function judge(entries: readonly KnownHost[], key: { readonly base64: string }): Verdict {
  const revoked = entries.find((entry) => entry.marker === 'revoked' && entry.key === key.base64);
  if (revoked) return { kind: 'revoked', by: revoked };
  const plain = entries.filter((entry) => entry.marker === undefined);
  if (plain.some((entry) => entry.key === key.base64)) return { kind: 'known' };
  const authority = entries.find((entry) => entry.marker === 'cert-authority');
  if (authority) return { kind: 'authority', by: authority };
  const other = plain[0];
  return other ? { kind: 'changed', by: other } : { kind: 'new' };
}

/** A line for a new host. Hashed as `HashKnownHosts yes` asks. */
export function formatKnownHost(
  name: string,
  key: { readonly type: string; readonly base64: string },
  hashed: boolean,
): string {
  return `${hashed ? hashName(name) : name} ${key.type} ${key.base64}\n`;
}

function hashName(name: string): string {
  const salt = randomBytes(20);
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}
