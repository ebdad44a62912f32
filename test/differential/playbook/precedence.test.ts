import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadInventory, matchHosts, withChanges } from '../../../src/inventory/index.ts';
import { compilePlaybooks, makeTemplateEngine } from '../../../src/playbook/index.ts';
import { renderProblem } from '../../../src/shared/problem.ts';
import { makeSecrets } from '../../../src/shared/secrets.ts';
import { REGISTRY, runOn } from '../../support/playbook/world.ts';

/** Every place that a variable can come from; each pair of them gets a variable of its own, defined in both. */
const LEVELS = [
  ...[
    'roleDefaults',
    'otherDefaults',
    'depDefaults',
    'invAll',
    'invGroup',
    'invFileAll',
    'playFileAll',
    'invFileGroup',
    'playFileGroup',
  ],
  ...[
    'invHost',
    'invFileHost',
    'playFileHost',
    'facts',
    'playVars',
    'prompt',
    'varsFile1',
    'varsFile2',
    'roleVars',
    'otherVars',
    'depVars',
  ],
  ...[
    'entryVars',
    'blockVars',
    'taskVars',
    'includeVars',
    'setFact',
    'roleParams',
    'includeParams',
    'importVars',
    'extraVars',
  ],
] as const;
type Level = (typeof LEVELS)[number];

/** `ansible_`, so that facts can define them too. */
const nameOf = (one: number, two: number) => `ansible_p_${one}_${two}`;
const PAIRS = LEVELS.flatMap((_, one) => LEVELS.map((__, two) => [one, two] as const)).filter(
  ([one, two]) => one < two,
);

function varsOf(level: Level): Record<string, string> {
  const index = LEVELS.indexOf(level);
  const mine = PAIRS.filter(([one, two]) => one === index || two === index);
  return Object.fromEntries(mine.map(([one, two]) => [nameOf(one, two), level]));
}

const json = (level: Level) => JSON.stringify(varsOf(level));
const ini = (level: Level) =>
  Object.entries(varsOf(level))
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
const inline = (level: Level) =>
  Object.entries(varsOf(level))
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
/** Missing ones count as `-`. */
const PROBE = `{{ {${PAIRS.map(([one, two]) => `'${nameOf(one, two)}': ${nameOf(one, two)} | default('-')`).join(', ')}} }}`;

const FILES: Readonly<Record<string, string>> = {
  'inv/hosts': `h1 ${inline('invHost')}\nh2\n[web]\nh1\n[all:vars]\nansible_connection=local\n${ini('invAll')}\n[web:vars]\n${ini('invGroup')}\n`,
  'inv/group_vars/all.yml': json('invFileAll'),
  'inv/group_vars/web.yml': json('invFileGroup'),
  'inv/host_vars/h1.yml': json('invFileHost'),
  'play/group_vars/all.yml': json('playFileAll'),
  'play/group_vars/web.yml': json('playFileGroup'),
  'play/host_vars/h1.yml': json('playFileHost'),
  'play/library/factmod.py': `#!/usr/bin/python3\nimport json\nprint(json.dumps({"changed": False, "ansible_facts": json.loads('''${json('facts')}''')}))\n`,
  'play/v1.yml': json('varsFile1'),
  'play/v2.yml': json('varsFile2'),
  'play/iv.yml': json('includeVars'),
  'play/extra.json': json('extraVars'),
  'play/roles/r/defaults/main.yml': json('roleDefaults'),
  'play/roles/r/vars/main.yml': json('roleVars'),
  'play/roles/r/meta/main.yml': 'dependencies: [d]\n',
  'play/roles/d/defaults/main.yml': json('depDefaults'),
  'play/roles/d/vars/main.yml': json('depVars'),
  'play/roles/other/defaults/main.yml': json('otherDefaults'),
  'play/roles/other/vars/main.yml': json('otherVars'),
  'play/roles/r/tasks/main.yml': `
- debug: {msg: "${PROBE}"}
- block:
    - debug: {msg: "${PROBE}"}
      vars: ${json('taskVars')}
    - import_tasks: probe.yml
      vars: ${json('importVars')}
    - include_tasks: probe.yml
      vars: ${json('includeParams')}
  vars: ${json('blockVars')}
`,
  'play/roles/r/tasks/probe.yml': `- debug: {msg: "${PROBE}"}\n  vars: ${json('taskVars')}\n`,
};

