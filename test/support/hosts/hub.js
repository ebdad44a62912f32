import { spawn } from 'node:child_process';
import { openSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { here } from './places.js';
import { firstLine } from './run.js';

/**
 * Starts the first process of a fleet in namespaces of its own; everything of the fleet lives under it and goes with it.
 * `keep`: outlives this process; else it ends with it, even when this process is killed.
 */
export async function startHub(directory, keep) {
  const log = openSync(join(directory, 'hub.log'), 'a', 0o600);
  const script = ['sh', join(here, 'run', 'hub.sh'), directory, keep ? 'keep' : 'tied'];
  const spaces = ['--mount', '--net', '--pid', '--ipc', '--uts', '--fork', '--kill-child', '--propagation', 'private'];
  const child = spawn('unshare', [...spaces, ...script], {
    stdio: [keep ? 'ignore' : 'pipe', 'pipe', log],
    detached: true,
  });
  const pid = Number(await firstLine(child));
  child.stdout.destroy();
  child.stdin?.unref();
  child.unref();
  return { pid, start: startOf(pid) };
}

/** Whether that very process still runs; a number that was given out again does not count. */
export function runs(hub) {
  return hub !== undefined && startOf(hub.pid) === hub.start;
}

/** Ends a fleet's first process, and so all of its processes, and waits until the kernel is through with them. */
export async function stopHub(hub) {
  if (!runs(hub)) return;
  process.kill(hub.pid, 'SIGKILL');
  await until(() => !runs(hub), 'the processes of the fleet do not end');
}

/** The directories under which the control groups of a booted fleet lie. cgroup v1 beside v2, or v2 alone. */
export function cgroupParents(name) {
  const roots = ['/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified'];
  const present = roots.filter((root) => read(join(root, 'cgroup.procs')) !== undefined);
  return (present.length > 0 ? present : ['/sys/fs/cgroup']).map((root) => join(root, `kprep-test-${name}`));
}

/** Removes control groups with all that is below them; their processes must be gone. */
export async function removeCgroups(parents) {
  for (const parent of parents) {
    await until(() => removeTree(parent), `${parent} is still in use`);
  }
}

function removeTree(group) {
  try {
    for (const entry of readdirSync(group, { withFileTypes: true })) {
      if (entry.isDirectory()) removeTree(join(group, entry.name));
    }
    rmdirSync(group);
    return true;
  } catch (error) {
    if (error.code === 'ENOENT') return true;
    if (error.code === 'EBUSY') return false;
    throw error;
  }
}

async function until(condition, complaint) {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(complaint);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** When a process started, in clock ticks: field 22 of proc_pid_stat(5). Nothing for a process that is gone or a zombie. */
function startOf(pid) {
  const fields = read(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ');
  return fields && fields[0] !== 'Z' ? fields[19] : undefined;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
    throw error;
  }
}
