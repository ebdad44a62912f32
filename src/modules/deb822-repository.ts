import type { ArgSpec, ArgsOf } from '../model/args.ts';
import { type Decision, defineModule, type Module } from '../model/module.ts';
import { sh } from '../shared/sh.ts';
import { attributeChanges, attributesScript, modeProblem } from './system/file-attributes.ts';
import { parseSections, sectionScript } from './system/sections.ts';
import { byteText, editText, removeText, textIn } from './system/text-file.ts';

interface SourcesState {
  readonly apt: boolean;
  readonly file?: Buffer;
  readonly unreadable: boolean;
  readonly attributes: string;
}

/** The fields of sources.list(5), each with the parameter that fills it. */
const FIELDS = {
  allow_downgrade_to_insecure: { type: 'bool', doc: 'Take packages of a repository that was signed and is no longer.' },
  allow_insecure: { type: 'bool', doc: 'Take a repository that is not signed.' },
  allow_weak: { type: 'bool', doc: 'Take signatures with weak digests.' },
  architectures: { type: 'list', elements: 'str', doc: 'Architectures to look for.' },
  by_hash: { type: 'bool', doc: 'Fetch indexes by their hashes.' },
  check_date: { type: 'bool', doc: 'Believe the clock of the host.' },
  check_valid_until: { type: 'bool', doc: 'Refuse lists that are too old.' },
  components: { type: 'list', elements: 'str', doc: 'Components of the suites; none where the suite is a path.' },
  date_max_future: { type: 'int', doc: 'Seconds that a date may lie in the future.' },
  enabled: { type: 'bool', doc: 'Whether it is used.' },
  exclude: { type: 'list', elements: 'str', doc: 'Packages that are never taken from it.' },
  include: { type: 'list', elements: 'str', doc: 'Only these packages are taken from it.' },
  inrelease_path: { type: 'str', doc: 'Path of the InRelease file.' },
  languages: { type: 'list', elements: 'str', doc: 'Translations to fetch.' },
  pdiffs: { type: 'bool', doc: 'Fetch indexes as differences.' },
  signed_by: {
    type: 'str',
    doc: 'Path of the keyring, fingerprint, or the armored key itself.',
    differs: 'An address is refused: fetch the key with get_url and give the path.',
  },
  suites: { type: 'list', elements: 'str', doc: 'Suites, or a path that ends in a slash.' },
  targets: { type: 'list', elements: 'str', doc: 'Indexes to fetch.' },
  trusted: { type: 'bool', doc: 'Take it as if it were signed.' },
  types: {
    type: 'list',
    elements: 'str',
    default: ['deb'],
    choices: ['deb', 'deb-src'],
    doc: 'Packages, sources or both.',
  },
  uris: { type: 'list', elements: 'str', doc: 'Addresses.' },
} as const satisfies ArgSpec;

const ARGS = {
  ...FIELDS,
  name: { type: 'str', required: true, doc: 'Name of the repository; the file is named after it.' },
  state: { type: 'str', default: 'present', choices: ['absent', 'present'], doc: 'Whether the file is there.' },
  mode: { type: 'mode', default: '0644', doc: 'Mode of the file.' },
  install_python_debian: { type: 'bool', default: false, doc: 'Accepted; nothing is needed on the host.' },
} as const;

type Args = ArgsOf<typeof ARGS>;

export const deb822Repository: Module<typeof ARGS, SourcesState> = defineModule({
  name: 'deb822_repository',
  summary: 'Sources of apt as files of fields (.sources).',
  args: ARGS,
  validate: (args) => {
    if (slugOf(args.name) === '') return `${JSON.stringify(args.name)} makes no file name`;
    if (args.signed_by?.includes('://')) return 'signed_by: fetch the key with get_url, and give its path';
    if (args.state === 'present' && (!args.uris?.length || !args.suites?.length))
      return 'uris and suites are needed with state present';
    return modeProblem(args.mode);
  },
  touches: (args) => [`file:${pathOf(args)}`, `repo:${args.name}`],
  read: (args) => ({
    script: sectionScript(
      sh`if [ -d /etc/apt ]; then kp_say apt yes; fi
kp_file file ${pathOf(args)}`,
      attributesScript(pathOf(args)),
    ),
    parse: (out) => {
      const sections = parseSections(out.stdout);
      const file = sections.file('file');
      return {
        now: {
          apt: sections.say('apt') === 'yes',
          unreadable: sections.unreadable.includes('file'),
          attributes: sections.say('attributes'),
          ...(file ? { file } : {}),
        },
      };
    },
  }),
  plan: decide,
  result: (args) => ({ repo: textOf(args), dest: pathOf(args), key_filename: '' }),
});

function decide(args: Args, now: SourcesState): Decision {
  if (!now.apt) return { failed: 'this host has no apt' };
  const path = pathOf(args);
  if (now.unreadable) return { failed: `${path} cannot be read` };
  if (args.state === 'absent') return now.file ? [removeText(path, now.file, `remove ${path}`)] : [];
  const text = byteText(textOf(args));
  if (textIn(now.file) === text) return attributeChanges(path, { mode: args.mode }, now.attributes);
  return [
    editText({
      path,
      before: now.file,
      after: text,
      summary: `write the repository ${args.name} to ${path}`,
      mode: args.mode,
      makeParents: true,
    }),
  ];
}

function pathOf(args: Args): string {
  return `/etc/apt/sources.list.d/${slugOf(args.name)}.sources`;
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/** In the order of the parameters, as Ansible writes them. */
function textOf(args: Args): string {
  const given = { ...args, x_repolib_name: args.name } as Readonly<Record<string, unknown>>;
  const keys = [...Object.keys(FIELDS), 'x_repolib_name'].sort();
  return keys
    .flatMap((key) => (given[key] === undefined ? [] : [`${fieldName(key)}: ${fieldText(key, given[key])}\n`]))
    .join('');
}

const SPELLED: Readonly<Record<string, string>> = {
  inrelease_path: 'InRelease-Path',
  pdiffs: 'PDiffs',
  uris: 'URIs',
  x_repolib_name: 'X-Repolib-Name',
};

function fieldName(key: string): string {
  return (
    SPELLED[key] ??
    key
      .split('_')
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join('-')
  );
}

/** A key of several lines is a field of several lines: each indented, an empty one a dot (deb822(5)). */
function fieldText(key: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.join(' ');
  const text = String(value).trim();
  if (key !== 'signed_by' || !text.includes('\n')) return text;
  return `\n${text
    .split('\n')
    .map((line) => (line.trim() === '' ? ' .' : ` ${line.trimEnd()}`))
    .join('\n')}`;
}
