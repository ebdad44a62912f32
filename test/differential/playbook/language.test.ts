import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadInventory, matchHosts, withChanges } from '../../../src/inventory/index.ts';
import { type CompileRequest, compilePlaybooks, makeTemplateEngine } from '../../../src/playbook/index.ts';
import { renderProblem } from '../../../src/shared/problem.ts';
import { makeSecrets } from '../../../src/shared/secrets.ts';
import { REGISTRY, runOn } from '../../support/playbook/world.ts';

const FILES: Readonly<Record<string, string>> = {
  'inv/hosts': 'h1 x=1\nh2\n[all:vars]\nansible_connection=local\n[web]\nh1\n',
  'play/vars/red.yml': 'colour: red\nnested: {a: "{{ colour }}!"}\n',
  'play/more/a.yml': 'm: 1\nn: a\n',
  'play/more/b.yml': 'n: b\n',
  'play/more/c.txt': 'n: c\n',
  'play/probe.yml': "- debug: {msg: \"{{ p | default('-') }} {{ item | default('-') }}\"}\n  tags: [own]\n",
  'play/deep/one.yml': '- import_tasks: two.yml\n',
  'play/deep/two.yml': '- debug: {msg: deep}\n',
  'play/roles/r/tasks/main.yml':
    '- debug: {msg: "{{ role_name }} {{ d }} {{ v }} {{ qq | default(\'-\') }}"}\n- include_tasks: other.yml\n- import_tasks: sub/third.yml\n',
  'play/roles/r/tasks/other.yml': '- debug: {msg: "other {{ d }}"}\n  tags: [o]\n',
  'play/roles/r/tasks/sub/third.yml': '- debug: {msg: third}\n- include_tasks: fourth.yml\n',
  'play/roles/r/tasks/sub/fourth.yml': '- debug: {msg: fourth}\n',
  'play/roles/r/defaults/main.yml': 'd: default\n',
  'play/roles/r/vars/main.yml': 'v: "{{ d }}-v"\n',
  'play/roles/r/meta/main.yml': 'dependencies: [{role: dep, when: x == 1, tags: [dt]}]\n',
  'play/roles/dep/tasks/main.yml': '- debug: {msg: dep}\n',
  'play/roles/dep/tasks/alt.yml': '- debug: {msg: "alt {{ lv }}"}\n',
  'play/roles/dep/vars/main.yml': 'lv: main\n',
  'play/roles/dep/vars/alt.yml': 'lv: alt\n',
  'play/site.yml': `
- import_playbook: second.yml
  tags: [imported]
  when: x == 1
- hosts: web
  name: the first
  gather_facts: no
  vars:
    a: 1
    list: [1, 2, 3]
    things: {k: v, l: w}
    users: [{name: joe, keys: [1, 2]}, {name: ann, keys: []}]
  vars_files:
    - [nope.yml, "{{ 'red' }}.yml"]
  roles:
    - r
    - {role: r, tags: [rt]}
    - {role: r, qq: 5, when: a == 2}
    - role: r
  tasks:
    - debug: {msg: "{{ colour }} {{ nested.a }}"}
    - debug: msg="kv {{ a }} 'x y'"
    - debug: {msg: "{{ a + 1 }}"}
    - debug: {msg: "{{ list }}"}
    - debug: {msg: "when"}
      when: [a == 1, "a in list", not false]
    - debug: {msg: "not when"}
      when: a == 2 or list | length > 5
    - debug: {msg: "{{ item }}"}
      loop: "{{ list }}"
      when: item != 2
    - debug: {msg: "{{ item.key }}{{ item.value }}"}
      with_dict: "{{ things }}"
    - debug: {msg: "{{ item.0.name }}{{ item.1 }}"}
      with_subelements: ["{{ users }}", keys]
    - debug: {msg: "{{ item }}"}
      with_items: ["{{ list }}", [4, [5]], 6]
    - debug: {msg: "{{ item }}"}
      with_list: ["{{ list }}", [4, [5]], 6]
    - debug: {msg: "{{ item }}"}
      with_flattened: ["{{ list }}", [4, [5]], 6]
    - debug: {msg: "{{ item }}"}
      with_nested: ["{{ list }}", [a, b]]
    - debug: {msg: "{{ item }}"}
      with_together: ["{{ list }}", [a, b]]
    - debug: {msg: "{{ item }}"}
      with_indexed_items: [a, [b, c]]
    - debug: {msg: "{{ item }}"}
      with_sequence: start=4 end=0 stride=-2 format=%x
    - debug: {msg: "{{ item }}"}
      with_sequence: 2-9/3:h%02d
    - debug: {msg: "{{ item }}"}
      with_sequence: count=3
    - debug: {msg: "{{ item | basename }}"}
      with_fileglob: ["more/a.*"]
    - debug: {msg: "{{ item | basename }}"}
      with_first_found: [nope.yml, "{{ undefined_thing }}.yml", vars/red.yml]
    - debug: {msg: "{{ i }} {{ e }}"}
      loop: [x, y]
      loop_control: {loop_var: e, index_var: i}
    - debug: {msg: "{{ item }}"}
      loop: "{{ undefined_thing }}"
      when: undefined_thing is defined
    - include_tasks: probe.yml
      loop: [1, 2]
      vars: {p: "p{{ item }}"}
      when: item == 2
      tags: [inc]
    - include_tasks: {file: probe.yml, apply: {tags: [applied]}}
      tags: [always]
    - import_tasks: probe.yml
      vars: {p: imp}
      when: a == 1
      tags: [imp]
    - import_tasks: deep/one.yml
    - include_role: {name: dep, tasks_from: alt, vars_from: alt.yml}
    - import_role: {name: dep, tasks_from: alt.yml}
    - include_vars: {dir: more, ignore_unknown_extensions: true}
    - debug: {msg: "{{ m }}{{ n }}"}
    - include_vars: {file: more/b.yml, name: bag}
    - debug: {msg: "{{ bag }}"}
    - set_fact: {f: "{{ a }}", g: "{{ list }}"}
    - set_fact: h=5 j="{{ a }}"
    - debug: {msg: "{{ [f, g, h, j] }}"}
    - block:
        - debug: {msg: "{{ b }}"}
        - block: [{debug: {msg: "{{ b }}"}}]
          vars: {b: inner}
          when: b == 'inner'
      vars: {b: outer}
    - debug: {msg: "{{ hostvars['h2'].inventory_hostname }} {{ groups['web'] }} {{ group_names }} {{ inventory_hostname_short }}"}
    - debug: {msg: "{{ playbook_dir | basename }} {{ ansible_play_name }} {{ ansible_check_mode }} {{ role_path | default('no role') }}"}
    - debug: {msg: "{{ vars.a }} {{ lookup('vars', 'a') }} {{ 'a' in vars }}"}
    - debug: {msg: "{{ omit is defined }} {{ ansible_loop_var | default('none') }}"}
    - debug: {msg: !unsafe "{{ a }}"}
    - debug: "{{ {'msg': 'whole'} }}"
    - action: debug msg=action
    - local_action: {module: debug, msg: local}
    - debug: {msg: n}
      tags: [never, special]
  post_tasks:
    - debug: {msg: post}
      tags: [x, y]
`,
  'play/second.yml': `
- hosts: all
  name: the second
  gather_facts: no
  tasks:
    - debug: {msg: "{{ inventory_hostname }}"}
      tags: [s]
    - debug: {msg: "skipped"}
      when: x == 2
`,
};

