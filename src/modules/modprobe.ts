import type { ArgsOf } from '../model/args.ts';
import type { Change, StepOutput } from '../model/change.ts';
import { defineModule, type Module } from '../model/module.ts';
import { type Script, sh } from '../shared/sh.ts';
import { parseSections, sectionScript } from './system/sections.ts';
import { editText, removeText, textIn } from './system/text-file.ts';

interface ModprobeState {
  readonly loaded: boolean;
  readonly builtin: boolean;
  /** Files of modules-load.d that load it at boot, and whether one is kprep's (and Ansible's) own. */
  readonly bootFiles: readonly string[];
  readonly loadFile?: Buffer;
  readonly optionsFile?: Buffer;
  /** Other files of ours to edit for `persistent: absent`. */
  readonly others: ReadonlyMap<string, Buffer>;
}

const ARGS = {
  name: { type: 'str', required: true, doc: 'The kernel module.' },
  state: {
    type: 'str',
    default: 'present',
    choices: ['present', 'absent'],
    doc: 'Loaded or not, now.',
    differs: 'What is built into the kernel counts as loaded.',
  },
  params: {
    type: 'str',
    default: '',
    doc: 'Parameters of the module, given when it is loaded; persistent present also writes them to modprobe.d.',
  },
  persistent: {
    type: 'str',
    default: 'disabled',
    choices: ['disabled', 'absent', 'present'],
    doc: 'Loaded at boot, by /etc/modules-load.d; disabled: left as it is.',
  },
} as const;

type Args = ArgsOf<typeof ARGS>;

export const modprobe: Module<typeof ARGS, ModprobeState> = defineModule({
  name: 'modprobe',
  collections: ['community.general'],
  summary: 'Kernel modules, now and at boot.',
  args: ARGS,
  validate: (args) =>
    /^[A-Za-z0-9_-]+$/.test(args.name) ? undefined : `${JSON.stringify(args.name)} is no name of a kernel module`,
  touches: (args) => [`module:${underscored(args.name)}`, `file:${loadPath(args)}`, `file:${optionsPath(args)}`],
  read: (args) => ({
    script: readScript(args),
    parse: (out) => {
      const sections = parseSections(out.stdout);
      const others = new Map(
        (sections.lines('others') ?? []).flatMap((path, index) => {
          const bytes = sections.file(`other${index + 1}`);
          return bytes === undefined ? [] : [[path, bytes] as const];
        }),
      );
      const builtin = sections.lines('builtin') !== undefined;
      const loadFile = sections.file('load');
      const optionsFile = sections.file('options');
      const bootFiles = sections.lines('boot') ?? [];
      const now: ModprobeState = {
        loaded: builtin || sections.lines('loaded') !== undefined,
        builtin,
        bootFiles,
        others,
        ...(loadFile ? { loadFile } : {}),
        ...(optionsFile ? { optionsFile } : {}),
      };
      return { now, boot: { ...now, loaded: builtin || bootFiles.length > 0 } };
    },
  }),
  plan: (args, now) => [...loadChanges(args, now), ...bootChanges(args, now)],
  result: (args, _now, outputs: readonly StepOutput[]) => ({
    name: args.name,
    params: args.params,
    state: args.state,
    changed: outputs.length > 0,
  }),
});

function underscored(name: string): string {
  return name.replaceAll('-', '_');
}

function loadPath(args: Args): string {
  return `/etc/modules-load.d/${args.name}.conf`;
}

function optionsPath(args: Args): string {
  return `/etc/modprobe.d/${args.name}.conf`;
}

/** Module names mean the same with `-` and `_`. Boot: every directory of modules-load.d(5), a name in /etc hiding the others, and Debian's /etc/modules. */
function readScript(args: Args): Script {
  const name = underscored(args.name);
  const anyDash = name.replaceAll('_', '[-_]');
  return sectionScript(
    sh`if [ -d ${`/sys/module/${name}`} ]; then
  if [ -e ${`/sys/module/${name}/initstate`} ]; then kp_say loaded yes; fi
fi
if grep -q ${`^${name} `} /proc/modules 2>/dev/null; then kp_say loaded yes; fi
if grep -q ${`/${anyDash}\\.ko`} "/lib/modules/$(uname -r)/modules.builtin" 2>/dev/null; then kp_say builtin yes; fi
for kp_f in /etc/modules-load.d/*.conf /run/modules-load.d/*.conf /usr/local/lib/modules-load.d/*.conf /usr/lib/modules-load.d/*.conf /lib/modules-load.d/*.conf /etc/modules; do
  if [ ! -f "$kp_f" ]; then continue; fi
  case $kp_f in
    /etc/*) ;;
    *) if [ -e "/etc/modules-load.d/\${kp_f##*/}" ]; then continue; fi ;;
  esac
  if grep -q ${`^[[:space:]]*${anyDash}[[:space:]]*$`} "$kp_f"; then printf '%s\n' "$kp_f"; fi
done | kp_text boot
kp_file load ${loadPath(args)}
kp_file options ${optionsPath(args)}`,
    args.persistent === 'absent'
      ? sh`kp_n=0
for kp_f in /etc/modules-load.d/*.conf /etc/modprobe.d/*.conf; do
  if [ ! -f "$kp_f" ] || ! grep -qE ${`^[[:space:]]*(options[[:space:]]+)?${anyDash}([[:space:]]|$)`} "$kp_f"; then continue; fi
  kp_n=$((kp_n + 1)); kp_say others "$kp_f"; kp_file "other$kp_n" "$kp_f"
done`
      : sh`:`,
  );
}

