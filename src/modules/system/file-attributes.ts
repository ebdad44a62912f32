import type { Change } from '../../model/change.ts';
import { type Script, sh } from '../../shared/sh.ts';

export interface FileAttributes {
  /** Octal digits. */
  readonly mode?: string;
  readonly owner?: string;
  readonly group?: string;
}

/** Section `attributes`: mode, names and numbers of owner and group. */
export function attributesScript(path: string): Script {
  return sh`if [ -e ${path} ]; then kp_say attributes "$(stat -c '%a %U %G %u %g' -- ${path} 2>/dev/null)"; fi`;
}

/** chmod and chown where the file is not as asked; `line` is what `attributesScript` printed, empty for a file that is not there. */
export function attributeChanges(path: string, wanted: FileAttributes, line: string): readonly Change[] {
  const [mode = '', user = '', group = '', uid = '', gid = ''] = line.split(' ');
  if (line === '') return [];
  const changes: Change[] = [];
  if (wanted.mode !== undefined && Number.parseInt(wanted.mode, 8) !== Number.parseInt(mode, 8)) {
    changes.push(
      run(
        `set the mode of ${path} to ${wanted.mode}`,
        sh`chmod ${wanted.mode} -- ${path}`,
        sh`chmod ${mode} -- ${path}`,
      ),
    );
  }
  if (wanted.owner !== undefined && wanted.owner !== user && wanted.owner !== uid) {
    changes.push(
      run(`give ${path} to ${wanted.owner}`, sh`chown ${wanted.owner} -- ${path}`, sh`chown ${uid} -- ${path}`),
    );
  }
  if (wanted.group !== undefined && wanted.group !== group && wanted.group !== gid) {
    changes.push(
      run(
        `give ${path} to the group ${wanted.group}`,
        sh`chgrp ${wanted.group} -- ${path}`,
        sh`chgrp ${gid} -- ${path}`,
      ),
    );
  }
  return changes;
}

function run(summary: string, script: Script, back: Script): Change {
  return {
    kind: 'run',
    summary,
    script,
    killable: true,
    undo: { kind: 'run', summary: `take back: ${summary}`, script: back, killable: true, undo: 'none' },
  };
}

/** The parameters, as Ansible's modules that write files have them. */
export const attributeArgs = {
  mode: { type: 'mode', doc: 'Mode of the file, in octal.' },
  owner: { type: 'str', doc: 'Owner of the file.' },
  group: { type: 'str', doc: 'Group of the file.' },
} as const;

export function attributesOf(args: {
  readonly mode?: string;
  readonly owner?: string;
  readonly group?: string;
}): FileAttributes {
  return {
    ...(args.mode === undefined ? {} : { mode: args.mode }),
    ...(args.owner === undefined ? {} : { owner: args.owner }),
    ...(args.group === undefined ? {} : { group: args.group }),
  };
}

/** Why a mode cannot be used here. */
export function modeProblem(mode: string | undefined): string | undefined {
  return mode === undefined || /^[0-7]{3,5}$/.test(mode)
    ? undefined
    : `mode: write it in octal, as '0644', not ${mode}`;
}
