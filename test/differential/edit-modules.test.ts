import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { type AnyModule, isRefusal, isSkip } from '../../src/model/module.ts';
import { blockinfile } from '../../src/modules/blockinfile.ts';
import { lineinfile } from '../../src/modules/lineinfile.ts';
import { replace } from '../../src/modules/replace.ts';
import { argsOf, contextOf } from '../support/test-module.ts';

/** Every text with every set of arguments; the same must come out of Ansible's own module. */
const TEXTS: readonly (string | null)[] = [
  'a\nb\nc\n',
  'a\nb\nc',
  'a\r\nb\r\nc\r\n',
  '',
  '\n',
  'a\na\n\nb=1\n#b=2\nB=3\n  b=4\n',
  'x\xff\xe9 caf\xc3\xa9\na\n',
  '[one]\na=1\n[two]\na=2\n[three]\n',
  '# BEGIN ANSIBLE MANAGED BLOCK\nold\n# END ANSIBLE MANAGED BLOCK\ntail',
  'a\n# END ANSIBLE MANAGED BLOCK\nx\n# BEGIN ANSIBLE MANAGED BLOCK\nb\n',
  'a\rb\rc',
  null,
];

type Args = Readonly<Record<string, unknown>>;
const SETS: readonly (readonly [AnyModule, readonly Args[]])[] = [
  [
    lineinfile,
    [
      { line: 'a' },
      { line: 'new' },
      { line: 'new', create: true },
      { line: 'b=9', regexp: '^\\s*#?b=' },
      { line: 'b=9', regexp: '^\\s*#?b=', firstmatch: true },
      { line: '\\1=<\\2>', regexp: '^(\\w)=(\\d)', backrefs: true },
      { line: '\\g<k>: x', regexp: '(?P<k>b)=', backrefs: true, firstmatch: true },
      { line: 'new', insertbefore: '^b' },
      { line: 'new', insertbefore: '^b', firstmatch: true },
      { line: 'new', insertbefore: 'BOF' },
      { line: 'new', insertafter: '^\\[one\\]' },
      { line: 'new', insertafter: 'nothing like it' },
      { line: 'new', insertafter: 'a', firstmatch: true },
      { line: 'a=1', insertafter: '^\\[one\\]' },
      { line: 'new', insertafter: 'EOF', regexp: '^zzz' },
      { line: 'new', insertafter: 'BOF' },
      { line: 'S', search_string: '=' },
      { line: 'c', search_string: 'zz', insertbefore: '^a' },
      { regexp: '^\\s*b', state: 'absent' },
      { line: 'a', state: 'absent' },
      { search_string: 'a', state: 'absent' },
      { line: 'é', regexp: 'caf\\w' },
      { line: 'ü', regexp: '(?i)CAF' },
      { line: 'end', regexp: 'c$' },
      { line: '', regexp: '^$' },
    ],
  ],
  [
    blockinfile,
    [
      { block: 'one\ntwo' },
      { block: 'one\n', create: true },
      { block: 'one', insertbefore: 'BOF' },
      { block: 'one', insertbefore: '^b' },
      { block: 'one', insertafter: '^a' },
      { block: 'one', insertafter: 'no such line' },
      { block: 'one', insertafter: '(?m)^a$' },
      { block: 'one', insertbefore: '(?m)b\\nc' },
      { block: 'x\r\ny', insertafter: 'EOF' },
      { block: '' },
      { state: 'absent' },
      { block: 'one', marker: '; {mark} mine', marker_begin: 'X', marker_end: 'Y' },
      { block: 'café' },
    ],
  ],
  [
    replace,
    [
      { regexp: 'a', replace: 'A' },
      { regexp: '^', replace: '# ' },
      { regexp: '$', replace: ';' },
      { regexp: '^(\\w)=(\\d)$', replace: '\\2=\\1' },
      { regexp: 'a', replace: 'A', after: '\\[one\\]', before: '\\[two\\]' },
      { regexp: '^a.*$', replace: '', after: '\\[two\\]' },
      { regexp: '\\d', replace: 'n', before: '\\[t' },
      { regexp: '\\n+', replace: '\\n' },
      { regexp: '(?P<x>b)', replace: '\\g<x>\\g<0>\\t' },
      { regexp: 'x*', replace: '-' },
      { regexp: 'zzz', replace: 'y' },
      { regexp: '\\bb\\b', replace: 'w' },
    ],
  ],
];

interface Outcome {
  readonly changed: boolean;
  readonly failed: boolean;
  readonly msg: string;
  readonly after: string | null;
}

/** Where kprep means to differ (the reference page says so), and where Ansible's module ends in a traceback. */
function differs(module: AnyModule, args: Args, text: string | null): boolean {
  const after = String(args.insertafter ?? '');
  const crashes = module === blockinfile && after.startsWith('(?m)') && text?.includes('\xff') === true;
  const joins =
    module === lineinfile && after !== '' && !/^[EB]OF$/.test(after) && text !== null && !text.endsWith('\n');
  return crashes || joins;
}

const cases = SETS.flatMap(([module, sets]) =>
  sets.flatMap((args) => TEXTS.filter((text) => !differs(module, args, text)).map((text) => ({ module, args, text }))),
);

describe('the editing modules against those of Ansible', () => {
  const theirs = ansible();
  test.each(
    cases.map((one, index) => [`${one.module.name} ${JSON.stringify(one.args)} on ${JSON.stringify(one.text)}`, index]),
  )('%s', (_name, index) => {
    const one = cases[index as number];
    if (!one) throw new Error('no such case');
    expect(ours(one.module, one.args, one.text)).toEqual(comparable(theirs[index as number]));
  });
});

/** The words of a failure are our own. */
function comparable(outcome: Outcome | undefined): unknown {
  return outcome?.failed ? { failed: true, changed: false, after: outcome.after } : outcome;
}

function ours(module: AnyModule, raw: Args, text: string | null): unknown {
  const { args, problems } = argsOf(module, { ...raw, path: '/f' });
  expect(problems).toEqual([]);
  const file =
    text === null
      ? { path: '/f', kind: 'absent', link: false }
      : { path: '/f', kind: 'file', link: false, content: bytes(text) };
  const state = { file, ids: { uid: undefined, gid: undefined } };
  const decision = module.plan(args, state, contextOf());
  const before = text === null ? null : bytes(text).toString('base64');
  if (isRefusal(decision)) return { failed: true, changed: false, after: before };
  if (isSkip(decision)) throw new Error('skipped');
  const put = decision.find((change) => change.kind === 'put');
  return {
    failed: false,
    changed: decision.length > 0,
    msg: String(module.result?.(args, state, []).msg).replace('/f', '{path}'),
    after: put ? (put.content.bytes?.toString('base64') ?? null) : before,
  };
}

function ansible(): readonly Outcome[] {
  const input = cases.map(({ module, args, text }) => ({
    module: module.name,
    args,
    text: text === null ? null : bytes(text).toString('base64'),
  }));
  const script = fileURLToPath(new URL('edit-modules.py', import.meta.url));
  const run = spawnSync('/usr/bin/python3', [script], { input: JSON.stringify(input), maxBuffer: 1 << 26 });
  if (run.status !== 0) throw new Error(run.stderr.toString());
  return JSON.parse(run.stdout.toString()) as Outcome[];
}

function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
