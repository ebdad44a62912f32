import { OptionError } from './option-parser.ts';
import type { FamilyOptions } from './options.ts';
import type { ToolName } from './tools.ts';

/** @throws OptionError where words or hosts lack, in the order and the words of pssh. */
export function checkWords(tool: ToolName, options: FamilyOptions): void {
  const problem = CHECKS[tool](options);
  if (problem !== undefined) throw new OptionError(problem);
  if (options.hostFiles.length === 0 && options.hostStrings.length === 0) throw new OptionError('Hosts not specified.');
}

const CHECKS: Readonly<Record<ToolName, (options: FamilyOptions) => string | undefined>> = {
  pssh: ({ words, sendInput }) => (words.length === 0 && !sendInput ? 'Command not specified.' : undefined),
  pnuke: ({ words: { length } }) =>
    length === 0 ? 'Pattern not specified.' : length > 1 ? 'Extra arguments given after the pattern.' : undefined,
  pscp: copyWords,
  prsync(options) {
    const problem = copyWords(options);
    if (problem !== undefined || !options.download || options.words.length === 2) return problem;
    return 'Extra arguments given after the local path.';
  },
  pslurp: ({ words: { length } }) =>
    length === 0
      ? 'Paths not specified.'
      : length === 1
        ? 'Local path not specified.'
        : length > 2
          ? 'Extra arguments given after the local path.'
          : undefined,
};

function copyWords({ words: { length }, download }: FamilyOptions): string | undefined {
  if (length === 0) return 'Paths not specified.';
  if (length > 1) return undefined;
  return download ? 'Local path not specified.' : 'Remote path not specified.';
}
