import { describe, expect, test } from '@jest/globals';
import type { Plan, PlanNode, Scope, Task } from '../../../src/model/plan.ts';
import type { Vars } from '../../../src/model/value.ts';
import { compileAdHoc, makeTemplateEngine } from '../../../src/playbook/index.ts';
import { makeSecrets } from '../../../src/shared/secrets.ts';
import {
  compileWorld,
  makeInventory,
  matchHosts,
  memoryFiles,
  planOf,
  REGISTRY,
  runOn,
  viewOf,
} from '../../support/playbook/world.ts';

const head = '- hosts: all\n  gather_facts: no\n';
const inventory = makeInventory({ h1: {}, h2: {} }, { web: { hosts: ['h1'] } });

function names(nodes: readonly PlanNode[]): string[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'flush') return ['|'];
    if (node.kind !== 'block') return [node.name];
    return ['(', ...names(node.body), 'rescue', ...names(node.rescue), 'always', ...names(node.always), ')'];
  });
}

function tasks(plan: Plan): Task[] {
  const flat = (nodes: readonly PlanNode[]): Task[] =>
    nodes.flatMap((node) =>
      node.kind === 'task' ? [node] : node.kind === 'block' ? flat([...node.body, ...node.rescue, ...node.always]) : [],
    );
  return plan.plays.flatMap((play) => flat(play.nodes));
}

function scope(local: Vars = {}, task?: Task): Scope {
  return {
    host: 'h1',
    local,
    runtime: { facts: {}, variables: {}, includeVars: {} },
    run: viewOf(inventory),
    ...(task ? { task } : {}),
  };
}

const debug = (name: string, more = '') => `- {name: ${name}, debug: {msg: x}${more}}\n`;
const indent = (text: string, by: number) => text.replace(/^(?=.)/gm, ' '.repeat(by));

