import type { Secrets } from '../shared/secrets.ts';
import type { Io } from './io.ts';
import { askPassword } from './passwords.ts';

/** A play's `vars_prompt`. */
export interface Question {
  readonly name: string;
  readonly text: string;
  readonly private: boolean;
  readonly confirm: boolean;
  readonly default?: string;
}

/** Asks for one variable, twice where it is to be confirmed; an empty answer is the default. Private answers are secrets. */
export async function askVariable(io: Io, question: Question, secrets: Secrets): Promise<string> {
  const hint = question.default === undefined || question.private ? '' : ` [${question.default}]`;
  const echo = { echo: !question.private };
  while (true) {
    const answer = (await askPassword(io, `${question.text}${hint}: `, echo)) || (question.default ?? '');
    const agreed = !question.confirm || (await askPassword(io, `confirm ${question.text}: `, echo)) === answer;
    if (question.private && answer !== '') secrets.add(answer);
    if (agreed) return answer;
    io.stderr.write('the two answers differ; once more\n');
  }
}
