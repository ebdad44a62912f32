import { OptionError } from './option-parser.ts';

/** What `-O`, `-x` and `-X` ask of ssh. */
export interface SshAsked {
  /** Options for our own transport, in ssh's order: the first value of a keyword wins. */
  readonly own: readonly string[];
  /** The same for the system's ssh, which knows all of them. */
  readonly all: readonly string[];
  /** Those that only the system's ssh can do. */
  readonly foreign: readonly string[];
  /** `-tt`: a terminal on the host. */
  readonly terminal: boolean;
  /** `-n`: nothing is sent, whatever `-I` says. */
  readonly noInput: boolean;
  /** `-F`. */
  readonly configFile?: string;
  /** Words that are no options: they stand before the command. */
  readonly words: readonly string[];
}

type Kind = 'own' | 'silent' | 'foreign' | 'useless';

const WITH_VALUE = new Set([...'bceilmopBDEFIJLOPQRSwW']);
/** ssh(1). What is not listed is foreign. */
const LETTERS: Readonly<Record<string, Kind>> = {
  ...{ o: 'own', i: 'own', l: 'own', p: 'own', J: 'own', F: 'own', '4': 'own', '6': 'own' },
  ...{ q: 'silent', v: 'silent', x: 'silent', a: 'silent', k: 'silent', C: 'silent', y: 'silent', e: 'silent' },
  ...{ S: 'silent', M: 'silent', T: 'silent', t: 'silent', n: 'silent', E: 'silent' },
  ...{ f: 'useless', N: 'useless', G: 'useless', V: 'useless', Q: 'useless', O: 'useless', W: 'useless', s: 'useless' },
};

/**
 * ssh's own options among the extra arguments.
 * @throws OptionError for what would leave no command to run, such as `-N`.
 */
export function readSshOptions(args: readonly string[]): SshAsked {
  const state: State = { own: [], all: [], foreign: [], words: [], tty: 0, noInput: false, left: [...args] };
  for (let word = state.left.shift(); word !== undefined; word = state.left.shift()) {
    if (word === '--' || !/^-./s.test(word)) {
      state.words.push(...(word === '--' ? [] : [word]), ...state.left.splice(0));
    } else readCluster(word.slice(1), state);
  }
  const { own, all, foreign, words, tty, noInput, configFile } = state;
  return {
    own: state.noKeys ? ['-o', 'IdentityFile=none', '-o', 'IdentityAgent=none', ...own] : own,
    all,
    foreign,
    words,
    terminal: tty > 1,
    noInput,
    ...(configFile === undefined ? {} : { configFile }),
  };
}

interface State {
  readonly own: string[];
  readonly all: string[];
  readonly foreign: string[];
  readonly words: string[];
  readonly left: string[];
  tty: number;
  noInput: boolean;
  noKeys?: true;
  configFile?: string;
}

function readCluster(cluster: string, state: State): void {
  const letters = [...cluster];
  for (let letter = letters.shift(); letter !== undefined; letter = letters.shift()) {
    if (!WITH_VALUE.has(letter)) {
      takeLetter(letter, undefined, state);
      continue;
    }
    const value = letters.splice(0).join('') || state.left.shift();
    if (value === undefined) throw new OptionError(`ssh: option requires an argument -- ${letter}`);
    takeLetter(letter, value, state);
  }
}

function takeLetter(letter: string, value: string | undefined, state: State): void {
  const words = value === undefined ? [`-${letter}`] : [`-${letter}`, value];
  const kind = LETTERS[letter] ?? 'foreign';
  if (kind === 'useless') throw new OptionError(`ssh -${letter} leaves no command to run`);
  if (letter === 't') state.tty += 1;
  else if (letter === 'T') state.tty = 0;
  else if (letter === 'n') state.noInput = true;
  else if (letter === 'F' && value !== undefined) state.configFile = value;
  else if (letter === 'o' && value !== undefined) takeSetting(value, state);
  else {
    state.all.push(...words);
    if (kind === 'own') state.own.push(...words);
    else if (kind === 'foreign') state.foreign.push(words.join(' '));
  }
}

/** Keywords that our transport reads, and values of others at which ssh does what our transport does anyway. */
const OWN_KEYWORDS = new Set(
  `hostname user port identityfile identitiesonly identityagent userknownhostsfile globalknownhostsfile hostkeyalias
  hashknownhosts stricthostkeychecking connecttimeout connectionattempts serveraliveinterval serveralivecountmax
  addressfamily proxyjump proxycommand`.split(/\s+/),
);
const ANY = /^/;
const NO = /^(no|false|none)$/i;
const YES = /^(yes|true)$/i;
const SILENT_KEYWORDS: Readonly<Record<string, RegExp>> = {
  ...{ batchmode: ANY, checkhostip: ANY, compression: ANY, escapechar: ANY, fingerprinthash: ANY, loglevel: ANY },
  ...{ controlmaster: ANY, controlpath: ANY, controlpersist: ANY, numberofpasswordprompts: ANY, tcpkeepalive: ANY },
  ...{ updatehostkeys: ANY, clearallforwardings: ANY, exitonforwardfailure: ANY, preferredauthentications: ANY },
  ...{ ipqos: ANY, rekeylimit: ANY, passwordauthentication: ANY, kbdinteractiveauthentication: ANY },
  ...{ challengeresponseauthentication: ANY, protocol: /^2$/, pubkeyauthentication: YES, sessiontype: /^default$/i },
  ...{ forwardagent: NO, forwardx11: NO, forwardx11trusted: NO, gssapiauthentication: NO, gssapikeyexchange: NO },
  ...{
    hostbasedauthentication: NO,
    verifyhostkeydns: NO,
    visualhostkey: NO,
    addkeystoagent: NO,
    permitlocalcommand: NO,
  },
  ...{ forkafterauthentication: NO, stdinnull: NO, tunnel: NO, rhostsrsaauthentication: NO, rsaauthentication: ANY },
};

function takeSetting(setting: string, state: State): void {
  const [, name = '', value = ''] = /^\s*([A-Za-z0-9]+)\s*(?:\s|=)\s*(.*?)\s*$/s.exec(setting) ?? [];
  const keyword = name.toLowerCase();
  if (keyword === 'requesttty') {
    if (state.tty === 0 && /^force$/i.test(value)) state.tty = 2;
    return;
  }
  state.all.push('-o', setting);
  if (keyword === 'stdinnull' && YES.test(value)) state.noInput = true;
  else if (keyword === 'pubkeyauthentication' && NO.test(value)) state.noKeys = true;
  else if (OWN_KEYWORDS.has(keyword)) state.own.push('-o', setting);
  else if (!SILENT_KEYWORDS[keyword]?.test(value)) state.foreign.push(`-o ${setting}`);
}
