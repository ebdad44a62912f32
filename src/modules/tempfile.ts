import type { ArgSpec, ArgsOf } from '../model/args.ts';
import { defineModule, type Module } from '../model/module.ts';
import { type Script, sh } from '../shared/sh.ts';
import { remoteWord } from './support/remote-path.ts';

const ARGS = {
  state: { type: 'str', default: 'file', choices: ['directory', 'file'], doc: 'What is made.' },
  path: { type: 'path', doc: 'Directory to make it in. Default: $TMPDIR, or /tmp.' },
  prefix: { type: 'str', default: 'ansible.', doc: 'How its name begins.' },
  suffix: { type: 'str', default: '', doc: 'How its name ends.' },
} as const satisfies ArgSpec;

type Args = ArgsOf<typeof ARGS>;

export const tempfile: Module<typeof ARGS, undefined> = defineModule({
  name: 'tempfile',
  summary: 'Makes a temporary file or directory that only this user can read.',
  args: ARGS,
  supportsCheck: false,
  validate: ({ prefix, suffix }) =>
    `${prefix}${suffix}`.includes('/') ? 'prefix and suffix cannot hold a slash' : undefined,
  touches: () => [],
  read: () => ({ script: sh`:`, parse: () => ({ now: undefined }) }),
  plan: (args) => [
    {
      kind: 'run',
      summary: `make a temporary ${args.state}`,
      script: makeScript(args),
      // Its name is known only afterwards; it is for the play to remove, as with Ansible.
      undo: 'none',
      killable: true,
    },
  ],
  result(args, _now, outputs) {
    const [path = '', uid = '', gid = '', owner = '', group = ''] =
      outputs.at(-1)?.stdout.toString('utf8').split('\n') ?? [];
    if (path === '') return {};
    const mode = args.state === 'directory' ? '0700' : '0600';
    return { path, state: args.state, mode, uid: Number(uid), gid: Number(gid), owner, group, size: 0 };
  },
});

/** The X's must come last for busybox, so a suffix is put on by renaming, which `mktemp` made safe: nobody else has the name. */
function makeScript({ state, path, prefix, suffix }: Args): Script {
  const dir = path === undefined ? sh`"\${TMPDIR:-/tmp}"` : remoteWord(path);
  const options = state === 'directory' ? sh`-d` : sh``;
  const rename = suffix === '' ? sh`:` : sh`mv -- "$kp_t" "$kp_t"${suffix} && kp_t="$kp_t"${suffix}`;
  return sh`umask 077
kp_t=$(mktemp ${{ script: options }} ${{ script: dir }}/${prefix}XXXXXXXX) || exit 1
${{ script: rename }} || exit 1
printf '%s\n' "$kp_t"
stat -c '%u
%g
%U
%G' -- "$kp_t"`;
}
