import type { OptionRow, Options } from '../options.ts';

const COPIES = 'What the copies are like:';

const links = {
  type: 'string',
  group: COPIES,
  choices: ['keep', 'follow'],
  default: 'keep',
  describe: 'links: keep them, or follow them and take what they lead to',
} as const satisfies OptionRow;

/** What `kprep copy` takes besides. */
export const copyOptions = {
  owner: { type: 'string', group: COPIES, requiresArg: true, describe: 'owner on the host: a name or a number' },
  group: { type: 'string', group: COPIES, requiresArg: true, describe: 'group on the host: a name or a number' },
  mode: {
    type: 'string',
    group: COPIES,
    requiresArg: true,
    describe: 'octal mode of files; directories can be entered by whom may read them (that of the source)',
  },
  links,
} as const satisfies Record<string, OptionRow>;

/** What `kprep sync` takes besides. */
export const syncOptions = {
  ...copyOptions,
  delete: { type: 'boolean', group: COPIES, describe: 'remove what is below DEST and not in SRC' },
} as const satisfies Record<string, OptionRow>;

/** What `kprep fetch` takes besides. */
export const fetchOptions = {
  links,
  'max-size': {
    type: 'string',
    group: COPIES,
    requiresArg: true,
    default: '4G',
    describe: 'bytes that one host may send; more is refused',
  },
} as const satisfies Record<string, OptionRow>;

export type CopyOptions = Options<typeof copyOptions>;
export type SyncOptions = Options<typeof syncOptions>;
export type FetchOptions = Options<typeof fetchOptions>;
