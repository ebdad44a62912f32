import type { Identity } from '../../model/connection.ts';
import { KprepError } from '../../shared/errors.ts';
import type { Carrier, Channel, ChannelEnd } from '../channel.ts';
import { promptOf, upMark } from './command.ts';
import { explainRefusal } from './explain.ts';

export interface DialogOptions {
  readonly identity: Identity;
  readonly nonce: string;
  readonly carrier: Carrier;
  /** Both outputs are one, with carriage returns. */
  readonly terminal?: boolean;
}

const LONGEST = 64 * 1024;

/**
 * Waits for the shell behind sudo or su, and gives the password once, and only when a prompt was seen: written blindly it
 * would end in the shell where no password is asked for.
 * @throws KprepError `become` with the real cause; at the second prompt the password is known to be wrong.
 */
export async function answerPrompts(channel: Channel, options: DialogOptions): Promise<void> {
  const { identity, carrier, terminal } = options;
  const dialog = { heard: '', answered: false };
  const result = await new Promise<ChannelEnd | KprepError | undefined>((resolve) => {
    // Read even where nothing is expected: a channel with unread output never ends.
    const onStdout = (chunk: Buffer): void => {
      if (identity.method !== 'sudo' || terminal) onData(chunk);
    };
    const leave = (why: ChannelEnd | KprepError | undefined): void => {
      channel.stderr.off('data', onData);
      channel.stdout.off('data', onStdout);
      resolve(why);
    };
    const onData = (chunk: Buffer): void => {
      dialog.heard = (dialog.heard + chunk.toString('utf8')).slice(-LONGEST);
      const answer = answerTo(dialog, options);
      if (answer === 'up') leave(undefined);
      else if (answer instanceof KprepError) leave(answer);
      else if (answer === 'answer') {
        dialog.answered = true;
        dialog.heard = '';
        channel.stdin.write(`${identity.password}\n`);
      }
    };
    channel.stderr.on('data', onData);
    channel.stdout.on('data', onStdout);
    void channel.ended.then(leave);
  });
  if (result === undefined) return;
  channel.stdin.end();
  channel.destroy();
  if (result instanceof KprepError) throw result;
  if (result.status === undefined && result.signal === undefined) {
    throw new KprepError('lost', carrier.reason() ?? 'the connection went');
  }
  throw explainRefusal(identity, dialog.heard, result, dialog.answered);
}

function literally(text: string): string {
  return text.replace(/[[\]]/g, '\\$&');
}

type Answer = 'up' | 'answer' | 'wait' | KprepError;

function answerTo(dialog: { heard: string; answered: boolean }, { identity, nonce }: DialogOptions): Answer {
  if (new RegExp(`${literally(upMark(nonce))}\\r?\\n`).test(dialog.heard)) return 'up';
  if (!isPrompt(dialog.heard, identity, nonce)) return 'wait';
  if (identity.password === undefined) return noPassword(identity);
  return dialog.answered ? wrongPassword(identity) : 'answer';
}

/** su asks with PAM's words, in the language of the login; nothing but a question ends in a colon without a newline. */
function isPrompt(heard: string, { method }: Identity, nonce: string): boolean {
  return method === 'sudo' ? heard.includes(promptOf(nonce)) : /(?:^|\n)[^\n]*[:：] ?$/.test(heard);
}

function noPassword({ method }: Identity): KprepError {
  return new KprepError('become', `${method} asks for a password`, {
    remedy: 'Give it with -K (--ask-become-pass) or ansible_become_password.',
  });
}

function wrongPassword({ method }: Identity): KprepError {
  return new KprepError('become', `the ${method} password is wrong`, {
    remedy: 'It was given once and not tried again.',
  });
}
