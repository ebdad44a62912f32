import type { Frame, Shell } from '../../model/connection.ts';
import { KprepError } from '../../shared/errors.ts';
import { sh } from '../../shared/sh.ts';

/** A step that must not be killed and whose result nobody fetched: its connection went. */
export interface SpooledStep {
  /** `Frame.spoolAs`, or a name made up for it. */
  readonly name: string;
  /** Its directory on the host. */
  readonly path: string;
  /** Epoch seconds by the host's clock. */
  readonly begunAt: number;
  /** `gone`: it ended without leaving a status (reboot, power, kill -9). */
  readonly state: 'running' | 'finished' | 'gone';
  readonly status?: number;
}

/**
 * The steps that outlived their connection, under the shell's identity.
 * @throws KprepError `lost`
 */
export async function listSpooled(shell: Shell): Promise<readonly SpooledStep[]> {
  const { stdout } = await shell.run({ script: LIST, environment: 'engine', killable: true });
  return stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map(parseLine);
}

/**
 * The result of a step that outlived its connection; it is removed from the host. Running ones stay.
 * @throws KprepError `task` when it still runs or is not there, `lost`.
 */
export async function collectSpooled(
  shell: Shell,
  step: Pick<SpooledStep, 'path'>,
): Promise<{ readonly status: number; readonly stdout: Buffer; readonly stderr: Buffer }> {
  const script = sh`cd ${step.path} && [ -s status ] || { echo kprep-no-result >&2; exit 1; }
cat out; cat err >&2; read -r kp_e <status; cd / && rm -rf ${step.path} && rmdir "$(dirname ${step.path})" 2>/dev/null
exit "$kp_e"`;
  const result = await shell.run({ script, environment: 'engine', killable: true });
  if (result.stderr.toString('latin1').endsWith('kprep-no-result\n')) {
    throw new KprepError('task', `the step under ${step.path} has no result yet`);
  }
  return { status: result.status, stdout: result.stdout, stderr: result.stderr };
}

/** Around the program of a step that is detached: output into its directory, the status last. Empty, it is none yet. */
export function keptProgram(program: string): string {
  return `kp_o=$KP_O; unset KP_O
(
${program}
) >"$kp_o/out" 2>"$kp_o/err" </dev/null
echo "$?" >"$kp_o/status"
`;
}

/** The name of its directory. */
export function spoolName(frame: Frame, madeUp: string): string {
  const name = frame.spoolAs ?? madeUp;
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)) return name;
  throw new KprepError('task', `${JSON.stringify(name)} is no name for a spool`);
}

const LIST = sh`kp_u=$(id -u)
if [ "$kp_u" = 0 ]; then set -- /var/lib/.kprep /run/.kprep /dev/shm/.kprep-0
else set -- "/var/tmp/.kprep-$kp_u" "/tmp/.kprep-$kp_u" "/dev/shm/.kprep-$kp_u"; fi
for kp_base; do
  if [ ! -d "$kp_base" ] || [ -L "$kp_base" ] || [ ! -O "$kp_base" ]; then continue; fi
  for kp_o in "$kp_base"/*/; do
    kp_o=\${kp_o%/}
    if [ ! -f "$kp_o/pid" ]; then continue; fi
    if [ -s "$kp_o/status" ]; then kp_e=$(cat "$kp_o/status")
    elif kill -0 "$(cat "$kp_o/pid")" 2>/dev/null; then kp_e=running
    # It may have ended between the two looks.
    elif [ -s "$kp_o/status" ]; then kp_e=$(cat "$kp_o/status")
    else kp_e=gone; fi
    printf '%s %s %s\n' "$(date -r "$kp_o/pid" +%s)" "$kp_e" "$kp_o"
  done
done`;

function parseLine(line: string): SpooledStep {
  const [begun = '', state = '', ...rest] = line.split(' ');
  const path = rest.join(' ');
  const base = { name: path.slice(path.lastIndexOf('/') + 1), path, begunAt: Number(begun) };
  if (state === 'running' || state === 'gone') return { ...base, state };
  return { ...base, state: 'finished', status: Number(state) };
}
