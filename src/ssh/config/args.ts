import { KprepError } from '../../shared/errors.ts';
import { type ConfigLine, parseConfig } from './parse.ts';

const WITH_VALUE: Readonly<Record<string, string>> = {
  J: 'proxyjump',
  i: 'identityfile',
  p: 'port',
  l: 'user',
};
/** They change nothing that we do. */
const WITHOUT_EFFECT = /^-[CqvAaXxYTtnNgkK]+$/;

/**
 * The options of `ansible_ssh_common_args` as lines of ssh_config, which go before those of the files.
 * @throws KprepError `unreachable` for what only the ssh program knows.
 */
export function linesOfArgs(args: readonly string[]): readonly ConfigLine[] {
  const left = [...args];
  const lines: ConfigLine[] = [];
  for (let arg = left.shift(); arg !== undefined; arg = left.shift()) lines.push(...linesOfArg(arg, left));
  return lines;
}

function linesOfArg(arg: string, left: string[]): readonly ConfigLine[] {
  if (WITHOUT_EFFECT.test(arg)) return [];
  if (arg === '-4' || arg === '-6') return lineOf('o', `AddressFamily=${arg === '-4' ? 'inet' : 'inet6'}`);
  const [, option, glued] = /^-([oJipl])(.*)$/s.exec(arg) ?? [];
  if (option === undefined) {
    throw new KprepError('unreachable', `the ssh argument ${JSON.stringify(arg)} is not known here`, {
      remedy: 'Use --transport openssh, which hands it to ssh.',
    });
  }
  const value = glued || left.shift();
  if (value === undefined) throw new KprepError('unreachable', `ssh argument ${arg} lacks its value`);
  return lineOf(option, value);
}

function lineOf(option: string, value: string): readonly ConfigLine[] {
  const keyword = WITH_VALUE[option];
  if (keyword !== undefined) return [{ file: 'ssh arguments', line: 1, keyword, words: [value], rest: value }];
  const { lines, problems } = parseConfig(value, 'ssh arguments');
  const [problem] = problems;
  if (problem) throw new KprepError('unreachable', `ssh argument -o ${value}: ${problem.message}`);
  return lines;
}
