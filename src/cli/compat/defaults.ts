import { wrap } from './help.ts';
import { type OptionValue, pythonInt, ValueError } from './option-parser.ts';
import type { Tool } from './tools.ts';

type Env = Readonly<Record<string, string | undefined>>;

const PARALLEL = 32;
const VARIABLES: readonly (readonly [string, string])[] = [
  ['user', 'PSSH_USER'],
  ['par', 'PSSH_PAR'],
  ['outdir', 'PSSH_OUTDIR'],
  ['errdir', 'PSSH_ERRDIR'],
  ['timeout', 'PSSH_TIMEOUT'],
  ['verbose', 'PSSH_VERBOSE'],
  ['print_out', 'PSSH_PRINT'],
  ['askpass', 'PSSH_ASKPASS'],
  ['inline', 'PSSH_INLINE'],
  ['recursive', 'PSSH_RECURSIVE'],
  ['archive', 'PSSH_ARCHIVE'],
  ['compress', 'PSSH_COMPRESS'],
  ['localdir', 'PSSH_LOCALDIR'],
];

export interface Defaults {
  readonly values: Readonly<Record<string, OptionValue>>;
  /** For standard error. */
  readonly warning: string;
}

/**
 * The defaults of a tool after the environment: any text that is not empty switches a flag on, `0` too.
 * @throws ValueError where a number is none.
 */
export function readDefaults(tool: Tool, env: Env): Defaults {
  const values: Record<string, OptionValue> = { par: PARALLEL, timeout: tool.timeout };
  for (const [dest, name] of VARIABLES) {
    const value = env[name];
    const option = tool.options.find((one) => one.dest === dest);
    if (value && option) values[dest] = option.action === 'flag' ? true : option.int ? numberOf(name, value) : value;
  }
  if (env.PSSH_OPTIONS) values.options = [env.PSSH_OPTIONS];
  if (!env.PSSH_HOSTS) return { values, warning: '' };
  return { values: { ...values, host_files: [env.PSSH_HOSTS] }, warning: HOSTS_WARNING };
}

function numberOf(name: string, text: string): number {
  const number = pythonInt(text);
  if (number === undefined) throw new ValueError(`${name}: invalid integer value: '${text}'`);
  return number;
}

const HOSTS_WARNING = `${wrap(
  'Warning: the PSSH_HOSTS environment variable is deprecated.  Please use the "-h" option instead, and consider creating aliases for convenience.  For example:',
  70,
).join('\n')}
    alias pssh_abc='pssh -h /path/to/hosts_abc'
`;
