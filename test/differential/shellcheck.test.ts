import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Change } from '../../src/model/change.ts';
import { type AnyModule, isRefusal, isSkip } from '../../src/model/module.ts';
import { blockinfile } from '../../src/modules/blockinfile.ts';
import { command } from '../../src/modules/command.ts';
import { copy } from '../../src/modules/copy.ts';
import { file } from '../../src/modules/file.ts';
import { find } from '../../src/modules/find.ts';
import { getUrl } from '../../src/modules/get-url.ts';
import { lineinfile } from '../../src/modules/lineinfile.ts';
import { ping } from '../../src/modules/ping.ts';
import { replace } from '../../src/modules/replace.ts';
import { setup } from '../../src/modules/setup.ts';
import { slurp } from '../../src/modules/slurp.ts';
import { stat } from '../../src/modules/stat.ts';
import { tempfile } from '../../src/modules/tempfile.ts';
import { template } from '../../src/modules/template.ts';
import { type Tree, writeTree } from '../support/file-tree.ts';
import { localDirectory, localFile } from '../support/local-file.ts';
import { runScript, testShells } from '../support/shells.ts';
import { argsOf, contextOf } from '../support/test-module.ts';

const FILES: Tree = {
  f: 'one\n',
  'd/e/f': 'x',
  d: { directory: true },
  empty: { directory: true },
  l: { link: 'f' },
  'src/a b': 'x',
};
const ODD = 'it\'s $(a) `b` \\ "c"';
const conf = localFile('/here/app.conf', 'a\n');
const tree = localDirectory('/here/tree/', [
  conf,
  localDirectory('/here/tree/sub', [localFile('/here/tree/sub/x', 'y')]),
]);

/** Arguments that reach every branch which writes shell; paths begin in a temporary root. */
const SAMPLES: readonly (readonly [AnyModule, Readonly<Record<string, unknown>>])[] = [
  [lineinfile, { path: 'f', line: 'two', owner: 'root', group: 'root', mode: 'u+x' }],
  [lineinfile, { path: `~/${ODD}`, line: 'two', create: true }],
  [blockinfile, { path: 'f', block: 'two' }],
  [replace, { path: 'f', regexp: 'o', owner: '12345' }],
  [copy, { src: conf, dest: 'new/dir/', directory_mode: '0700', owner: 'daemon' }],
  [copy, { src: conf, dest: 'f', backup: true }],
  [copy, { src: conf, dest: 'l' }],
  [copy, { src: tree, dest: ODD, directory_mode: '0711' }],
  [copy, { src: 'f', dest: 'g', remote_src: true, validate: 'test -s %s', mode: '0600' }],
  [copy, { src: 'f', dest: 'l', remote_src: true, follow: true, backup: true, unsafe_writes: true }],
  [copy, { src: 'src', dest: 'd', remote_src: true, owner: 'daemon' }],
  [template, { src: conf, dest: '$HOME/t' }],
  [file, { path: 'a/b', state: 'directory', mode: '0700', owner: 'daemon' }],
  [file, { path: 'd', state: 'directory', recurse: true, mode: 'a+rX', owner: 'daemon', group: 'daemon' }],
  [file, { path: 'd', state: 'directory', recurse: true, mode: '0700', modification_time: 'now' }],
  [file, { path: 'd', state: 'absent' }],
  [file, { path: 'f', state: 'absent' }],
  [file, { path: 'l', state: 'absent' }],
  [file, { path: 'empty', state: 'absent' }],
  [file, { path: ODD, state: 'touch', mode: '0600' }],
  [file, { path: 'f', state: 'touch', access_time: '202001010000.00' }],
  [file, { path: 'new', src: 'f', state: 'link' }],
  [file, { path: 'empty', src: 'none', state: 'link', force: true, follow: false, owner: 'daemon' }],
  [file, { path: 'new', src: 'f', state: 'hard' }],
  [stat, { path: ODD }],
  [slurp, { src: 'f' }],
  [find, { paths: ['d', '~'], patterns: ['*.log', "it's"], contains: 'x', get_checksum: true, recurse: true }],
  [find, { paths: '/', age: '1d', follow: true }],
  [tempfile, { suffix: ODD.replaceAll('/', ''), state: 'directory', path: '~' }],
  [command, { cmd: 'ls', chdir: '~', creates: "a*/it's[0-9]?", removes: '$HOME/x' }],
  [ping, { data: ODD }],
  [setup, {}],
  [
    getUrl,
    { url: 'http://127.0.0.1/x', dest: 'x', checksum: 'sha256:http://127.0.0.1/sums', backup: true, mode: '0755' },
  ],
  [
    getUrl,
    {
      url: 'http://127.0.0.1/x',
      dest: 'f',
      timeout: 3,
      client_cert: 'c',
      client_key: 'k',
      use_proxy: false,
      validate_certs: false,
    },
  ],
];

test.each(
  SAMPLES.map(
    ([module, args], index) =>
      [`${index + 1} ${module.name} ${JSON.stringify(args).slice(0, 80)}`, module, args] as const,
  ),
)('%s', (_name, module, raw) => {
  const shell = testShells()[0];
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'kprep-test-')));
  try {
    if (!shell) throw new Error('no shell');
    writeTree(root, FILES);
    for (const script of scriptsOf(module, rooted(raw, root), { root, shell })) expect(complaints(script)).toBe('');
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

function rooted(raw: Readonly<Record<string, unknown>>, root: string): Record<string, unknown> {
  const within = (value: unknown) => (typeof value === 'string' && !/^[~$/]/.test(value) ? join(root, value) : value);
  const paths = new Set(['path', 'dest', 'src', 'client_cert', 'client_key']);
  return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, paths.has(key) ? within(value) : value]));
}

/** The read, every change and every way back. */
function scriptsOf(module: AnyModule, raw: Record<string, unknown>, host: Parameters<typeof runScript>[0]): string[] {
  const { args, problems } = argsOf(module, raw);
  expect(problems).toEqual([]);
  const read = module.read(args);
  const { now } = read.parse(runScript(host, { script: read.script }));
  const decision = module.plan(args, now, contextOf());
  if (isRefusal(decision)) throw new Error(decision.failed);
  const changes: readonly Change[] = isSkip(decision) ? [] : decision;
  return [read.script, ...changes.flatMap(scriptsIn)];
}

function scriptsIn(change: Change): string[] {
  const own = change.kind === 'run' ? [change.script as string] : [];
  return change.undo === 'none' ? own : [...own, ...scriptsIn(change.undo)];
}

function complaints(script: string): string {
  const ran = spawnSync('shellcheck', ['-s', 'sh', '-f', 'gcc', '-e', 'SC2016', '-'], { input: `${script}\n` });
  if (ran.error) throw ran.error;
  return ran.stdout.toString();
}
