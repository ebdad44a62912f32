import { describe, expect, test } from '@jest/globals';
import { makeSecrets } from '../../../src/shared/secrets.ts';
import { encryptVault } from '../../../src/shared/vault.ts';
import { compileWorld, makeInventory, planOf, runOn, viewOf, type World } from '../../support/playbook/world.ts';

async function shown(files: Readonly<Record<string, string>>, more: Omit<World, 'files'> = {}): Promise<unknown[]> {
  const inventory = more.inventory ?? makeInventory({ h1: {}, h2: {} }, { web: { hosts: ['h1'] } });
  const plan = await planOf({ ...more, inventory, files });
  return (await runOn(plan, inventory)).shown;
}

const play = (body: string) => ({ 'site.yml': `- hosts: all\n  gather_facts: false\n${body.replace(/^/gm, '  ')}` });

describe('a compiled playbook', () => {
  test.each<[string, string, unknown[]]>([
    ['literal', 'tasks:\n  - debug: {msg: hi}\n', ['hi']],
    ['k=v', 'tasks:\n  - debug: msg="a {{ inventory_hostname }}"\n', ['a h1']],
    ['native types', 'vars: {a: [1, 2]}\ntasks:\n  - debug: {msg: "{{ a }}"}\n', [[1, 2]]],
    ['lazy variables', 'vars: {a: "{{ b }}!", b: "{{ c }}", c: x}\ntasks:\n  - debug: {msg: "{{ a }}"}\n', ['x!']],
    ['nothing is a value too', 'vars: {a: x}\ntasks:\n  - debug: {msg: "{{ a is none }}"}\n    vars: {a: }\n', [true]],
    [
      'set_fact and register',
      'tasks:\n  - set_fact: {a: 1}\n  - command: echo\n    register: r\n  - debug: {msg: "{{ a }} {{ r.changed }}"}\n',
      ['1 False'],
    ],
    ['set_fact from k=v', 'tasks:\n  - set_fact: a=b\n  - debug: {msg: "{{ a }}"}\n', ['b']],
    [
      'when list',
      'vars: {a: 1}\ntasks:\n  - debug: {msg: yes1}\n    when: [a == 1, true]\n  - debug: {msg: no1}\n    when: [a == 2]\n',
      ['yes1'],
    ],
    ['when with delimiters', 'vars: {a: 1}\ntasks:\n  - debug: {msg: x}\n    when: "{{ a }} == 1"\n', ['x']],
    ['loop', 'tasks:\n  - debug: {msg: "{{ item }}"}\n    loop: [a, b]\n', ['a', 'b']],
    [
      'loop_var',
      'tasks:\n  - debug: {msg: "{{ x }}"}\n    loop: "{{ [1, 2] }}"\n    loop_control: {loop_var: x}\n',
      [1, 2],
    ],
    [
      'with_items flattens once',
      'tasks:\n  - debug: {msg: "{{ item }}"}\n    with_items: [[a, b], c, [[d]]]\n',
      ['a', 'b', 'c', ['d']],
    ],
    [
      'with_dict',
      'tasks:\n  - debug: {msg: "{{ item.key }}={{ item.value }}"}\n    with_dict: {a: 1, b: 2}\n',
      ['a=1', 'b=2'],
    ],
    [
      'with_sequence',
      'tasks:\n  - debug: {msg: "{{ item }}"}\n    with_sequence: start=1 end=5 stride=2 format=n%02d\n',
      ['n01', 'n03', 'n05'],
    ],
    [
      'with_nested',
      'tasks:\n  - debug: {msg: "{{ item[0] }}{{ item[1] }}"}\n    with_nested: [[a, b], [1, 2]]\n',
      ['a1', 'a2', 'b1', 'b2'],
    ],
    [
      'with_together',
      'tasks:\n  - debug: {msg: "{{ item }}"}\n    with_together: [[a, b], [1]]\n',
      [
        ['a', 1],
        ['b', null],
      ],
    ],
    [
      'with_indexed_items',
      'tasks:\n  - debug: {msg: "{{ item.0 }}{{ item.1 }}"}\n    with_indexed_items: [a, b]\n',
      ['0a', '1b'],
    ],
    [
      'with_subelements',
      'vars: {u: [{n: a, k: [1, 2]}, {n: b, k: [3]}]}\ntasks:\n  - debug: {msg: "{{ item.0.n }}{{ item.1 }}"}\n    with_subelements: ["{{ u }}", k]\n',
      ['a1', 'a2', 'b3'],
    ],
    [
      'a loop over nothing defined, skipped',
      'tasks:\n  - debug: {msg: "{{ item }}"}\n    loop: "{{ nope }}"\n    when: nope is defined\n  - debug: {msg: end}\n',
      ['end'],
    ],
    [
      'omit',
      'tasks:\n  - command: {cmd: x, chdir: "{{ d | default(omit) }}"}\n    register: r\n  - debug: {msg: "{{ r.args }}"}\n',
      [{ cmd: 'x' }],
    ],
    [
      'block vars and when',
      'tasks:\n  - block:\n      - debug: {msg: "{{ v }}"}\n    vars: {v: 1}\n    when: true\n  - block:\n      - debug: {msg: no}\n    when: false\n',
      [1],
    ],
    [
      'hostvars',
      'tasks:\n  - set_fact: {a: 5}\n  - debug: {msg: "{{ hostvars[inventory_hostname].a }} {{ hostvars | length }}"}\n',
      ['5 2'],
    ],
    ['vars', 'vars: {a: 1}\ntasks:\n  - debug: {msg: "{{ vars.a }}"}\n', [1]],
    ['groups', 'tasks:\n  - debug: {msg: "{{ groups.web }} {{ group_names }}"}\n', ["['h1'] ['web']"]],
    ['debug var', 'vars: {a: {b: 2}}\ntasks:\n  - debug: {var: a.b}\n', [2]],
    [
      'debug of what is not defined',
      'tasks:\n  - debug: {var: nothing_here}\n',
      [expect.stringContaining('nothing_here')],
    ],
    ['whole arguments', 'vars: {a: {msg: m}}\ntasks:\n  - debug: "{{ a }}"\n', ['m']],
    ['old style', 'tasks:\n  - action: debug msg=x\n  - local_action: {module: debug, msg: y}\n', ['x', 'y']],
    ['unsafe text stays', 'vars: {a: !unsafe "{{ b }}"}\ntasks:\n  - debug: {msg: "{{ a }}"}\n', ['{{ b }}']],
    ['module_defaults', 'module_defaults: {debug: {msg: d}}\ntasks:\n  - debug:\n  - debug: {msg: e}\n', ['d', 'e']],
    ['import_tasks with vars and when', 'tasks:\n  - import_tasks: t.yml\n    vars: {x: 1}\n    when: x == 1\n', [1]],
    [
      'include with a loop',
      'tasks:\n  - include_tasks: "{{ item }}.yml"\n    loop: [t, t]\n    vars: {x: "{{ item }}"}\n',
      ['t', 't'],
    ],
  ])('%s', async (_name, body, expected) => {
    expect(await shown({ ...play(body), 't.yml': '- debug: {msg: "{{ x }}"}\n' })).toEqual(expected);
  });

  test('a variable made of itself is named', async () => {
    const [answer] = await shown(play('vars: {a: "{{ b }}", b: "{{ a }}"}\ntasks:\n  - debug: {msg: "{{ a }}"}\n'));
    expect(answer).toMatch(/made of itself/);
  });

  test('what a host says is never a template', async () => {
    const body = 'tasks:\n  - debug: {msg: "{{ ansible_x }} {{ ansible_facts.x }}"}\n';
    const inventory = makeInventory({ h1: {} });
    const plan = await planOf({ files: play(body), inventory });
    const trace = await runOn(plan, inventory, 'h1', { x: '{{ 1 + 1 }}' });
    expect(trace.shown).toEqual(['{{ 1 + 1 }} {{ 1 + 1 }}']);
  });

  test('the last level: include_vars of what facts name, vars_files too', async () => {
    const files = {
      ...play(
        'vars_files: ["{{ ansible_os_family }}.yml"]\ntasks:\n  - include_vars: "{{ ansible_os_family }}-more.yml"\n  - debug: {msg: "{{ a }} {{ b }}"}\n',
      ),
      'Debian.yml': 'a: from-file\n',
      'vars/Debian-more.yml': 'b: "{{ a }}!"\n',
    };
    const inventory = makeInventory({ h1: {} });
    const plan = await planOf({ files, inventory });
    const trace = await runOn(plan, inventory, 'h1', { os_family: 'Debian' });
    expect(trace.shown).toEqual(['from-file from-file!']);
  });

  test('vaults are opened when their variable is used, and then known as secrets', async () => {
    const salt = Buffer.alloc(32, 1);
    const inline = encryptVault('s3cret!', 'pw', { salt }).replace(/^/gm, '        ');
    const files = {
      ...play(
        `vars_files: [v.yml]\nvars:\n  p: !vault |\n${inline}\ntasks:\n  - debug: {msg: "{{ p }} {{ w }}"}\n  - copy: {src: k, dest: /k}\n    register: r\n`,
      ),
      'v.yml': encryptVault('w: whole\n', 'pw', { salt }),
      'files/k': encryptVault('key', 'pw', { salt }),
    };
    const inventory = makeInventory({ h1: {} });
    const secrets = makeSecrets();
    const vaultPasswords = [
      { id: 'wrong', password: 'no' },
      { id: 'default', password: 'pw' },
    ];
    const plan = await planOf({ files, inventory, secrets, request: { vaultPasswords } });
    expect((await runOn(plan, inventory)).shown).toEqual(['s3cret! whole']);
    expect(secrets.redact('s3cret!')).toBe('********');
    const { problems } = await compileWorld({ files, inventory });
    expect(problems.map(({ message }) => message)).toContain(
      'this is encrypted, and no vault password was given (--vault-id)',
    );
  });

  test('a host that add_host made, and its groups', async () => {
    const inventory = makeInventory({ h1: {} });
    const bigger = makeInventory(
      { h1: {}, new1: { vars: { port: 7 } } },
      { fresh: { hosts: ['new1'], vars: { g: 'of-group' } } },
    );
    const files = {
      'site.yml':
        '- hosts: h1\n  gather_facts: no\n  tasks: [{add_host: {name: new1, groups: fresh, port: 7}}]\n- hosts: fresh\n  gather_facts: no\n  tasks:\n    - debug: {msg: "{{ inventory_hostname }} {{ port }} {{ g }} {{ groups.fresh }}"}\n',
    };
    const changes = {
      hosts: new Map([['new1', { groups: ['fresh'], vars: { port: 7 } }]]),
      groups: new Map([['fresh', ['new1']]]),
    };
    const plan = await planOf({ files, inventory, request: { withChanges: () => bigger } });
    const run = { ...viewOf(inventory), changes };
    const [, second] = plan.plays;
    expect(second?.hosts(run)).toEqual(['new1']);
    const task = second?.nodes.find((node) => node.kind === 'task');
    const made = await task?.args({
      host: 'new1',
      local: {},
      runtime: { facts: {}, variables: {}, includeVars: {} },
      run,
    });
    expect(made?.args).toEqual({ msg: "new1 7 of-group ['new1']" });
  });

  test('include_role brings its variables, its tasks and its handlers', async () => {
    const files = {
      ...play('tasks:\n  - include_role: {name: r}\n    vars: {p: 1}\n'),
      'roles/r/tasks/main.yml': '- debug: {msg: "{{ p }} {{ d }}"}\n  notify: h\n',
      'roles/r/defaults/main.yml': 'd: default\n',
      'roles/r/handlers/main.yml': '- {name: h, debug: {msg: "handled {{ d }}"}}\n',
    };
    const inventory = makeInventory({ h1: {} });
    const plan = await planOf({ files, inventory });
    expect((await runOn(plan, inventory)).shown).toEqual(['1 default']);
    const include = plan.plays[0]?.nodes.find((node) => node.kind === 'include');
    const scope = {
      host: 'h1',
      local: {},
      runtime: { facts: {}, variables: {}, includeVars: {} },
      run: viewOf(inventory),
    };
    const loaded = await include?.load(scope);
    expect(loaded?.handlers.map(({ id, name }) => `${id} ${name}`)).toEqual([
      'site.yml:4/roles/r/handlers/main.yml:1 h',
    ]);
    expect(await include?.load(scope)).toBe(loaded);
  });

  test('an include that goes wrong in the run names the place', async () => {
    const files = { ...play('tasks:\n  - include_tasks: "{{ f }}.yml"\n'), 'bad.yml': '- comand: ls\n' };
    const inventory = makeInventory({ h1: { vars: { f: 'bad' } }, h2: { vars: { f: 'nope' } } });
    const plan = await planOf({ files, inventory });
    const include = plan.plays[0]?.nodes.find((node) => node.kind === 'include');
    const scope = (host: string) => ({
      host,
      local: {},
      runtime: { facts: {}, variables: {}, includeVars: {} },
      run: viewOf(inventory),
    });
    await expect(include?.load(scope('h1'))).rejects.toMatchObject({
      kind: 'task',
      message: 'bad.yml:1:3: there is no module or keyword comand',
    });
    await expect(include?.load(scope('h2'))).rejects.toMatchObject({
      message: 'site.yml:4:22: there is no file nope.yml',
    });
  });
});