/** `facts` is a module of our own there and is handed in here. */
const site = (facts: string) => `
- hosts: h1
  gather_facts: no
  vars: ${json('playVars')}
  vars_files: [v1.yml, v2.yml]
  vars_prompt: ${JSON.stringify(Object.entries(varsOf('prompt')).map(([name, value]) => ({ name, default: value, private: false })))}
  pre_tasks:
${facts}    - debug: {msg: "${PROBE}"}
    - include_vars: iv.yml
    - set_fact: ${json('setFact')}
  roles:
    - role: other
    - ${JSON.stringify({ role: 'r', vars: varsOf('entryVars'), ...varsOf('roleParams') })}
  tasks:
    - debug: {msg: "${PROBE}"}
    - import_role: {name: r}
      vars: ${json('importVars')}
    - include_role: {name: other}
      vars: ${json('includeParams')}
    - debug: {msg: "${PROBE}"}
- hosts: h1
  gather_facts: no
  tasks:
    - debug: {msg: "${PROBE}"}
    - debug: {msg: "{{ hostvars.h1.${nameOf(0, 3)} }} {{ hostvars.h1.${nameOf(9, 24)} }} {{ hostvars.h2.${nameOf(3, 4)} }}"}
`;

let dir = '';

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'kprep-precedence-'));
  const all = { ...FILES, 'play/site.yml': site(''), 'play/theirs.yml': site('    - factmod:\n') };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

type Shown = Record<string, string> | string;

function theirs(): Shown[] {
  const out = execFileSync(
    '/usr/bin/ansible-playbook',
    ['-i', 'inv/hosts', '-e', '@play/extra.json', 'play/theirs.yml'],
    {
      cwd: dir,
      env: {
        ...{ PATH: '/usr/bin:/bin', HOME: dir, ANSIBLE_STDOUT_CALLBACK: 'json', ANSIBLE_JINJA2_NATIVE: 'True' },
        ...{ ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3', ANSIBLE_LOCALHOST_WARNING: 'False' },
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 1 << 28,
    },
  );
  const text = out.toString();
  const report = JSON.parse(text.slice(text.indexOf('{\n'))) as {
    plays: { tasks: { hosts: Record<string, { action: string; msg?: Shown }> }[] }[];
  };
  return report.plays
    .flatMap((play) => play.tasks.map((task) => task.hosts.h1))
    .flatMap((result) => (result?.action === 'debug' ? [result.msg ?? ''] : []));
}

async function ours(): Promise<Shown[]> {
  const { inventory, problems: wrong } = await loadInventory({
    sources: [join(dir, 'inv/hosts')],
    playbookDirs: [join(dir, 'play')],
  });
  expect(wrong).toEqual([]);
  const { plan, problems } = await compilePlaybooks({
    ...{
      playbooks: [join(dir, 'play/site.yml')],
      registry: REGISTRY,
      engine: makeTemplateEngine(),
      inventory,
      matchHosts,
      withChanges,
    },
    ...{ extraVars: varsOf('extraVars'), secrets: makeSecrets() },
  });
  if (!plan) throw new Error(problems.map(renderProblem).join('\n'));
  const facts = Object.fromEntries(
    Object.entries(varsOf('facts')).map(([name, value]) => [name.replace('ansible_', ''), value]),
  );
  return (await runOn(plan, inventory, 'h1', facts)).shown as Shown[];
}

/** Where each variable comes from, as `one+two → winner`. */
function told(shown: Shown | undefined): string[] {
  if (typeof shown !== 'object') return [String(shown)];
  return PAIRS.map(([one, two]) => `${LEVELS[one]}+${LEVELS[two]} → ${shown[nameOf(one, two)]}`);
}

describe("Ansible's precedence of variables", () => {
  test('of every pair of places the same one wins', async () => {
    const [mine, other] = [await ours(), theirs()];
    expect(other.length).toBe(13);
    expect(mine.length).toBe(other.length);
    const wrong = other.flatMap((shown, index) => {
      const actual = told(mine[index]);
      return told(shown).flatMap((line, at) =>
        line === actual[at] ? [] : [`probe ${index}: ${line}, kprep ${actual[at]}`],
      );
    });
    expect(wrong).toEqual([]);
  });
});
