import type { AnyAuthMethod, ParsedKey } from 'ssh2';
import type { ConnectionTarget } from '../../model/connection.ts';
import type { HostConfig } from '../config/host-config.ts';
import type { AgentKey, ListAgentKeys } from './agent.ts';
import type { KeyFile, KeyRing } from './keys.ts';

/** One thing to show the server, and how it is called in messages. */
export interface Attempt {
  readonly method: 'publickey' | 'password' | 'keyboard-interactive';
  readonly label: string;
  /** How many of the server's MaxAuthTries it may use up. */
  readonly cost: number;
  readonly auth: AnyAuthMethod;
}

export interface Credentials {
  readonly keys: KeyRing;
  readonly agentKeys: ListAgentKeys;
}

/** sshd's default MaxAuthTries is 6 and the connection is cut at the sixth failure. */
const TRIES = 6;

/**
 * What is tried, in order: key files that were named, the agent's keys, default files, then the password. Keys leave room
 * for the password. Locked files are opened by the agent where it holds them, else their passphrase is asked for.
 */
export async function planAttempts(
  target: ConnectionTarget,
  config: HostConfig,
  { keys, agentKeys }: Credentials,
): Promise<readonly Attempt[]> {
  const { user, identityFiles, identitiesNamed, identitiesOnly } = config;
  const files: KeyFile[] = [];
  for (const file of identityFiles) {
    const loaded = await keys.load(file, identitiesNamed, target.privateKeyPassphrase);
    if (loaded) files.push(loaded);
  }
  const held = await agentKeys(config.agentSocket);
  const fromFiles: Attempt[] = [];
  for (const file of files) {
    const attempt = await fileAttempt(user, file, held, keys);
    if (attempt) fromFiles.push(attempt);
  }
  const ours = new Set(files.map(({ publicKey }) => publicKey));
  const fromAgent = identitiesOnly
    ? []
    : held.filter(({ publicKey }) => !ours.has(publicKey)).map((key) => agentAttempt(user, key));
  const ordered = identitiesNamed ? [...fromFiles, ...fromAgent] : [...fromAgent, ...fromFiles];
  const passwords = target.password === undefined ? [] : passwordAttempts(user, target.password);
  return [...within(ordered, TRIES - 1 - passwords.length), ...passwords];
}

async function fileAttempt(
  user: string,
  file: KeyFile,
  held: readonly AgentKey[],
  keys: KeyRing,
): Promise<Attempt | undefined> {
  const inAgent = file.key ? undefined : held.find(({ publicKey }) => publicKey === file.publicKey);
  if (inAgent) return agentAttempt(user, inAgent);
  const key = await keys.unlock(file);
  if (!key) return undefined;
  return {
    method: 'publickey',
    label: file.file,
    cost: costOf(key.type),
    // ssh2 takes parsed keys, its types do not say so.
    auth: { type: 'publickey', username: user, key: key as ParsedKey },
  };
}

function agentAttempt(user: string, { agent, comment, type }: AgentKey): Attempt {
  return {
    method: 'publickey',
    label: `agent key ${comment || type}`,
    cost: costOf(type),
    auth: { type: 'agent', username: user, agent },
  };
}

/** An RSA key is offered with SHA-512, then with SHA-256 signatures. */
function costOf(type: string): number {
  return type === 'ssh-rsa' ? 2 : 1;
}

function passwordAttempts(username: string, password: string): Attempt[] {
  let answered = false;
  return [
    { method: 'password', label: 'password', cost: 1, auth: { type: 'password', username, password } },
    {
      method: 'keyboard-interactive',
      label: 'password (keyboard-interactive)',
      cost: 1,
      auth: {
        type: 'keyboard-interactive',
        username,
        prompt(_name, _instructions, _language, prompts, finish) {
          // One hidden question is the password; a second one, or a code, is nothing that we know.
          const mine = prompts.length === 1 && prompts[0]?.echo !== true && !answered;
          if (prompts.length > 0) answered = true;
          finish(prompts.map(() => (mine ? password : '')));
        },
      },
    },
  ];
}

function within(attempts: readonly Attempt[], room: number): Attempt[] {
  let spent = 0;
  return attempts.filter(({ cost }) => {
    if (spent + cost > Math.max(1, room)) return false;
    spent += cost;
    return true;
  });
}
