import type { ArgsOf } from '../model/args.ts';
import type { Change } from '../model/change.ts';
import { type Decision, defineModule, type Module } from '../model/module.ts';
import type { JsonObject } from '../model/value.ts';
import { type Script, sh } from '../shared/sh.ts';
import { decodeField, parseFstab, renderFstab } from './system/fstab.ts';
import { parseSections, type Sections, sectionScript } from './system/sections.ts';
import { editText, textIn } from './system/text-file.ts';

interface SwapState {
  /** From /proc/swaps: device or file, and its priority. */
  readonly active: readonly { readonly path: string; readonly priority: string }[];
  readonly fstab?: Buffer;
  readonly unreadable: boolean;
  /** Loaded .swap units that neither fstab nor a swapon by hand made: unit files, GPT partitions, zram. */
  readonly units: readonly string[];
  readonly targetMasked: boolean;
  readonly systemd: boolean;
  /** Services that make swap at boot and are enabled. */
  readonly services: readonly string[];
  /** The zram-generator's configuration that counts, where it makes devices. */
  readonly zram?: { readonly path: string; readonly bytes: Buffer; readonly own?: Buffer };
}

const ZRAM_OWN = '/etc/systemd/zram-generator.conf';
const SERVICES = ['zramswap.service', 'zram-config.service', 'dphys-swapfile.service'];

const ARGS = {
  state: { type: 'str', default: 'absent', choices: ['absent'], doc: 'No swap, now and after every reboot.' },
  fstab: { type: 'path', default: '/etc/fstab', doc: 'Entries of type swap are looked for here, by their fields.' },
  entries: {
    type: 'str',
    default: 'comment',
    choices: ['comment', 'remove'],
    doc: 'What becomes of entries of type swap.',
  },
  backup: { type: 'bool', default: true, doc: 'Keep a copy of the fstab beside it.' },
  boot: {
    type: 'bool',
    default: true,
    doc: 'Also what would bring swap back at boot: fstab, swap units, GPT partitions, zram, services. False: only swapoff.',
  },
} as const;

type Args = ArgsOf<typeof ARGS>;

export const swap: Module<typeof ARGS, SwapState> = defineModule({
  name: 'swap',
  collections: ['kprep'],
  summary: 'Swap off, now and at boot, wherever it comes from (kprep; Ansible has no such module).',
  args: ARGS,
  touches: (args) => [
    'swap:',
    `file:${args.fstab}`,
    'unit:swap.target',
    `file:${ZRAM_OWN}`,
    ...SERVICES.map((name) => `unit:${name.replace('.service', '')}` as const),
  ],
  read: (args) => ({
    script: readScript(args),
    parse: (out) => {
      const now = stateOf(parseSections(out.stdout));
      return { now, boot: { ...now, active: [] } };
    },
  }),
  plan: decide,
  result: (_args, now): JsonObject => ({
    active: now.active.map((one) => one.path),
    units: [...now.units],
    services: [...now.services],
    fstab_entries: parseFstab(textIn(now.fstab)).flatMap((line) =>
      line.entry?.vfstype === 'swap' ? [line.entry.spec] : [],
    ),
  }),
});

function readScript(args: Args): Script {
  return sectionScript(
    sh`if [ -r /proc/swaps ]; then kp_text swaps < /proc/swaps; fi
kp_file fstab ${args.fstab}
for kp_d in /etc /run /usr/local/lib /usr/lib /lib; do
  if [ -e "$kp_d/systemd/zram-generator.conf" ]; then
    kp_say zrampath "$kp_d/systemd/zram-generator.conf"; kp_file zram "$kp_d/systemd/zram-generator.conf"; break
  fi
done
if [ -d /run/systemd/system ] && command -v systemctl >/dev/null 2>&1; then
  kp_say systemd yes
  kp_say target "$(systemctl is-enabled swap.target 2>/dev/null)"
  systemctl show --no-pager -p Id -p LoadState -p FragmentPath -p SourcePath '*.swap' 2>/dev/null | kp_text units
  for kp_s in ${SERVICES}; do
    case $(systemctl is-enabled "$kp_s" 2>/dev/null) in enabled|enabled-runtime) kp_say services "$kp_s" ;; esac
  done
fi`,
  );
}

function stateOf(sections: Sections): SwapState {
  const fstab = sections.file('fstab');
  const path = sections.say('zrampath');
  const bytes = sections.file('zram');
  const makes = bytes !== undefined && /^\s*\[zram\d+\]/m.test(textIn(bytes));
  return {
    active: (sections.lines('swaps') ?? []).slice(1).flatMap((line) => {
      const [device = '', , , , priority = ''] = line.trim().split(/\s+/);
      return device === '' ? [] : [{ path: decodeField(device), priority }];
    }),
    unreadable: sections.unreadable.includes('fstab'),
    units: otherUnits(sections.lines('units') ?? []),
    targetMasked: sections.say('target').startsWith('masked'),
    systemd: sections.say('systemd') === 'yes',
    services: sections.lines('services') ?? [],
    ...(fstab ? { fstab } : {}),
    ...(makes && bytes ? { zram: { path, bytes, ...(path === ZRAM_OWN ? { own: bytes } : {}) } } : {}),
  };
}