describe('the order of a play', () => {
  test('facts, pre_tasks, roles, tasks, post_tasks, flushes between', async () => {
    const text = `- hosts: all
  pre_tasks: [{name: pre, debug: }]
  roles: [r]
  tasks: [{name: task, debug: }]
  post_tasks: [{name: post, debug: }]
`;
    const files = {
      'site.yml': text,
      'roles/r/tasks/main.yml': debug('of-r'),
      'roles/r/meta/main.yml': 'dependencies: [d]\n',
      'roles/d/tasks/main.yml': debug('of-d'),
    };
    const plan = await planOf({ files });
    expect(names(plan.plays[0]?.nodes ?? [])).toEqual([
      'Gathering Facts',
      'pre',
      '|',
      'of-d',
      'of-r',
      'task',
      '|',
      'post',
      '|',
    ]);
    expect(tasks(plan).map((task) => task.id)).toEqual([
      'site.yml:1',
      'site.yml:2',
      'roles/d/tasks/main.yml:1',
      'roles/r/tasks/main.yml:1',
      'site.yml:4',
      'site.yml:5',
    ]);
  });

  test('blocks keep rescue and always; plain ones dissolve', async () => {
    const text = `${head}  tasks:
    - block: [{name: a, debug: }]
    - block: [{name: b, debug: }]
      rescue: [{name: c, debug: }]
      always: [{name: d, debug: }]
`;
    const plan = await planOf({ files: { 'site.yml': text } });
    expect(names(plan.plays[0]?.nodes ?? [])).toEqual([
      '|',
      'a',
      '(',
      'b',
      'rescue',
      'c',
      'always',
      'd',
      ')',
      '|',
      '|',
    ]);
  });

  test('a role runs once, with other parameters again', async () => {
    const text = `${head}  roles: [r, r, {role: r, x: 1}, {role: r, x: 1}]\n`;
    const plan = await planOf({ files: { 'site.yml': text, 'roles/r/tasks/main.yml': debug('t') } });
    expect(tasks(plan).map((task) => task.id)).toEqual(['roles/r/tasks/main.yml:1', 'roles/r/tasks/main.yml:1#2']);
  });

  test.each<[string, string[], string[], string[]]>([
    ['nothing asked', [], [], ['a', 'b', 'always', 'plain']],
    ['one tag', ['x'], [], ['a', 'always']],
    ['tagged', ['tagged'], [], ['a', 'b', 'always']],
    ['untagged', ['untagged'], [], ['always', 'plain']],
    ['never by name', ['n'], [], ['always', 'never']],
    ['skip', [], ['x,y'], ['always', 'plain']],
    ['skip always', [], ['always'], ['a', 'b', 'plain']],
    ['skip tagged', [], ['tagged'], ['plain']],
  ])('tags: %s', async (_name, only, skip, expected) => {
    const body =
      debug('a', ', tags: x') +
      debug('b', ', tags: [y]') +
      debug('always', ', tags: always') +
      debug('never', ', tags: [never, n]') +
      debug('plain');
    const plan = await planOf({
      files: { 'site.yml': `${head}  tasks:\n${indent(body, 4)}` },
      request: { tags: only, skipTags: skip },
    });
    expect(tasks(plan).map((task) => task.name)).toEqual(expected);
  });

  test('tags are inherited by blocks, imports and roles, not by includes', async () => {
    const text = `${head}  tags: p
  roles: [{role: r, tags: ro}]
  tasks:
    - block: [{name: a, debug: }]
      tags: [b]
    - import_tasks: t.yml
      tags: i
    - include_tasks: t.yml
      tags: inc
`;
    const plan = await planOf({
      files: { 'site.yml': text, 'roles/r/tasks/main.yml': debug('r'), 't.yml': debug('t', ', tags: own') },
    });
    expect(tasks(plan).map((task) => [task.name, task.tags])).toEqual([
      ['r', ['p', 'ro']],
      ['a', ['p', 'b']],
      ['t', ['p', 'i', 'own']],
    ]);
    const include = plan.plays[0]?.nodes.find((node) => node.kind === 'include');
    const loaded = include?.kind === 'include' ? await include.load(scope()) : undefined;
    expect(loaded?.nodes.map((node) => (node.kind === 'task' ? node.tags : []))).toEqual([['p', 'own']]);
  });

  test('start-at-task', async () => {
    const text = `- hosts: all\n  tasks:\n${indent(debug('one') + debug('two'), 4)}- hosts: all\n  tasks:\n${indent(debug('three') + debug('four'), 4)}`;
    const plan = await planOf({ files: { 'site.yml': text }, request: { startAt: 'fou*' } });
    expect(tasks(plan).map((task) => task.name)).toEqual(['Gathering Facts', 'four']);
    const { problems } = await compileWorld({ files: { 'site.yml': text }, request: { startAt: 'nope' } });
    expect(problems.map(({ message }) => message)).toEqual(['no task is named nope (--start-at-task)']);
  });

  test('import_playbook hands down vars, tags and when', async () => {
    const files = {
      'site.yml': '- import_playbook: sub/two.yml\n  vars: {a: 1}\n  tags: imported\n  when: a == 1\n',
      'sub/two.yml': `${head}  tasks:\n    - debug: {msg: "{{ a }} {{ playbook_dir }}"}\n`,
    };
    const plan = await planOf({ files, inventory });
    expect(tasks(plan)[0]?.tags).toEqual(['imported']);
    expect((await runOn(plan, inventory)).shown).toEqual(['1 /sub']);
  });
});

describe('settings of plays', () => {
  test('serial, strategy, limits', async () => {
    const text = `- hosts: all
  gather_facts: no
  serial: [1, "50%", "{{ n }}"]
  vars: {n: 3}
  strategy: free
  max_fail_percentage: 30
  any_errors_fatal: yes
  throttle: 2
  force_handlers: true
  order: reverse_inventory
`;
    const plan = await planOf({ files: { 'site.yml': text }, inventory });
    expect(plan.plays[0]).toMatchObject({
      serial: [{ hosts: 1 }, { share: 0.5 }, { hosts: 3 }],
      ...{ strategy: 'free', maxFailPercentage: 30, anyErrorsFatal: true, throttle: 2, forceHandlers: true },
    });
    expect(plan.plays[0]?.hosts(viewOf(inventory))).toEqual(['h2', 'h1']);
  });

  test('limit, and hosts from variables', async () => {
    const text = '- hosts: "{{ target }}"\n  gather_facts: no\n';
    const plan = await planOf({
      files: { 'site.yml': text },
      inventory,
      request: { extraVars: { target: 'all' }, limit: new Set(['h2']) },
    });
    expect(plan.plays[0]?.hosts(viewOf(inventory))).toEqual(['h2']);
  });

  test('vars_prompt asks what extra vars do not give', async () => {
    const text = `${head}  vars_prompt: [{name: a, prompt: "A?"}, {name: b, private: no, default: d}, {name: c}]\n  tasks: [{debug: {msg: "{{ a }}{{ b }}{{ c }}"}}]\n`;
    const asked: string[] = [];
    const secrets = makeSecrets();
    const ask = async ({ name, text: words, private: hidden }: { name: string; text: string; private: boolean }) => {
      asked.push(`${name} ${words} ${hidden}`);
      return `<${name}>long`;
    };
    const plan = await planOf({
      files: { 'site.yml': text },
      inventory,
      secrets,
      request: { ask, extraVars: { c: 'C' } },
    });
    expect(asked).toEqual(['a A? true', 'b b false']);
    expect((await runOn(plan, inventory)).shown).toEqual(['<a>long<b>longC']);
    expect(secrets.redact('<a>long <b>long')).toBe('******** <b>long');
  });
});

