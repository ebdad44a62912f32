import type { Identity } from '../../model/connection.ts';
import { KprepError } from '../../shared/errors.ts';
import type { ChannelEnd } from '../channel.ts';
import { lastLine } from '../sanitise.ts';

interface Cause {
  readonly pattern: RegExp;
  readonly message: (identity: Identity, answered: boolean, match: RegExpExecArray) => string;
  readonly remedy: string;
}

const NO_TERMINAL = /must have a tty|must be run from a terminal|a tty is required/i;

/** The words of sudo 1.8-1.9 (plugins/sudoers), shadow's and util-linux' su, OpenDoas. First match wins. */
const CAUSES: readonly Cause[] = [
  {
    pattern: /(\S+) is not in the sudoers file|(\S+) may not run sudo|user (\S+) is not allowed to execute/i,
    message: (_identity, _answered, [, a, b, c]) => `${a ?? b ?? c} is not in the sudoers file`,
    remedy: 'Add a rule under /etc/sudoers.d (visudo -f), or log in as another user.',
  },
  {
    pattern: NO_TERMINAL,
    message: ({ method }) => `${method} requires a tty`,
    remedy: 'Remove `requiretty` from sudoers; kprep lends a terminal to become root only.',
  },
  {
    pattern:
      /a password is required|a terminal is required|no tty present|no password was provided|no password supplied|Authori[sz]ation required/i,
    message: ({ method }) => `${method} asks for a password`,
    remedy: 'Give it with -K (--ask-become-pass) or ansible_become_password.',
  },
  {
    pattern: /incorrect password|sorry, try again|authentication fail|\d+ incorrect/i,
    message: ({ method }, answered) => (answered ? `the ${method} password is wrong` : `${method} asks for a password`),
    remedy: 'Give the right one with -K (--ask-become-pass) or ansible_become_password.',
  },
  {
    pattern:
      /account (?:or password is |validation|has )?(?:expired|locked)|temporarily locked|password expired|account is locked/i,
    message: ({ method }) => `${method}: the account is locked or expired`,
    remedy: 'See `chage -l` and `faillock` on the host.',
  },
  {
    pattern: /unknown user:? ?(\S*)|user (\S+) does not exist/i,
    message: ({ user }) => `there is no user ${user ?? 'root'} on the host`,
    remedy: 'Check become_user.',
  },
  {
    pattern: /not allowed to|not permitted|permission denied/i,
    message: ({ method, user }) => `${method} does not allow a shell as ${user ?? 'root'}`,
    remedy: 'kprep needs `/bin/sh` allowed for that user.',
  },
  {
    pattern: /(?:command )?not found|no such file or directory|unknown command/i,
    message: ({ method, executable }) => `${executable ?? method}: command not found`,
    remedy: 'Install it, log in as root, or choose another --become-method.',
  },
];

/** Whether a terminal is all that it wants. */
export function wantsTerminal(said: string): boolean {
  return NO_TERMINAL.test(said);
}

/** Why sudo, su or doas gave no shell. `said` is all that it printed; what we do not know is quoted. */
export function explainRefusal(identity: Identity, said: string, end: ChannelEnd, answered = false): KprepError {
  for (const { pattern, message, remedy } of CAUSES) {
    const match = pattern.exec(said);
    if (match) return new KprepError('become', message(identity, answered, match), { remedy });
  }
  const words = lastLine(said);
  const status = end.signal === undefined ? `status ${end.status}` : `signal ${end.signal}`;
  return new KprepError('become', `${identity.method} gives no shell (${status})${words ? `: ${words}` : ''}`);
}
