export interface Explained {
  readonly message: string;
  readonly remedy?: string;
}

/** Why a package manager failed, from what it printed; undefined where none of the known causes shows. */
export function explainPackages(text: string, lockTimeout = 0): Explained | undefined {
  for (const [pattern, explain] of CAUSES) {
    const match = pattern.exec(text);
    if (match) return explain(match, { text, lockTimeout });
  }
  return undefined;
}

interface Told {
  readonly text: string;
  readonly lockTimeout: number;
}

type Cause = readonly [RegExp, (match: RegExpExecArray, told: Told) => Explained];

/** In the order of how much they say: a full disk also makes downloads fail, a missing key also makes packages unknown. */
const CAUSES: readonly Cause[] = [
  [/^kprep-lock (\S+) (\d+) (.*)$/m, ([, file = '', pid = '', by = ''], told) => locked(file, pid, by, told)],
  [
    /Could not get lock (\S+?)\.? It is held by process (\d+) \((.*?)\)/,
    ([, file = '', pid = '', by = ''], told) => locked(file, pid, by, told),
  ],
  [
    /Could not get lock (\S+)/,
    ([, file = '']) => ({ message: `${file} is locked by another package manager`, remedy: WAIT }),
  ],
  [
    /dpkg: error processing (?:package|archive) (\S+) \(--\w+\):\n\s*([^\n]*)/,
    ([, name = '', why = '']) => ({
      message: `dpkg could not finish ${name}: ${why.trim()}`,
      remedy: `repair or purge it; until then every run of apt tries it again`,
    }),
  ],
  [
    /dpkg was interrupted/,
    () => ({
      message: 'dpkg was interrupted earlier and left packages half set up',
      remedy: 'run: dpkg --configure -a',
    }),
  ],
  [
    /(?:superuser privileges|are you root\?|must be run under the root user|need to be root)/i,
    () => ({ message: 'package management needs root', remedy: 'use become' }),
  ],
  [
    /You don't have enough free space in (\S+?)\.?$|more space needed on the (\S+) filesystem|No space left on device/m,
    (match) => ({
      message: `the disk is full${place(match[1] ?? match[2])}`,
      remedy: 'make room (apt: state of the cache with `clean: true`) and run again',
    }),
  ],
  [/NO_PUBKEY ([0-9A-F]+)/i, ([, key = ''], told) => missingKey(key, told)],
  [
    /EXPKEYSIG ([0-9A-F]+)|KEYEXPIRED/i,
    ([, key]) => ({
      message: `the signing key ${key ?? ''} of a repository has expired`.replace('  ', ' '),
      remedy: "fetch the repository's key again; it was renewed under the same address",
    }),
  ],
  [
    /The repository '([^']*)' is not signed/,
    ([, repo = '']) => ({
      message: `the repository '${repo}' is not signed`,
      remedy: 'check its address; a repository of your own that is unsigned needs [trusted=yes] in its line',
    }),
  ],
  [
    /Public key for (\S+) is not installed|Import of key\(s\) didn't help/,
    ([, rpm]) => ({
      message: `the key that signed ${rpm ?? 'the package'} is not installed`,
      remedy: 'name the key in gpgkey of the repository, or import it with rpm_key',
    }),
  ],
  [
    /Package (\S+) is not signed|GPG check FAILED|repomd\.xml GPG signature verification error/,
    ([whole, rpm]) => ({
      message: rpm ? `the package ${rpm} is not signed` : `a signature is wrong: ${whole}`,
      remedy: 'a repository of your own that is unsigned needs gpgcheck=0, or disable_gpg_check: true for this task',
    }),
  ],
  [
    /(?:filtered out by exclude filtering|excluded by filtering|is filtered out by exclude)[^:\n]*?(?:for argument: (\S+))?$/m,
    ([, name]) => ({
      message: `${name ?? 'the package'} is excluded by the configuration of the repository (exclude=…)`,
      remedy:
        'add disable_excludes: REPOSITORY (yum, dnf 4: --disableexcludes=kubernetes; dnf 5: --setopt=disable_excludes=kubernetes)',
    }),
  ],
  [
    /cannot install both (\S+?)(?: from \S+)? and (\S+?)(?: from \S+)?$/m,
    ([, one = '', other = '']) => ({
      message: `cannot install both ${one} and ${other}: the repository holds builds that conflict with the one installed`,
      remedy: `name one exact version, or exclude the old builds (exclude=${withoutArch(other)} in /etc/yum.conf or the repository)`,
    }),
  ],
  [
    /Held packages were changed and -y was used without --allow-change-held-packages/,
    (_match, { text }) => ({
      message: `packages on hold would change${after(text, 'held packages will be changed')}`,
      remedy: 'add allow_change_held_packages: true; they stay on hold afterwards',
    }),
  ],
  [
    /Packages were downgraded and -y was used without --allow-downgrades/,
    (_match, { text }) => ({
      message: `packages would be downgraded${after(text, 'will be DOWNGRADED')}`,
      remedy: 'add allow_downgrade: true if that is meant',
    }),
  ],
  [/Unable to locate package (\S+)/, ([, name = '']) => unknown(name)],
  [
    /Version '([^']*)' for '([^']*)' was not found/,
    ([, version = '', name = '']) => ({
      message: `no repository has ${name} in version ${version}`,
      remedy:
        'look at `apt-cache madison`; the version has a suffix such as 1.36.1-1.1, and each Kubernetes minor has a repository of its own',
    }),
  ],
  [
    /Package (\S+) is a virtual package provided by:\n((?:[ \t]+[^\n]*\n?)+)/,
    ([, name = '', list = '']) => ({
      message: `${name} is a name that several packages answer to`,
      remedy: `name one of them: ${oneLine(list.replace(/^( *\S+).*$/gm, '$1')).replaceAll(' · ', ', ')}`,
    }),
  ],
  [
    /Package '?(\S+?)'? has no installation candidate/,
    ([, name = '']) => ({ message: `no repository offers ${name} for installation`, remedy: UPDATE }),
  ],
  [/(?:No match for argument|Unable to find a match): (\S+)/, ([, name = '']) => unknown(name)],
  [/No package (\S+) available/, ([, name = '']) => unknown(name)],
  [
    /(?:^|\s)(?:E|W|Err|Error)?:?.*?(https?:\/\/\S+)[^\n]*\n?[^\n]*(?:404\s+Not Found|Status code: 404)|Status code: 404 for (\S+)|404\s+Not Found/m,
    ([, apt, dnf]) => notFound(apt ?? dnf),
  ],
  [
    /File not found - (\S+)/,
    ([, path = '']) => ({ message: `the repository has no ${path}`, remedy: 'check its address on the host' }),
  ],
  [
    /Could not resolve(?: host:?)? '?([\w.-]+)|Temporary failure resolving '([^']+)'/,
    ([, one, two]) => ({ message: `the name ${one ?? two} cannot be resolved`, remedy: NETWORK }),
  ],
  [
    /Could not connect to (\S+)|Cannot initiate the connection to (\S+)|Failed to connect to (\S+)/,
    ([, one, two, three]) => ({ message: `the mirror ${one ?? two ?? three} does not answer`, remedy: NETWORK }),
  ],
  [
    /Curl error \(\d+\): ([^\n]*)|Cannot download [^\n]*: All mirrors were tried|Failed to download metadata for repo '([^']+)'/,
    ([whole, curl, repo]) => ({
      message: `downloading failed: ${curl ?? (repo ? `no metadata of ${repo}` : whole)}`,
      remedy: NETWORK,
    }),
  ],
  [
    /The following packages have unmet dependencies:\n((?:[ \t]+[^\n]*\n?)+)/,
    ([, list = '']) => ({ message: `dependencies cannot be met: ${oneLine(list)}` }),
  ],
  [
    /nothing provides ([^\n]*)/,
    ([, what = '']) => ({ message: `dependencies cannot be met: nothing provides ${what.trim()}` }),
  ],
  [
    /file (\S+) (?:from install of \S+ )?conflicts (?:with|between)[^\n]*/,
    ([whole]) => ({ message: `two packages bring the same file: ${whole}` }),
  ],
  [/Unable to fetch some archives/, () => ({ message: 'some packages could not be downloaded', remedy: UPDATE })],
];

