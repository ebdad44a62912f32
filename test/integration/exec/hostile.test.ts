import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { down, type Fleet, inHub, type RunResult, run, up } from '../../support/hosts/index.js';
import { type Bench, makeBench } from '../../support/kprep.ts';

/** MiB that the whole program may use while six hosts flood it with a quarter of a gigabyte; 350 were measured. */
const PEAK = 512;
const FLOOD = 200_000_000;

/** What each host does to us. */
const ATTACKS = [
  `head -c ${FLOOD} /dev/zero | tr "\\000" x`,
  'printf "\\033[2J\\033]0;owned\\007\\033[31m\\233\\302\\233\\342\\200\\256\\r../../x\\n"',
  'head -c 20000000 /dev/urandom',
  'yes "" | head -n 1000000',
  'head -c 5000000 /dev/zero',
  'printf "no newline at the end"; yes trouble | head -n 300000 >&2',
];

let fleet: Fleet;
let bench: Bench;

beforeAll(async () => {
  fleet = await up({ name: `hostile-${process.pid}`, kind: 'chroot', hosts: ATTACKS.length });
  bench = makeBench(fleet);
}, 180_000);

afterAll(async () => {
  bench.remove();
  await down(fleet.name);
});

/** Standard output is a file, as fast as any reader. */
const WATCHED = `"$@" >"$HOME/stdout" & pid=$!
while kill -0 $pid 2>/dev/null; do grep VmHWM /proc/$pid/status >>"$HOME/peak"; sleep 0.1; done 2>/dev/null
wait $pid`;

/** Runs the attacks and tells the peak of memory in MiB. */
async function attacked(...options: string[]): Promise<RunResult & { readonly peak: number }> {
  const program = join(import.meta.dirname, '../../../dist/bin.js');
  const line = `case $KPREP_INDEX in ${ATTACKS.map((attack, index) => `${index}) ${attack} ;;`).join(' ')} esac`;
  const env = ['env', `HOME=${bench.dir}`, `XDG_STATE_HOME=${bench.dir}/state`, 'SSH_AUTH_SOCK='];
  const kprep = [process.execPath, program, 'exec', 'all', '-i', fleet.inventory, ...options, line];
  const result = await run(inHub(fleet, [...env, 'sh', '-c', WATCHED, 'sh', ...kprep]));
  const stdout = readFileSync(join(bench.dir, 'stdout'), 'utf8');
  const samples = readFileSync(join(bench.dir, 'peak'), 'utf8').match(/\d+/g) ?? [];
  return { ...result, stdout, peak: Math.max(...samples.map(Number)) / 1024 };
}

/** Escape sequences, other control characters but newline and tab, and marks that turn text around. */
const ALIVE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

function bytesBelow(directory: string): number {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

test('six hosts flood us: the terminal, memory and disk are unharmed, and what is missing is said', async () => {
  const { status, stdout, stderr, peak } = await attacked();
  expect(status).toBe(0);
  expect(stdout).not.toMatch(ALIVE);
  expect(stderr).not.toMatch(ALIVE);
  expect(stdout).toContain(`… ${FLOOD - 1024 * 1024} bytes dropped\n`);
  expect(stdout).toContain('node1 (1)\n\\e[2J\\e]0;owned\\x07\\e[31m\ufffd\\x9b\\u202e\\x0d../../x\n');
  expect(stdout).toContain('node5 (1)\nno newline at the end\nstderr: trouble\n');
  expect(bytesBelow(join(bench.dir, 'state'))).toBeLessThan(60 * 1024 * 1024);
  expect(peak).toBeLessThan(PEAK);
}, 180_000);

test('with --stream every byte passes, and nothing is kept', async () => {
  const { status, stdout, peak } = await attacked('--stream', '--max-output', '64K');
  expect(status).toBe(0);
  expect(stdout).not.toMatch(ALIVE);
  expect(stdout.match(/^node3: $/gm)).toHaveLength(1_000_000);
  expect(stdout).toContain('node5: no newline at the end\n');
  expect(stdout.match(/x{1000,}/g)?.reduce((sum, piece) => sum + piece.length, 0)).toBe(FLOOD);
  expect(peak).toBeLessThan(PEAK);
}, 180_000);

test('files of --out-dir grow to their bound, the status says that they are not whole', async () => {
  const out = join(bench.dir, 'out');
  const { status, stderr } = await attacked('--out-dir', out, '--max-file', '2M', '-q');
  expect(readdirSync(out).sort()).toEqual(fleet.hosts.map(({ name }) => name));
  expect(statSync(join(out, 'node0')).size).toBe(2 * 1024 * 1024);
  expect(statSync(join(out, 'node3')).size).toBe(1_000_000);
  expect(stderr).toContain(`node0: ${out}/node0: ${FLOOD - 2 * 1024 * 1024} bytes over --max-file were dropped`);
  expect(status).toBe(1);
}, 180_000);
