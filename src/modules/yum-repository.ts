import type { ArgSpec, ArgsOf } from '../model/args.ts';
import type { Change } from '../model/change.ts';
import { type Decision, defineModule, type Module } from '../model/module.ts';
import { sh } from '../shared/sh.ts';
import {
  attributeArgs,
  attributeChanges,
  attributesOf,
  attributesScript,
  modeProblem,
} from './system/file-attributes.ts';
import { type IniPiece, joinIni, optionsOf, splitIni } from './system/ini-sections.ts';
import { parseSections, sectionScript } from './system/sections.ts';
import { byteText, editText, removeText, textIn } from './system/text-file.ts';

interface RepositoryState {
  readonly directory: boolean;
  readonly file?: Buffer;
  readonly unreadable: boolean;
  readonly attributes: string;
}

const OPTIONS = {
  async: { type: 'bool', doc: 'Fetch metadata in parallel.' },
  bandwidth: { type: 'str', doc: 'Network bandwidth that throttle counts with, in bytes per second.' },
  baseurl: { type: 'list', elements: 'str', doc: 'Addresses of the directory that holds repodata.' },
  cost: { type: 'str', doc: 'Cheaper repositories are preferred.' },
  deltarpm_metadata_percentage: { type: 'str', doc: 'Size up to which delta metadata is fetched.' },
  deltarpm_percentage: { type: 'str', doc: 'Size up to which delta packages are used.' },
  enabled: { type: 'bool', doc: 'Whether it is used.' },
  enablegroups: { type: 'bool', doc: 'Whether its groups are used.' },
  exclude: { type: 'list', elements: 'str', doc: 'Packages that are never taken from it.' },
  failovermethod: { type: 'str', choices: ['roundrobin', 'priority'], doc: 'Order of several addresses.' },
  gpgcakey: { type: 'str', doc: 'Address of the CA key.' },
  gpgcheck: { type: 'bool', doc: 'Whether signatures of packages are checked.' },
  gpgkey: { type: 'list', elements: 'str', doc: 'Addresses of its keys.' },
  module_hotfixes: { type: 'bool', doc: 'Whether it may bring packages of modules.' },
  http_caching: { type: 'str', choices: ['all', 'packages', 'none'], doc: 'What proxies may cache.' },
  include: { type: 'str', doc: 'A further configuration file.' },
  includepkgs: { type: 'list', elements: 'str', doc: 'Only these packages are taken from it.' },
  ip_resolve: { type: 'str', choices: ['4', '6', 'IPv4', 'IPv6', 'whatever'], doc: 'Family of addresses.' },
  keepalive: { type: 'bool', doc: 'Whether connections are kept.' },
  keepcache: { type: 'str', choices: ['0', '1'], doc: 'Whether packages are kept.' },
  metadata_expire: { type: 'str', doc: 'How long metadata stays good.' },
  metadata_expire_filter: {
    type: 'str',
    choices: ['never', 'read-only:past', 'read-only:present', 'read-only:future'],
    doc: 'For which commands.',
  },
  metalink: { type: 'str', doc: 'Address of a metalink.' },
  mirrorlist: { type: 'str', doc: 'Address of a list of mirrors.' },
  mirrorlist_expire: { type: 'str', doc: 'How long that list stays good.' },
  password: { type: 'str', secret: true, doc: 'Password for it.' },
  priority: { type: 'str', doc: 'Lower goes first.' },
  protect: { type: 'bool', doc: 'Whether other repositories may update its packages.' },
  proxy: { type: 'str', doc: 'Proxy, or _none_.' },
  proxy_password: { type: 'str', secret: true, doc: 'Password for the proxy.' },
  proxy_username: { type: 'str', doc: 'User at the proxy.' },
  repo_gpgcheck: { type: 'bool', doc: 'Whether the signature of its metadata is checked.' },
  retries: { type: 'str', doc: 'Tries to fetch a file.' },
  s3_enabled: { type: 'bool', doc: 'Amazon S3 authentication.' },
  skip_if_unavailable: { type: 'bool', doc: 'Go on without it where it does not answer.' },
  ssl_check_cert_permissions: { type: 'bool', doc: 'Check who may read the certificates.' },
  sslcacert: { type: 'str', aliases: ['ca_cert'], doc: 'Certificates of authorities.' },
  sslclientcert: { type: 'str', aliases: ['client_cert'], doc: 'Certificate to show.' },
  sslclientkey: { type: 'str', aliases: ['client_key'], doc: 'Its key.' },
  sslverify: { type: 'bool', aliases: ['validate_certs'], doc: 'Check certificates.' },
  throttle: { type: 'str', doc: 'Limit of the bandwidth.' },
  timeout: { type: 'str', doc: 'Seconds to wait for an answer.' },
  ui_repoid_vars: { type: 'str', doc: 'Variables shown with its name.' },
  username: { type: 'str', doc: 'User for it.' },
} as const satisfies ArgSpec;

const ARGS = {
  ...OPTIONS,
  ...attributeArgs,
  name: { type: 'str', required: true, doc: 'Its id, in brackets in the file.' },
  description: { type: 'str', doc: 'Its name for people; needed with state present.' },
  state: { type: 'str', default: 'present', choices: ['present', 'absent'], doc: 'Whether the file has it.' },
  file: { type: 'str', doc: 'The file, without .repo; the id where it is absent.' },
  reposdir: { type: 'path', default: '/etc/yum.repos.d', doc: 'The directory.' },
} as const;