const WAIT = 'wait for it to end, or give lock_timeout more seconds; it is never killed';
const UPDATE = 'update the package lists: update_cache: true';
const NETWORK = 'check the network of the host, its proxy, or use a mirror';

function locked(file: string, pid: string, command: string, { lockTimeout }: Told): Explained {
  const by = command.trim() === '' ? '' : ` (${shortened(command.trim())})`;
  const waited = lockTimeout > 0 ? ` for ${lockTimeout} s` : '';
  return { message: `another package manager works: ${file} is held by PID ${pid}${by}${waited}`, remedy: WAIT };
}

function shortened(command: string): string {
  return command.length > 60 ? `${command.slice(0, 57)}…` : command;
}

function missingKey(key: string, { text }: Told): Explained {
  const repo = /(?:GPG error|following signatures)[^\n]*?(https?:\/\/\S+)/.exec(text)?.[1];
  const old = /packages\.cloud\.google\.com|apt\.kubernetes\.io/.test(text);
  return {
    message: `this host does not have the key ${key} that signed ${repo ?? 'a repository'} (NO_PUBKEY)`,
    remedy: old
      ? "Google's Kubernetes repositories were closed in 2024: use https://pkgs.k8s.io/core:/stable:/vX.Y/deb/ and its Release.key"
      : "put the repository's key into /etc/apt/keyrings and name it with signed-by= in its line",
  };
}

function notFound(url: string | undefined): Explained {
  const old = url !== undefined && /apt\.kubernetes\.io|yum\.kubernetes\.io|packages\.cloud\.google\.com/.test(url);
  return {
    message: `not found on the mirror (404)${url ? `: ${url}` : ''}`,
    remedy: old
      ? 'these repositories were closed in 2024: use https://pkgs.k8s.io/core:/stable:/vX.Y/'
      : 'check the address of the repository; old lists need update_cache: true',
  };
}

function unknown(name: string): Explained {
  return { message: `no repository of this host knows the package ${name}`, remedy: `check the spelling; ${UPDATE}` };
}

/** The names that apt lists, indented, under a heading. */
function after(text: string, heading: string): string {
  const list = new RegExp(`${heading}:\\n((?:[ \\t]+[^\\n]*\\n?)+)`).exec(text)?.[1];
  return list ? `: ${oneLine(list)}` : '';
}

function place(path: string | undefined): string {
  return path ? ` (${path})` : '';
}

function withoutArch(nevra: string): string {
  return nevra.replace(/\.(x86_64|aarch64|noarch|i686|ppc64le|s390x)$/, '');
}

function oneLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join(' · ');
}
