import type { ArgsOf } from '../model/args.ts';
import type { Change, StepOutput } from '../model/change.ts';
import { type Decision, defineModule, type Module } from '../model/module.ts';
import { sh } from '../shared/sh.ts';
import { explainPackages } from './system/packages/explain.ts';
import { parseSections, sectionScript } from './system/sections.ts';

interface KeyState {
  readonly rpm: boolean;
  readonly fileExists: boolean;
  /** Short ids (8 hex digits, lower case) in the rpm database. */
  readonly imported: readonly string[];
  /** Short ids in the key file; empty where they cannot be known (a URL, no gpg). */
  readonly wanted: readonly string[];
}

const ARGS = {
  key: { type: 'str', required: true, doc: 'A file on the host, an address, or (with state absent) a key id.' },
  state: {
    type: 'str',
    default: 'present',
    choices: ['present', 'absent'],
    doc: 'Whether rpm has it.',
    differs: 'A key behind an address is fetched by rpm each time; changed is told by the database before and after.',
  },
  fingerprint: { type: 'str', doc: 'Import only a key with this fingerprint; needs gpg on the host.' },
  validate_certs: {
    type: 'bool',
    default: true,
    doc: 'Check the certificate of an https address.',
    differs: 'False is refused.',
  },
} as const;

type Args = ArgsOf<typeof ARGS>;

const KEY_ID = /^(0x)?[0-9a-f]{8,40}$/i;

export const rpmKey: Module<typeof ARGS, KeyState> = defineModule({
  name: 'rpm_key',
  summary: 'Keys in the database of rpm.',
  args: ARGS,
  validate: (args) => {
    if (!args.validate_certs)
      return 'validate_certs: false is not supported: fetch the key with get_url and name the file';
    if (args.state === 'absent' && isUrl(args.key)) return 'state absent wants a key id or a file';
    return args.key.startsWith('-') ? `Not a valid key ${args.key}` : undefined;
  },
  touches: (args) => ['rpmkey:*', ...(args.key.startsWith('/') ? ([`file:${args.key}`] as const) : [])],
  read: (args) => ({
    script:
      sectionScript(sh`if command -v rpm >/dev/null 2>&1; then kp_say rpm yes; rpm -qa 'gpg-pubkey*' --qf '%{VERSION}\n' 2>/dev/null | kp_text imported; fi
if [ -f ${args.key} ]; then
  kp_say file yes
  for kp_g in gpg gpg2; do
    command -v "$kp_g" >/dev/null 2>&1 || continue
    "$kp_g" --no-tty --batch --with-colons --show-keys -- ${args.key} 2>/dev/null | sed -n 's/^pub:[^:]*:[^:]*:[^:]*:\([^:]*\):.*/\1/p' | kp_text wanted
    break
  done
fi`),
    parse: (out) => {
      const sections = parseSections(out.stdout);
      const ids = KEY_ID.test(args.key) ? [args.key] : (sections.lines('wanted') ?? []);
      return {
        now: {
          rpm: sections.say('rpm') === 'yes',
          fileExists: sections.say('file') === 'yes',
          imported: (sections.lines('imported') ?? []).map(shortId),
          wanted: ids.map(shortId),
        },
      };
    },
  }),
  plan: decide,
});

function shortId(id: string): string {
  return id.trim().toLowerCase().slice(-8);
}

function isUrl(key: string): boolean {
  return key.includes('://');
}

function decide(args: Args, now: KeyState): Decision {
  if (!now.rpm) return { failed: 'this host has no rpm' };
  if (!isUrl(args.key) && !now.fileExists && !KEY_ID.test(args.key)) return { failed: `Not a valid key ${args.key}` };
  const there = now.wanted.filter((id) => now.imported.includes(id));
  if (args.state === 'absent') {
    if (now.wanted.length === 0)
      return { failed: `the id of ${args.key} cannot be found out without gpg`, remedy: 'name the key id' };
    return there.map(eraseKey);
  }
  if (now.wanted.length > 0 && there.length === now.wanted.length) return [];
  if (!isUrl(args.key) && !now.fileExists) return { failed: 'When importing a key, a valid file must be given' };
  return [importKey(args, now)];
}

function importKey(args: Args, now: KeyState): Change {
  const fingerprint = args.fingerprint?.replaceAll(' ', '').toUpperCase();
  const check =
    fingerprint === undefined
      ? sh`:`
      : sh`kp_gpg=$(command -v gpg || command -v gpg2) || { echo 'a fingerprint can only be checked with gpg, which is not here' >&2; exit 1; }
kp_has=$("$kp_gpg" --no-tty --batch --with-colons --show-keys -- "$kp_key" 2>/dev/null | sed -n 's/^fpr:::::::::\([^:]*\):.*/\1/p' | head -n 1)
[ "$kp_has" = ${fingerprint} ] || { printf 'The specified fingerprint, %s, does not match the key fingerprint %s\n' ${fingerprint} "$kp_has" >&2; exit 1; }`;
  const fetch = isUrl(args.key)
    ? sh`kp_dir=$(mktemp -d) || exit 1
trap 'rm -rf "$kp_dir"' EXIT
kp_key=$kp_dir/key
if command -v curl >/dev/null 2>&1; then curl -fsSL -o "$kp_key" -- ${args.key}; elif command -v wget >/dev/null 2>&1; then wget -q -O "$kp_key" -- ${args.key}
else echo 'neither curl nor wget is here' >&2; exit 1; fi || exit $?`
    : sh`kp_key=${args.key}`;
  return {
    kind: 'run',
    summary: `import the key ${args.key}`,
    script: sh`umask 022
${{ script: fetch }}
${{ script: check }}
kp_before=$(rpm -qa 'gpg-pubkey*' | sort)
rpm --import "$kp_key" || exit $?
[ "$kp_before" = "$(rpm -qa 'gpg-pubkey*' | sort)" ] || echo kprep-changed`,
    killable: false,
    undo: now.wanted.length > 0 ? eraseKeys(now.wanted) : 'none',
    changed: (output: StepOutput) => output.stdout.toString('utf8').includes('kprep-changed'),
    explain: (output) => explainPackages(output.stderr.toString('utf8')),
  };
}

function eraseKeys(ids: readonly string[]): Change {
  return {
    kind: 'run',
    summary: `erase the keys ${ids.join(', ')}`,
    script: sh`umask 022; rpm --erase --allmatches ${ids.map((id) => `gpg-pubkey-${id}`)}`,
    killable: false,
    undo: 'none',
  };
}

/** The key itself is not kept, so that it cannot come back. */
function eraseKey(id: string): Change {
  return { ...eraseKeys([id]), summary: `erase the key ${id}` };
}