let dir = '';

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'kprep-language-'));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

function ansible(args: readonly string[]): string {
  const env = {
    ...{ PATH: '/usr/bin:/bin', HOME: dir, ANSIBLE_STDOUT_CALLBACK: 'json', ANSIBLE_JINJA2_NATIVE: 'True' },
    ...{ ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3', ANSIBLE_DEPRECATION_WARNINGS: 'False' },
  };
  const all = ['-i', 'inv/hosts', '-l', 'h1', 'play/site.yml', ...args];
  const { status, stdout, stderr } = spawnSync('/usr/bin/ansible-playbook', all, { cwd: dir, env, maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`ansible-playbook: ${stdout.toString().slice(-3000)}${stderr.toString()}`);
  return stdout.toString();
}

interface Answer {
  readonly action?: string;
  readonly msg?: unknown;
  readonly skipped?: boolean;
  readonly results?: readonly Answer[];
}

/** What debug showed, items of loops one by one. */
function theirs(args: readonly string[]): unknown[] {
  const text = ansible(args);
  const report = JSON.parse(text.slice(text.indexOf('{\n'))) as {
    plays: { tasks: { hosts: Record<string, Answer> }[] }[];
  };
  return report.plays.flatMap((play) => play.tasks).flatMap((task) => shownIn(task.hosts.h1));
}

function shownIn(answer: Answer | undefined): unknown[] {
  if (answer?.action !== 'debug' || answer.skipped) return [];
  return answer.results ? answer.results.flatMap((one) => (one.skipped ? [] : [one.msg])) : [answer.msg];
}

async function compiled(
  more: Partial<CompileRequest>,
): Promise<Awaited<ReturnType<typeof compilePlaybooks>> & { inventory: CompileRequest['inventory'] }> {
  const { inventory } = await loadInventory({ sources: [join(dir, 'inv/hosts')], playbookDirs: [join(dir, 'play')] });
  const request = { playbooks: [join(dir, 'play/site.yml')], registry: REGISTRY, inventory, matchHosts, withChanges };
  const result = await compilePlaybooks({
    ...request,
    engine: makeTemplateEngine({ lookups: LOOKUPS(), literals: true }),
    limit: new Set(['h1']),
    secrets: makeSecrets(),
    ...more,
  });
  return { ...result, inventory };
}

const LOOKUPS = () => ({
  env: () => undefined,
  readFile: () => '',
  findFile: (path: string) => (path === 'vars/red.yml' ? join(dir, 'play', path) : undefined),
  glob: () => [join(dir, 'play/more/a.yml')],
  pipe: () => '',
  now: () => 0,
  random: () => 0,
});

async function ours(more: Partial<CompileRequest>): Promise<unknown[]> {
  const { plan, problems, inventory } = await compiled(more);
  if (!plan) throw new Error(problems.map(renderProblem).join('\n'));
  return (await runOn(plan, inventory, 'h1')).shown;
}

/** Name and tags of each task. */
function theirList(args: readonly string[]): string[] {
  return ansible(['--list-tasks', ...args])
    .split('\n')
    .flatMap((line) => {
      const found = /^ {6}(.*?)\tTAGS: \[(.*)\]$/.exec(line);
      return found ? [`${found[1]?.replace(/^\w+ : /, '')} [${found[2]}]`] : [];
    });
}

async function ourList(more: Partial<CompileRequest>): Promise<string[]> {
  const { summary } = await compiled(more);
  return summary.plays.flatMap((play) => play.tasks.map(({ name, tags }) => `${name} [${tags.join(', ')}]`));
}

const CHOICES: [string, string[], string[]][] = [
  ['everything', [], []],
  ['one tag', ['x'], []],
  ['of an import', ['imp'], []],
  ['of an include', ['inc'], []],
  ['of included tasks', ['inc', 'own'], []],
  ['of a role', ['rt'], []],
  ['of a dependency', ['dt'], []],
  ['tagged', ['tagged'], []],
  ['untagged', ['untagged'], []],
  ['never by name', ['special'], []],
  ['of an imported playbook', ['imported'], []],
  ['skipped', [], ['imp', 'rt']],
  ['always skipped', [], ['always', 'own']],
  ['both', ['tagged'], ['x']],
];

describe('the language, beside ansible-playbook', () => {
  test.each(CHOICES)(
    '%s: the same is shown',
    async (_name, tags, skipTags) => {
      const args = [...tags.flatMap((tag) => ['--tags', tag]), ...skipTags.flatMap((tag) => ['--skip-tags', tag])];
      expect(await ours({ tags, skipTags })).toEqual(theirs(args));
    },
    30_000,
  );

  test('the same tasks are listed with the same tags', async () => {
    // A role that runs once is listed once here, and as often as it is named there.
    expect(new Set(await ourList({}))).toEqual(new Set(theirList([]).filter((line) => line !== 'debug [dt, rt]')));
    expect(await ourList({ tags: ['imp', 's'] })).toEqual(theirList(['--tags', 'imp,s']));
  }, 30_000);
});