describe('tasks', () => {
  const one = async (task: string, more: Readonly<Record<string, string>> = {}, play = ''): Promise<Task> => {
    const plan = await planOf({
      files: { 'site.yml': `${head}${play}  tasks:\n${indent(task, 4)}`, ...more },
      inventory,
    });
    const [first] = tasks(plan);
    if (!first) throw new Error('no task');
    return first;
  };

  test('keywords become functions', async () => {
    const task = await one(
      `- command: x
  become: yes
  become_user: "{{ u }}"
  environment: {A: 1, B: "{{ u }}"}
  vars: {u: joe}
  no_log: true
  ignore_errors: "{{ u == 'joe' }}"
  retries: 4
  delay: 2
  until: false
  async: 30
  poll: 0
  timeout: 9
  check_mode: no
  throttle: 3
`,
      {},
      '  environment: {A: 0, C: c}\n',
    );
    const at = scope();
    expect(task.identity(at)).toEqual({ method: 'sudo', user: 'joe' });
    expect(task.environment(at)).toEqual({ A: '1', B: 'joe', C: 'c' });
    expect([task.noLog(at), task.ignoreErrors(at), task.checkMode?.(at), task.timeout?.(at), task.throttle]).toEqual([
      true,
      true,
      false,
      9,
      3,
    ]);
    expect([task.retries?.(at), task.async?.(at)]).toEqual([
      { retries: 4, delay: 2 },
      { seconds: 30, poll: 0 },
    ]);
  });

  test('handlers: names, topics, the role in front', async () => {
    const plan = await planOf({
      files: {
        'site.yml': `${head}  roles: [r]\n  handlers:\n    - {name: h, debug: , listen: topic}\n    - {name: same, debug: }\n  tasks:\n    - {debug: , notify: [h, topic, "r : rh", same]}\n`,
        'roles/r/handlers/main.yml': '- {name: rh, debug: }\n- {name: same, debug: }\n',
        'roles/r/tasks/main.yml': debug('t'),
      },
    });
    expect(plan.plays[0]?.handlers.map((handler) => [handler.name, handler.listen, handler.id])).toEqual([
      ['rh', ['r : rh'], 'roles/r/handlers/main.yml:1'],
      ['same', ['r : same'], 'roles/r/handlers/main.yml:2'],
      ['h', ['topic'], 'site.yml:5'],
      ['same', [], 'site.yml:6'],
    ]);
    expect(tasks(plan).at(-1)?.notify(scope())).toEqual(['h', 'topic', 'r : rh', 'same']);
  });

  test.each<[string, string, string[] | undefined, boolean]>([
    ['nothing', '- debug: {msg: x}\n', [], false],
    ['static', '- debug: {msg: "{{ a }}"}\n  vars: {a: 1}\n', [], false],
    ['registered', '- debug: {msg: "{{ r }}"}\n- command: x\n  register: r\n', ['r'], false],
    [
      'through a variable',
      '- debug: {msg: "{{ a }}"}\n  vars: {a: "{{ r }}"}\n- command: x\n  register: r\n',
      ['r'],
      false,
    ],
    ['a fact', '- debug: {msg: "{{ ansible_distribution }}"}\n', ['ansible_distribution'], false],
    ['hostvars', '- debug: {msg: "{{ hostvars.h2.x }}"}\n', undefined, true],
    ['hostvars through a variable', '- debug: {msg: "{{ a }}"}\n  vars: {a: "{{ hostvars }}"}\n', undefined, true],
    ['run_once', '- debug: {msg: x}\n  run_once: yes\n', [], true],
    ['delegate_to', '- debug: {msg: x}\n  delegate_to: h2\n', [], true],
    ['local_action', '- local_action: debug msg=x\n', [], true],
  ])('needs and barrier: %s', async (_name, text, needs, barrier) => {
    const task = await one(text);
    expect(task.needs && [...task.needs]).toEqual(needs);
    expect(task.barrier).toBe(barrier);
  });

  test('local files, templates and scripts are found and made', async () => {
    const files = {
      'roles/r/tasks/main.yml':
        '- copy: {src: a.txt, dest: /x}\n- template: {src: t.j2, dest: /x}\n- script: run.sh "a b" c\n- copy: {src: /on/host, dest: /x, remote_src: yes}\n- copy: {src: dir/, dest: /x}\n',
      'roles/r/files/a.txt': 'of the role',
      'files/a.txt': 'of the playbook',
      'roles/r/templates/t.j2': '{% if true %}\n{{ inventory_hostname }}\n{% endif %}\n',
      'files/run.sh': '#!/bin/sh\n',
      'files/dir/one': '1',
      'files/dir/two': '2',
    };
    const plan = await planOf({ files: { 'site.yml': `${head}  roles: [r]\n`, ...files }, inventory });
    const made = await Promise.all(tasks(plan).map(async (task) => (await task.args(scope())).args));
    const [copy, template, script, remote, dir] = made as Record<
      string,
      { content?: { bytes?: Buffer }; arguments?: string; entries?: unknown[]; trailingSlash?: boolean }
    >[];
    expect(copy?.src?.content?.bytes?.toString()).toBe('of the role');
    expect(template?.src?.content?.bytes?.toString()).toBe('h1\n');
    expect(script?.cmd?.arguments).toBe('"a b" c');
    expect(remote?.src).toBe('/on/host');
    expect(dir?.src).toMatchObject({ name: 'dir', trailingSlash: true, entries: [{ name: 'one' }, { name: 'two' }] });
  });

  test('what is wrong in the run is one sentence', async () => {
    const task = await one('- copy: {src: nope, dest: /x}\n');
    await expect(task.args(scope())).rejects.toMatchObject({
      kind: 'task',
      message: 'there is no file nope on this machine',
    });
    const typed = await one('- file: {path: /x, recurse: "{{ v }}"}\n  vars: {v: perhaps}\n');
    await expect(typed.args(scope())).rejects.toMatchObject({
      kind: 'task',
      message: 'recurse: a boolean (yes, no) is wanted, not "perhaps"',
    });
    const missing = await one('- file: {path: "{{ v | default(omit) }}"}\n');
    await expect(missing.args(scope())).rejects.toMatchObject({
      kind: 'task',
      message: 'missing required parameter: path',
    });
    const undefinedName = await one('- debug: {msg: "{{ v.x }}"}\n  vars: {v: {y: 1}}\n');
    await expect(undefinedName.args(scope())).rejects.toMatchObject({
      kind: 'template',
      message: expect.stringMatching(/site\.yml:4.*x/),
    });
  });

  test('secret arguments are known to the run', async () => {
    const secrets = makeSecrets();
    const plan = await planOf({
      files: { 'site.yml': `${head}  tasks: [{user: {name: joe, password: "{{ p }}"}, vars: {p: s3cret}}]\n` },
      secrets,
      inventory,
    });
    await tasks(plan)[0]?.args(scope());
    expect(secrets.redact('a s3cret b')).toBe('a ******** b');
  });

  test('conditions and expressions as arguments', async () => {
    const task = await one('- assert: {that: ["a == 1", "a > 1", true]}\n  vars: {a: 1}\n');
    expect((await task.args(scope())).args).toEqual({
      that: [
        { text: 'a == 1', holds: true },
        { text: 'a > 1', holds: false },
        { text: 'True', holds: true },
      ],
    });
  });
});

