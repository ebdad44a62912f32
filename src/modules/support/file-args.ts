import type { ArgSpec } from '../../model/args.ts';

const SELINUX =
  'Refused: kprep keeps the SELinux context that a file has, and sets none. Use `command: chcon` or `restorecon`.';

/** The parameters that every module which writes a file shares. */
export const FILE_ARGS = {
  owner: { type: 'str', doc: 'Name or number of the user that shall own the file, as `chown` takes it.' },
  group: { type: 'str', doc: 'Name or number of the group that shall own the file, as `chown` takes it.' },
  mode: { type: 'mode', doc: "Permissions, octal (quoted: `'0644'`) or symbolic (`u=rw,g=r,o=r`, `a+rX`)." },
  attributes: {
    type: 'str',
    aliases: ['attr'],
    doc: 'File attributes as `chattr` takes them.',
    differs: 'Refused: use `command: chattr`.',
  },
  seuser: { type: 'str', doc: 'User part of the SELinux context.', differs: SELINUX },
  serole: { type: 'str', doc: 'Role part of the SELinux context.', differs: SELINUX },
  setype: { type: 'str', doc: 'Type part of the SELinux context.', differs: SELINUX },
  selevel: { type: 'str', doc: 'Level part of the SELinux context.', differs: SELINUX },
  unsafe_writes: {
    type: 'bool',
    default: false,
    doc: 'Write into the file in place, for files that cannot be replaced (bind mounts in containers).',
    differs: 'Ansible first tries to replace the file and writes in place only when that fails.',
  },
} as const satisfies ArgSpec;

/** Owner, group and mode as a task wants them; absent: as they are. */
export interface Ownership {
  readonly owner?: string;
  readonly group?: string;
  readonly mode?: string;
}

interface Refused {
  readonly attributes?: string;
  readonly seuser?: string;
  readonly serole?: string;
  readonly setype?: string;
  readonly selevel?: string;
}

/** What of the shared parameters is refused, in words. */
export function fileArgsProblem(args: Refused): string | undefined {
  if (args.attributes !== undefined) return 'attributes is not supported: use `command: chattr` instead';
  for (const name of ['seuser', 'serole', 'setype', 'selevel'] as const) {
    if (args[name] !== undefined) return `${name} is not supported: use \`command: chcon\` or \`restorecon\` instead`;
  }
  return undefined;
}

/** The rule of every `validate` parameter. */
export function validateProblem(validate: string | undefined): string | undefined {
  if (validate === undefined || validate.includes('%s')) return undefined;
  return `validate must contain %s: ${validate}`;
}

/** Users and groups whose ids the task depends on, as resources. */
export function ownerResources(args: Ownership): `${string}:${string}`[] {
  return [
    ...(args.owner === undefined ? [] : [`user:${args.owner}` as const]),
    ...(args.group === undefined ? [] : [`group:${args.group}` as const]),
  ];
}