/** `systemctl show` prints blocks; a unit without a file was made by a swapon, one whose source is the fstab goes with its entry. */
function otherUnits(lines: readonly string[]): readonly string[] {
  const units: string[] = [];
  let block: Record<string, string> = {};
  const end = () => {
    const { Id, LoadState, FragmentPath, SourcePath } = block;
    if (Id && LoadState === 'loaded' && FragmentPath && SourcePath !== '/etc/fstab') units.push(Id);
    block = {};
  };
  for (const line of lines) {
    const at = line.indexOf('=');
    const key = line.slice(0, at);
    if (key in block) end();
    if (at > 0) block[key] = line.slice(at + 1);
    else end();
  }
  end();
  return units;
}

/** First what would bring it back, then swapoff: systemd starts a swap unit again that it still believes in. */
function decide(args: Args, now: SwapState): Decision {
  if (now.unreadable) return { failed: `${args.fstab} cannot be read` };
  const boot = args.boot
    ? [...fstabChanges(args, now), ...zramChanges(now), ...maskChanges(now), ...serviceChanges(now)]
    : [];
  const reload = boot.length > 0 && now.systemd ? [daemonReload()] : [];
  return [...boot, ...reload, ...(now.active.length > 0 ? [swapOff(now)] : [])];
}

function fstabChanges(args: Args, now: SwapState): readonly Change[] {
  const lines = parseFstab(textIn(now.fstab));
  const mine = lines.filter((line) => line.entry?.vfstype === 'swap');
  if (mine.length === 0 || now.fstab === undefined) return [];
  const after =
    args.entries === 'remove'
      ? lines.filter((line) => line.entry?.vfstype !== 'swap')
      : lines.map((line) => (line.entry?.vfstype === 'swap' ? { raw: `#${line.raw}` } : line));
  const verb = args.entries === 'remove' ? 'remove' : 'comment out';
  const what = mine.map((line) => line.entry?.spec ?? '').join(', ');
  const text = renderFstab(after);
  return [
    editText({
      path: args.fstab,
      before: now.fstab,
      after: text,
      summary: `${verb} the swap of ${what} in ${args.fstab}`,
      backup: args.backup,
    }),
  ];
}

function zramChanges({ zram }: SwapState): readonly Change[] {
  if (zram === undefined) return [];
  const after = '# No zram device: an empty file here hides the one of the distribution.\n';
  return [
    editText({
      path: ZRAM_OWN,
      before: zram.own,
      after,
      summary: `make no zram device at boot (${ZRAM_OWN} instead of ${zram.path})`,
      backup: zram.own !== undefined,
      mode: zram.own ? undefined : '0644',
    }),
  ];
}

/** Everything that systemd finds hangs on swap.target: unit files, GPT partitions, zram. */
function maskChanges(now: SwapState): readonly Change[] {
  if (now.units.length === 0 || now.targetMasked) return [];
  return [
    {
      kind: 'run',
      summary: `mask swap.target, which starts ${now.units.join(', ')} at boot`,
      script: sh`umask 022; systemctl mask swap.target`,
      killable: true,
      undo: {
        kind: 'run',
        summary: 'unmask swap.target',
        script: sh`systemctl unmask swap.target`,
        killable: true,
        undo: 'none',
      },
    },
  ];
}

function serviceChanges(now: SwapState): readonly Change[] {
  return now.services.map((name) => ({
    kind: 'run',
    summary: `disable and stop ${name}`,
    script: sh`umask 022; systemctl disable --now ${name}`,
    killable: true,
    undo: {
      kind: 'run',
      summary: `enable and start ${name}`,
      script: sh`umask 022; systemctl enable --now ${name}`,
      killable: true,
      undo: 'none',
    },
  }));
}

function daemonReload(): Change {
  return {
    kind: 'run',
    summary: 'let systemd read its units again',
    script: sh`systemctl daemon-reload`,
    killable: true,
    undo: daemonReloadBack,
    changed: () => false,
  };
}

const daemonReloadBack: Change = {
  kind: 'run',
  summary: 'let systemd read its units again',
  script: sh`systemctl daemon-reload`,
  killable: true,
  undo: 'none',
};

function swapOff(now: SwapState): Change {
  const paths = now.active.map((one) => one.path);
  return {
    kind: 'run',
    summary: `swapoff ${paths.join(', ')}`,
    // Read back: systemd or a generator may have switched it on again.
    script: sh`# shellcheck disable=SC2041 # names may hold blanks
for kp_s in ${paths}; do
  grep -q . /proc/swaps || break
  swapoff "$kp_s" || [ ! -e "$kp_s" ] || exit 1
done
sed 1d /proc/swaps | grep -q . || exit 0
printf 'swap is still on: %s\n' "$(sed 1d /proc/swaps | sed 's/[[:space:]].*//' | tr '\n' ' ')" >&2
exit 1`,
    killable: true,
    undo: { kind: 'run', summary: `swapon ${paths.join(', ')}`, script: swapOn(now), killable: true, undo: 'none' },
    explain: (output) => explainSwapOff(output.stderr.toString('utf8')),
  };
}

/** Priorities below zero are the kernel's own. */
function swapOn(now: SwapState): Script {
  const lines = now.active.map(({ path, priority }) =>
    /^\d+$/.test(priority) ? sh`swapon -p ${priority} ${path}` : sh`swapon ${path}`,
  );
  return lines.join(' && ') as Script;
}

function explainSwapOff(text: string) {
  if (/Cannot allocate memory/.test(text)) {
    return {
      message: 'swapoff failed: the memory is too small for what is swapped out',
      remedy: 'stop something big, or reboot: what would bring swap back is already off',
    };
  }
  if (/Operation not permitted|Permission denied/.test(text)) {
    return {
      message: 'swapoff is not permitted',
      remedy: 'use become; a container shows the swap of the machine that runs it, which must switch it off',
    };
  }
  return undefined;
}