describe('target', () => {
  const target = async (vars: Vars, text: string, options = {}) => {
    const host = makeInventory({ h1: { vars } });
    const plan = await planOf({ files: { 'site.yml': text }, inventory: host, request: { options } });
    const [task] = tasks(plan);
    const play = plan.plays[0];
    const run = viewOf(host, play);
    return plan.target({
      host: 'h1',
      local: {},
      runtime: { facts: {}, variables: {}, includeVars: {} },
      run,
      ...(task ? { task } : {}),
    });
  };

  test.each<[string, Vars, string, object, object]>([
    ['nothing', {}, `${head}`, {}, { name: 'h1', address: 'h1', privateKeyFiles: [], transport: 'ssh' }],
    [
      'options',
      {},
      head,
      { user: 'u', port: 22, privateKeys: ['/k'], connectTimeout: 3 },
      { user: 'u', port: 22, privateKeyFiles: ['/k'], connectTimeout: 3 },
    ],
    [
      'a play is over options',
      {},
      `${head}  remote_user: p\n  port: 23\n`,
      { user: 'u', port: 22 },
      { user: 'p', port: 23 },
    ],
    [
      'a task is over its play',
      {},
      `${head}  remote_user: p\n  tasks: [{ping: , remote_user: t}]\n`,
      {},
      { user: 't' },
    ],
    [
      'the inventory is over all',
      { ansible_user: 'i', ansible_host: '10.0.0.1', ansible_port: '2222' },
      `${head}  remote_user: p\n  port: 23\n`,
      { user: 'u' },
      { user: 'i', address: '10.0.0.1', port: 2222 },
    ],
    ['variables of a task', {}, `${head}  tasks: [{ping: , vars: {ansible_user: tv}}]\n`, {}, { user: 'tv' }],
    [
      'ssh arguments',
      { ansible_ssh_common_args: "-o ProxyCommand='ssh -W %h:%p j' -C" },
      head,
      {},
      { sshArgs: ['-o', 'ProxyCommand=ssh -W %h:%p j', '-C'] },
    ],
    ['local', {}, `${head}  connection: local\n`, {}, { transport: 'local' }],
    ['host key checking', { ansible_host_key_checking: false }, head, {}, { hostKeyChecking: 'no' }],
  ])('%s', async (_name, vars, text, options, expected) => {
    expect(await target(vars, text, options)).toMatchObject(expected);
  });

  test('localhost that no inventory names is this machine', async () => {
    const plan = await planOf({ files: { 'site.yml': '- hosts: localhost\n  gather_facts: no\n' }, inventory });
    const at = { ...scope(), host: 'localhost' };
    expect(plan.plays[0]?.hosts(viewOf(inventory))).toEqual(['localhost']);
    expect(plan.target(at).transport).toBe('local');
  });
});

