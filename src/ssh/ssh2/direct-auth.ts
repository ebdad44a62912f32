import { createRequire } from 'node:module';
import type { Client, ParsedKey } from 'ssh2';

/** What is used of ssh2's inside; every part is looked for before, and without it the usual way is taken. */
interface Inside {
  readonly _kex?: { readonly sessionID?: Buffer };
  readonly _authsQueue?: string[];
  readonly _packetRW?: {
    readonly write: { readonly allocStart: number; alloc(size: number): Buffer; finalize(packet: Buffer): Buffer };
  };
  authPK?: (user: string, key: ParsedKey, algorithm?: string, sign?: unknown) => void;
}

interface Utils {
  sendPacket?(protocol: Inside, packet: Buffer): void;
  convertSignature?(signature: Buffer, type: string): Buffer | false;
}

const USERAUTH_REQUEST = 50;

/**
 * Sends a public key with its signature at once, where ssh2 asks first whether the key would do: one round trip less
 * (RFC 4252, 7 allows both). Keys of an agent are still asked about, since signing there may want a touch.
 */
export function signAtOnce(client: Client): void {
  const protocol = (client as unknown as { _protocol?: Inside })._protocol;
  const usual = protocol?.authPK;
  if (!protocol || !usual || !protocol._authsQueue || !protocol._packetRW?.write?.alloc) return;
  const { sendPacket, convertSignature } = loadUtils();
  if (!sendPacket || !convertSignature) return;
  protocol.authPK = function authPK(user, key, algorithm, sign) {
    const packet =
      sign || !isSigner(key) ? undefined : signedRequest(protocol, convertSignature, { user, key, algorithm });
    const write = protocol._packetRW?.write;
    if (!packet || !write) return usual.call(protocol, user, key, algorithm, sign);
    const at = write.allocStart;
    const buffer = write.alloc(packet.length);
    buffer.set(packet, at);
    protocol._authsQueue?.push('publickey');
    sendPacket(protocol, write.finalize(buffer));
  };
}

interface Request {
  readonly user: string;
  readonly key: ParsedKey;
  readonly algorithm: string | undefined;
}

function signedRequest(
  protocol: Inside,
  convertSignature: NonNullable<Utils['convertSignature']>,
  { user, key, algorithm }: Request,
): Buffer | undefined {
  const session = protocol._kex?.sessionID;
  if (!session) return undefined;
  const name = algorithm ?? key.type;
  const hash = { 'rsa-sha2-512': 'sha512', 'rsa-sha2-256': 'sha256' }[name];
  const body = Buffer.concat([
    Buffer.from([USERAUTH_REQUEST]),
    ...[user, 'ssh-connection', 'publickey'].map(field),
    Buffer.from([1]),
    field(name),
    field(key.getPublicSSH()),
  ]);
  const signed = key.sign(Buffer.concat([field(session), body]), hash) as Buffer | Error;
  if (signed instanceof Error) return undefined;
  const signature = convertSignature(signed, key.type);
  if (!signature) return undefined;
  return Buffer.concat([body, field(Buffer.concat([field(name), field(signature)]))]);
}

function isSigner(key: ParsedKey): boolean {
  return typeof key.isPrivateKey === 'function' && key.isPrivateKey();
}

function field(data: string | Buffer): Buffer {
  const bytes = Buffer.from(data as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function loadUtils(): Utils {
  try {
    return createRequire(import.meta.url)('ssh2/lib/protocol/utils.js') as Utils;
  } catch {
    return {};
  }
}
