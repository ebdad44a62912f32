import { execFile } from 'node:child_process';
import { quote } from '../../shared/sh.ts';
import type { ChildCommand } from './child-job.ts';
import { safeHost } from './copy-commands.ts';
import type { Job } from './manager.ts';
import { commandScript } from './remote-job.ts';

export interface SshCommandRequest {
  /** ssh's options in pssh's order. */
  readonly options: readonly string[];
  readonly terminal: boolean;
  readonly command: string;
  readonly input: Buffer | undefined;
}

/** The system's ssh as pssh runs it, for a terminal on the host. The host's end of it hangs up when this ssh dies. */
export function sshCommand(job: Job, { options, terminal, command, input }: SshCommandRequest): ChildCommand {
  return {
    file: 'ssh',
    args: [
      terminal ? '-tt' : '-T',
      safeHost(job.entry),
      ...['-o', 'NumberOfPasswordPrompts=1'],
      ...options,
      // Behind ssh's own options, so that no option is taken for the command.
      ...['--', wrapped(job.env, command)],
    ],
    ...(input === undefined ? {} : { input }),
  };
}

/** For any login shell: one constant word and one of letters, digits and backslashes. */
function wrapped(env: Readonly<Record<string, string>>, command: string): string {
  const exports = Object.entries(env).map(([name, value]) => `${name}=${quote(value)}; export ${name}`);
  const program = [...exports, commandScript(command)].join('\n');
  const encoded = [...Buffer.from(program, 'utf8')].map((byte) => `\\0${byte.toString(8).padStart(3, '0')}`).join('');
  return `exec /bin/sh -c 'eval "$(printf %b "$0")"' '${encoded}'`;
}

const FIRST_CONTACT = ['-o', 'StrictHostKeyChecking=accept-new'] as const;

/**
 * What a system program is given beyond the operator's options: new host keys are accepted, as our own transport does, where
 * neither an option nor ssh_config says what to do. ssh itself would ask, and nobody could answer.
 */
export async function firstContact(host: string, options: readonly string[]): Promise<readonly string[]> {
  const settings = await new Promise<string>((resolve) => {
    execFile('ssh', ['-G', ...options, '--', host], (_error, stdout) => resolve(stdout));
  });
  return /^stricthostkeychecking (ask|true)$/m.exec(settings)?.[1] === 'ask' ? FIRST_CONTACT : [];
}