describe('ad hoc', () => {
  const settings = {
    registry: REGISTRY,
    engine: makeTemplateEngine(),
    inventory,
    matchHosts,
    withChanges: () => inventory,
    secrets: makeSecrets(),
    files: memoryFiles({}),
  };

  test('one task', async () => {
    const { plan } = compileAdHoc({
      ...settings,
      module: 'command',
      args: 'ls -l {{ inventory_hostname }} chdir=/tmp',
      pattern: 'web',
    });
    const [play] = plan?.plays ?? [];
    expect(play?.hosts(viewOf(inventory))).toEqual(['h1']);
    const [task] = plan ? tasks(plan) : [];
    expect(task?.at).toBeUndefined();
    expect((await task?.args(scope()))?.args).toEqual({ cmd: 'ls -l h1', chdir: '/tmp' });
    expect(task?.barrier).toBe(false);
  });

  test.each<[string, string, string, string[]]>([
    ['unknown module', 'comand', '', ['there is no module or keyword comand']],
    ['unknown host', 'ping', '', ['no host or group is named nope']],
    ['wrong argument', 'file', 'path=/x state=gone', ['state: "gone" is not one of file, directory, absent']],
  ])('%s', (_name, module, args, expected) => {
    const { plan, problems } = compileAdHoc({ ...settings, module, args, pattern: module === 'ping' ? 'nope' : 'all' });
    expect(plan).toBeUndefined();
    expect(problems.map(({ message, at }) => [message, at])).toEqual(expected.map((message) => [message, undefined]));
  });
});

test('the listing shows hosts, tasks and tags', async () => {
  const text = `- hosts: web\n  name: one\n  tags: p\n  tasks:\n${indent(debug('a', ', tags: x') + debug('b'), 4)}`;
  const { summary } = await compileWorld({ files: { 'site.yml': text } });
  expect(summary.plays).toMatchObject([
    {
      id: '1',
      name: 'one',
      pattern: 'web',
      hosts: ['h1'],
      tags: ['p'],
      tasks: [
        { name: 'Gathering Facts', tags: ['p'] },
        { name: 'a', tags: ['p', 'x'] },
        { name: 'b', tags: ['p'] },
      ],
    },
  ]);
});