function loadChanges(args: Args, now: ModprobeState): readonly Change[] {
  if (args.state === 'present') return now.loaded ? [] : [load(args)];
  if (!now.loaded || now.builtin) return [];
  return [{ ...unload(args), undo: load(args) }];
}

function load(args: Args): Change {
  const words = args.params.split(/\s+/).filter(Boolean);
  return {
    kind: 'run',
    summary: `load the module ${args.name}`,
    // Read back: modprobe is silent where a configuration says `install NAME /bin/true`.
    script: sh`command -v modprobe >/dev/null 2>&1 || { echo 'this host has no modprobe (package kmod)' >&2; exit 1; }
modprobe -- ${args.name} ${words} || exit $?
[ -d ${`/sys/module/${underscored(args.name)}`} ] || grep -q ${`^${underscored(args.name)} `} /proc/modules ||
  { echo 'modprobe said nothing, but the module is not loaded; is it blacklisted in /etc/modprobe.d?' >&2; exit 1; }`,
    killable: true,
    undo: unload(args),
    explain: explainLoad(args.name),
  };
}

function unload(args: Args): Change {
  return {
    kind: 'run',
    summary: `unload the module ${args.name}`,
    script: sh`modprobe -r -- ${args.name}`,
    killable: true,
    undo: 'none',
    explain: (output) =>
      /in use/.test(output.stderr.toString('utf8')) ? { message: `the module ${args.name} is in use` } : undefined,
  };
}

function explainLoad(name: string) {
  return (output: StepOutput) => {
    const text = output.stderr.toString('utf8');
    if (/not found in directory|can't load module|No such file/i.test(text)) {
      const kernel = /\/lib\/modules\/(\S+)/.exec(text)?.[1];
      return {
        message: `the running kernel${kernel ? ` ${kernel}` : ''} has no module ${name}`,
        remedy:
          'install its modules (linux-modules-extra, kernel-modules-extra), or reboot where a newer kernel was installed',
      };
    }
    if (/Operation not permitted|Permission denied/.test(text)) {
      return {
        message: `the module ${name} cannot be loaded: not permitted`,
        remedy: 'use become; in a container, load it on the machine that runs it',
      };
    }
    if (/Key was rejected/.test(text))
      return { message: `the module ${name} is not signed by a key of this machine (Secure Boot)` };
    return undefined;
  };
}

function bootChanges(args: Args, now: ModprobeState): readonly Change[] {
  if (args.persistent === 'absent') return [...now.others].flatMap(([path, bytes]) => dropLines(args, path, bytes));
  if (args.persistent === 'disabled') return [];
  const options = args.params === '' ? [] : optionsChange(args, now);
  // A built-in module is asked for at boot too, as in Ansible: the next kernel may have it as a module.
  if (now.bootFiles.length > 0) return options;
  const path = loadPath(args);
  return [
    editText({
      path,
      before: now.loadFile,
      after: `${args.name}\n`,
      summary: `load ${args.name} at boot (${path})`,
      mode: now.loadFile ? undefined : '0644',
      makeParents: true,
    }),
    ...options,
  ];
}

function optionsChange(args: Args, now: ModprobeState): readonly Change[] {
  const line = `options ${args.name} ${args.params}\n`;
  if (textIn(now.optionsFile).includes(line)) return [];
  const path = optionsPath(args);
  return [
    editText({
      path,
      before: now.optionsFile,
      after: line,
      summary: `write the parameters of ${args.name} to ${path}`,
      mode: now.optionsFile ? undefined : '0644',
      makeParents: true,
    }),
  ];
}

/** Lines are commented out, as Ansible does; our own file with nothing else in it goes. */
function dropLines(args: Args, path: string, bytes: Buffer): readonly Change[] {
  const mine = new RegExp(`^\\s*(options\\s+)?${underscored(args.name).replaceAll('_', '[-_]')}(\\s|$)`);
  const lines = textIn(bytes).split('\n');
  if (!lines.some((line) => mine.test(line))) return [];
  const rest = lines.filter((line) => !mine.test(line) && line.trim() !== '');
  const summary = `no longer load ${args.name} at boot (${path})`;
  if (rest.length === 0 && path.endsWith(`/${args.name}.conf`)) return [removeText(path, bytes, summary)];
  return [
    editText({
      path,
      before: bytes,
      after: lines.map((line) => (mine.test(line) ? `#${line}` : line)).join('\n'),
      summary,
    }),
  ];
}