type Args = ArgsOf<typeof ARGS>;

export const yumRepository: Module<typeof ARGS, RepositoryState> = defineModule({
  name: 'yum_repository',
  summary: 'Repositories of yum and dnf, each a section of a file; other sections stay byte for byte.',
  args: ARGS,
  validate: (args) => {
    if (!/^[A-Za-z0-9_.:-]+$/.test(args.name)) return `${JSON.stringify(args.name)} is no id of a repository`;
    if (args.file !== undefined && /[/\n]/.test(args.file)) return 'file is a name without directories';
    if (args.state === 'absent') return undefined;
    if (!args.baseurl && !args.metalink && !args.mirrorlist)
      return "Parameter 'baseurl', 'metalink' or 'mirrorlist' is required.";
    return args.description === undefined ? "Parameter 'description' is required." : modeProblem(args.mode);
  },
  touches: (args) => [`file:${pathOf(args)}`, `repo:${args.name}`],
  read: (args) => ({
    script: sectionScript(
      sh`if [ -d ${args.reposdir} ]; then kp_say directory yes; fi
kp_file file ${pathOf(args)}`,
      attributesScript(pathOf(args)),
    ),
    parse: (out) => {
      const sections = parseSections(out.stdout);
      const file = sections.file('file');
      return {
        now: {
          directory: sections.say('directory') === 'yes',
          unreadable: sections.unreadable.includes('file'),
          attributes: sections.say('attributes'),
          ...(file ? { file } : {}),
        },
      };
    },
  }),
  plan: decide,
  result: (args) => ({ repo: args.name, state: args.state }),
});

function pathOf(args: Args): string {
  return `${args.reposdir.replace(/\/$/, '')}/${args.file ?? args.name}.repo`;
}

function decide(args: Args, now: RepositoryState): Decision {
  if (!now.directory) return { failed: `Repo directory '${args.reposdir}' does not exist.` };
  if (now.unreadable) return { failed: `${pathOf(args)} cannot be read` };
  const pieces = splitIni(textIn(now.file));
  return args.state === 'absent' ? removal(args, now, pieces) : presence(args, now, pieces);
}

function presence(args: Args, now: RepositoryState, pieces: readonly IniPiece[]): readonly Change[] {
  const path = pathOf(args);
  const wanted = optionsFrom(args);
  const old = pieces.find((piece) => piece.name === args.name);
  if (old && sameOptions(optionsOf(old), wanted)) return attributeChanges(path, attributesOf(args), now.attributes);
  const piece: IniPiece = {
    name: args.name,
    lines: [`[${args.name}]`, ...[...wanted].map(([key, value]) => byteText(optionLine(key, value))), ''],
  };
  const after = old ? pieces.map((one) => (one === old ? piece : one)) : [...spaced(pieces), piece];
  const attributes = attributesOf(args);
  return [
    {
      ...editText({
        path,
        before: now.file,
        after: joinIni(after),
        summary: `${old ? 'change' : 'add'} the repository ${args.name} in ${path}`,
        mode: attributes.mode ?? (now.file ? undefined : '0644'),
        hideDiff: args.password !== undefined || args.proxy_password !== undefined,
      }),
      ...(attributes.owner === undefined ? {} : { owner: attributes.owner }),
      ...(attributes.group === undefined ? {} : { group: attributes.group }),
    },
  ];
}

/** An empty line before a section that is added. */
function spaced(pieces: readonly IniPiece[]): readonly IniPiece[] {
  const last = pieces.at(-1);
  if (last === undefined || last.lines.length === 0 || last.lines.at(-1)?.trim() === '') return pieces;
  return [...pieces.slice(0, -1), { ...last, lines: [...last.lines, ''] }];
}

function removal(args: Args, now: RepositoryState, pieces: readonly IniPiece[]): readonly Change[] {
  if (now.file === undefined || !pieces.some((piece) => piece.name === args.name)) return [];
  const rest = pieces.filter((piece) => piece.name !== args.name);
  const path = pathOf(args);
  const summary = `remove the repository ${args.name} from ${path}`;
  if (!rest.some((piece) => piece.name !== undefined)) return [removeText(path, now.file, summary)];
  return [editText({ path, before: now.file, after: joinIni(rest), summary })];
}

/** What the section must hold, in the order of the names. */
function optionsFrom(args: Args): ReadonlyMap<string, string> {
  const given = { ...args, name: args.description } as Readonly<Record<string, unknown>>;
  const keys = [...Object.keys(OPTIONS), 'name'].sort();
  return new Map(keys.flatMap((key) => (given[key] === undefined ? [] : [[key, valueText(key, given[key])] as const])));
}

/** Lists as Ansible writes them: addresses on lines of their own, packages with blanks between. */
function valueText(key: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (Array.isArray(value)) return value.join(key === 'baseurl' || key === 'gpgkey' ? '\n' : ' ');
  return String(value);
}

function optionLine(key: string, value: string): string {
  return `${key} = ${value.replaceAll('\n', '\n\t')}`;
}

function sameOptions(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...b].every(([key, value]) => a.get(key) === byteText(value));
}
