import { createHash } from 'node:crypto';
import { KprepError } from '../../shared/errors.ts';
import { judge, type KnownHost, lookupName, type Verdict } from './known-hosts.ts';
import type { HostKey, HostKeyStore } from './store.ts';

export interface HostKeyPolicy {
  readonly checking: 'yes' | 'accept-new' | 'no';
  readonly files: readonly string[];
  readonly hashed: boolean;
  /** HostKeyAlias, or the name that is dialled. */
  readonly host: string;
  readonly port: number;
  readonly store: HostKeyStore;
  warn(message: string): void;
}

/** Decides whether a host is the one we know. */
export interface HostKeyVerifier {
  /** What to ask the server for: types that are known of this host first, else its other key would look like a change. */
  readonly algorithms: readonly string[];
  /** @throws KprepError `host-key` */
  verify(blob: Buffer): Promise<void>;
}

/** In the order of OpenSSH, without what needs more than ssh2. */
const ALGORITHMS = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
];

export async function makeVerifier(policy: HostKeyPolicy): Promise<HostKeyVerifier> {
  const { host, port, store, files } = policy;
  const name = lookupName(host, port);
  let entries = await store.find(files, name);
  // As ssh does: a key known under the bare name is good on another port, but says nothing against another key there.
  const bare = entries.length === 0 && port !== 22 ? await store.find(files, lookupName(host, 22)) : [];
  return {
    algorithms: orderAlgorithms(entries.length > 0 ? entries : bare),
    async verify(blob) {
      const key: HostKey = { type: typeOf(blob), base64: blob.toString('base64') };
      entries = await store.find(files, name);
      const verdict = judge(entries, key);
      const underBare = judge(bare, key).kind;
      if (verdict.kind === 'known' || (verdict.kind === 'new' && underBare === 'known')) return;
      if (underBare === 'revoked') throw refusal(judge(bare, key), policy, key, name);
      await decide(verdict, policy, key, name);
    },
  };
}

async function decide(verdict: Verdict, policy: HostKeyPolicy, key: HostKey, name: string): Promise<void> {
  const { checking, store, files, hashed, warn } = policy;
  if (verdict.kind === 'known') return;
  if (verdict.kind === 'new' && checking !== 'yes') {
    const [file] = files;
    if (file !== undefined && file !== '/dev/null') await store.accept(file, name, key, hashed);
    return;
  }
  if (verdict.kind === 'changed' && checking === 'no') {
    warn(`the host key of ${name} is not the one in ${place(verdict.by)}; host key checking is off, so we go on`);
    return;
  }
  throw refusal(verdict, policy, key, name);
}

function refusal(verdict: Verdict, { files }: HostKeyPolicy, key: HostKey, name: string): KprepError {
  const shown = `${key.type} ${fingerprint(key)}`;
  switch (verdict.kind) {
    case 'changed':
      return new KprepError(
        'host-key',
        `the host key has changed: it shows ${shown}, ${place(verdict.by)} has another`,
        {
          remedy: `If the host was set up anew: ssh-keygen -f ${verdict.by.file} -R '${name}'. If not, somebody is in between.`,
        },
      );
    case 'revoked':
      return new KprepError('host-key', `its host key ${shown} is revoked in ${place(verdict.by)}`, {
        remedy: 'Give the host a new key.',
      });
    case 'authority':
      return new KprepError(
        'host-key',
        `${place(verdict.by)} wants a host certificate, which this transport cannot check`,
        {
          remedy: 'Use --transport openssh for this host.',
        },
      );
    default:
      return new KprepError('host-key', `its host key ${shown} is not known`, {
        remedy: `Add it to ${files[0] ?? 'a known_hosts file'}, or let new hosts in with host key checking accept-new.`,
      });
  }
}

function orderAlgorithms(entries: readonly KnownHost[]): readonly string[] {
  const known = new Set(
    entries.filter(({ marker }) => marker === undefined).flatMap(({ keyType }) => algorithmsOf(keyType)),
  );
  return [...ALGORITHMS.filter((name) => known.has(name)), ...ALGORITHMS.filter((name) => !known.has(name))];
}

/** An RSA key signs under three names (RFC 8332). */
function algorithmsOf(keyType: string): readonly string[] {
  return keyType === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] : [keyType];
}

/** A key blob begins with its type, as a string with its length before it (RFC 4253, 6.6). */
function typeOf(blob: Buffer): string {
  return blob.length < 4 ? '' : blob.toString('latin1', 4, 4 + blob.readUInt32BE(0));
}

function fingerprint({ base64 }: HostKey): string {
  return `SHA256:${createHash('sha256').update(Buffer.from(base64, 'base64')).digest('base64').replace(/=+$/, '')}`;
}

function place({ file, line }: KnownHost): string {
  return line === 0 ? file : `${file}:${line}`;
}
