import type { BaseAgent, IdentityCallback, OpenSSHAgent, ParsedKey, SignCallback, SigningRequestOptions } from 'ssh2';
import type { Ssh2 } from '../ssh2/library.ts';

/** A key that the agent holds. */
export interface AgentKey {
  /** Base64 of the public blob. */
  readonly publicKey: string;
  readonly type: string;
  readonly comment: string;
  /** An agent that has this key only, so that attempts can be counted. */
  readonly agent: BaseAgent<ParsedKey>;
}

/** The agent's keys, asked once for a run. Empty where there is no agent. */
export type ListAgentKeys = (socket: string | undefined) => Promise<readonly AgentKey[]>;

export function makeAgentLister(ssh2: Ssh2, warn: (message: string) => void): ListAgentKeys {
  const listed = new Map<string, Promise<readonly AgentKey[]>>();
  return async (socket) => {
    if (socket === undefined) return [];
    const known = listed.get(socket) ?? list(ssh2, socket, warn);
    listed.set(socket, known);
    return known;
  };
}

async function list(ssh2: Ssh2, socket: string, warn: (message: string) => void): Promise<readonly AgentKey[]> {
  const agent = new ssh2.OpenSSHAgent(socket);
  const keys = await new Promise<readonly ParsedKey[]>((resolve) => {
    agent.getIdentities((error, found) => {
      if (error) warn(`the SSH agent at ${socket} gives no keys: ${error.message}`);
      resolve(error ? [] : ((found ?? []) as readonly unknown[]).flatMap((one) => parsed(ssh2, one)));
    });
  });
  return keys.map((key) => ({
    publicKey: key.getPublicSSH().toString('base64'),
    type: key.type,
    comment: key.comment,
    agent: single(ssh2, agent, key),
  }));
}

/** What ssh2 cannot read (FIDO keys, certificates) is left out; the agent goes on being asked for the others. */
function parsed(ssh2: Ssh2, one: unknown): ParsedKey[] {
  const key = ssh2.utils.parseKey(one as Buffer) as ParsedKey | Error | readonly ParsedKey[];
  if (key instanceof Error) return [];
  return Array.isArray(key) ? [...(key as readonly ParsedKey[])] : [key as ParsedKey];
}

function single(ssh2: Ssh2, whole: OpenSSHAgent, key: ParsedKey): BaseAgent<ParsedKey> {
  class SingleKeyAgent extends ssh2.BaseAgent<ParsedKey> {
    override getIdentities(callback: IdentityCallback<ParsedKey>): void {
      callback(undefined, [key]);
    }
    override sign(
      _key: ParsedKey,
      data: Buffer,
      options: SigningRequestOptions | SignCallback,
      callback?: SignCallback,
    ): void {
      if (typeof options === 'function') whole.sign(key, data, options);
      else whole.sign(key, data, options, callback);
    }
  }
  return new SingleKeyAgent() as BaseAgent<ParsedKey>;
}
