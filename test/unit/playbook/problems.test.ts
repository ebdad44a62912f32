import { describe, expect, test } from '@jest/globals';
import { renderProblem } from '../../../src/shared/problem.ts';
import { compileWorld } from '../../support/playbook/world.ts';

const play = (tasks: string, head = '') =>
  `- hosts: all\n  gather_facts: false\n${head}  tasks:\n${tasks.replace(/^(?=.)/gm, '    ')}`;

async function problems(files: Readonly<Record<string, string>>): Promise<string[]> {
  const { problems: found, plan } = await compileWorld({ files });
  const texts = found.map((problem) => {
    const [line = ''] = renderProblem(problem).split('\n');
    return problem.hint ? `${line} | ${problem.hint}` : line;
  });
  expect(plan === undefined).toBe(found.some(({ level }) => level === 'error'));
  return texts;
}

describe('what is wrong is found before anything runs', () => {
  test.each<[string, string, string[]]>([
    [
      'unknown module',
      '- comand: ls\n',
      ['site.yml:4:7: there is no module or keyword comand | did you mean command?'],
    ],
    [
      'unknown keyword beside a module',
      '- command: ls\n  registr: x\n',
      ['site.yml:5:7: there is no module or keyword registr | did you mean register?'],
    ],
    [
      'two modules',
      '- command: ls\n  ping:\n',
      ['site.yml:5:7: a task runs one module, and this one names command and ping'],
    ],
    ['a keyword of plays', '- command: ls\n  hosts: x\n', ['site.yml:5:7: a task takes no hosts']],
    [
      'debugger',
      '- command: ls\n  debugger: always\n',
      ['site.yml:5:7: debugger is not supported: there is no interactive debugger'],
    ],
    ['no module', '- name: x\n', ['site.yml:4:7: this task names no module']],
    [
      'unknown parameter',
      '- file: {path: /x, stat: file}\n',
      ['site.yml:4:30: unknown parameter: stat | did you mean state?'],
    ],
    [
      'wrong choice',
      '- file: {path: /x, state: gone}\n',
      ['site.yml:4:31: state: "gone" is not one of file, directory, absent'],
    ],
    ['missing parameter', '- file: {state: absent}\n', ['site.yml:4:7: file needs path or dest or name']],
    ['a rule of the module', '- file: {path: /x, recurse: true}\n', ['site.yml:4:7: recurse needs state=directory']],
    [
      'wrong type',
      '- file: {path: /x, recurse: maybe}\n',
      ['site.yml:4:33: recurse: a boolean (yes, no) is wanted, not "maybe"'],
    ],
    [
      'decimal mode',
      '- file: {path: /x, mode: 644}\n',
      [`site.yml:4:30: mode: 644 is read as a decimal number | '0644'`],
    ],
    ['octal mode is right', '- file: {path: /x, mode: 0644}\n', []],
    ['mode text is right', '- file: path=/x mode=644\n', []],
    ['free text', '- file: /x\n', ['site.yml:4:13: file takes no free text: /x | write name=value, or a mapping']],
    [
      'open quote',
      `- file: path="/x\n`,
      ['site.yml:4:13: a quote or a Jinja block in these arguments is not closed | put the whole text in quotes'],
    ],
    ['no handler', '- ping:\n  notify: restart\n', ['site.yml:5:15: no handler is named restart']],
    [
      'no file to import',
      '- import_tasks: nope.yml\n',
      ['site.yml:4:21: there is no file nope.yml | looked for nope.yml, tasks/nope.yml'],
    ],
    ['no file to include', '- include_tasks: nope.yml\n', ['site.yml:4:22: there is no file nope.yml']],
    [
      'import of itself',
      '- import_tasks: loop.yml\n',
      ['loop.yml:1:17: loop.yml imports itself: site.yml → loop.yml → loop.yml'],
    ],
    [
      'no role',
      '- import_role: {name: nope}\n',
      ['site.yml:4:27: there is no role nope | looked for roles/nope, nope'],
    ],
    [
      'unknown include option',
      '- include_tasks: {file: t.yml, apli: {}}\n',
      ['site.yml:4:36: include_tasks has no apli | did you mean apply?'],
    ],
    [
      'problems inside an import',
      '- import_tasks: bad.yml\n',
      [
        'bad.yml:3:2: this line is not indented as the lines before it | keys of one mapping, and the dashes of one list, begin in the same column',
      ],
    ],
    ['template syntax', '- debug: {msg: "{{ a b }}"}\n', [expect.stringMatching(/^site\.yml:4:/) as unknown as string]],
    [
      'loop that is no list',
      '- debug: {msg: x}\n  loop: abc\n',
      ['site.yml:5:13: loop takes a list | write a list, or a template that gives one: "{{ … }}"'],
    ],
    [
      'unknown loop',
      '- debug: {msg: x}\n  with_item: [a]\n',
      ['site.yml:5:7: there is no loop with_item | did you mean with_items?'],
    ],
    [
      'unknown loop_control',
      '- debug: {msg: x}\n  loop: [a]\n  loop_control: {loopvar: y}\n',
      ['site.yml:6:22: loop_control has no loopvar | did you mean loop_var?'],
    ],
    ['register', '- ping:\n  register: a.b\n', ['site.yml:5:17: register takes the name of a variable']],
    [
      'boolean keyword',
      '- ping:\n  become: perhaps\n',
      ['site.yml:5:15: become: a boolean (yes, no) is wanted, not "perhaps"'],
    ],
    [
      'become_method',
      '- ping:\n  become_method: sodu\n',
      ['site.yml:5:22: become_method sodu is not supported | did you mean sudo?'],
    ],
    [
      'connection',
      '- ping:\n  connection: winrm\n',
      ['site.yml:5:19: connection winrm is not supported | local, openssh, ssh, smart, paramiko, paramiko_ssh, ssh2'],
    ],
    [
      'undefined variable',
      '- debug: {msg: "{{ nope }}"}\n',
      ['site.yml:4:20: the variable nope is not defined anywhere'],
    ],
    [
      'undefined variable, near name',
      '- set_fact: {colour: red}\n- debug: {msg: "{{ color }}"}\n',
      ['site.yml:5:20: the variable color is not defined anywhere | did you mean colour?'],
    ],
    [
      'undefined under a condition',
      '- debug: {msg: "{{ nope }}"}\n  when: inventory_hostname == "x"\n',
      ['site.yml:4:20: warning: the variable nope is not defined anywhere'],
    ],
    ['asked for with default', '- debug: {msg: "{{ nope | default(1) }}"}\n', []],
    ['asked for with is defined', '- debug: {msg: "{{ nope }}"}\n  when: nope is defined\n', []],
    ['facts are there', '- debug: {msg: "{{ ansible_distribution }} {{ ansible_facts.x }}"}\n', []],
    ['registered elsewhere', '- debug: {msg: "{{ r.stdout }}"}\n- command: ls\n  register: r\n', []],
    [
      'loop variables are there',
      '- debug: {msg: "{{ item }} {{ i }}"}\n  loop: [1]\n  loop_control: {index_var: i}\n',
      [],
    ],
    ['debug of an undefined variable is fine', '- debug: {var: nope}\n', []],
    [
      'a rescue foresees',
      '- block:\n    - debug: {msg: "{{ nope }}"}\n  rescue:\n    - ping:\n',
      ['site.yml:5:24: warning: the variable nope is not defined anywhere'],
    ],
    [
      'vars name',
      '- ping:\n  vars: {a-b: 1}\n',
      ['site.yml:5:14: a-b is no name for a variable | letters, digits and _'],
    ],
    [
      'collection',
      '- wrong.place.modprobe: {name: x}\n- community.general.modprobe: {name: x}\n- ansible.builtin.ping:\n',
      ['site.yml:4:7: there is no module or keyword wrong.place.modprobe'],
    ],
    [
      'double key',
      '- ping:\n  name: a\n  name: b\n',
      ['site.yml:6:7: warning: the key name is written twice (first in line 5); the last one counts'],
    ],
    [
      'condition that would evaluate a value',
      '- ping:\n  when: "\'a{{ x }}b\' == 1"\n  vars: {x: 1}\n',
      ['site.yml:5:13: a condition is an expression already | write it without {{ }}'],
    ],
    [
      'several at once',
      '- comand: ls\n- file: {path: /x, mode: 644}\n- debug: {msg: "{{ nope }}"}\n',
      [
        'site.yml:4:7: there is no module or keyword comand | did you mean command?',
        `site.yml:5:30: mode: 644 is read as a decimal number | '0644'`,
        'site.yml:6:20: the variable nope is not defined anywhere',
      ],
    ],
  ])('%s', async (_name, tasks, expected) => {
    const files = {
      'site.yml': play(tasks),
      'loop.yml': '- import_tasks: loop.yml\n',
      't.yml': '- ping:\n',
      'bad.yml': '- ping:\n  - command: x\n name: y\n',
    };
    expect(await problems(files)).toEqual(expected);
  });

  test.each<[string, string, string[]]>([
    ['no hosts', '- tasks: []\n', ['site.yml:1:3: a play needs hosts']],
    ['unknown group', '- hosts: wep\n  gather_facts: no\n', ['site.yml:1:10: no host or group is named wep']],
    [
      'play keyword',
      '- hosts: all\n  gather_fact: no\n',
      ['site.yml:2:3: there is no keyword gather_fact for a play | did you mean gather_facts?'],
    ],
    [
      'strategy',
      '- hosts: all\n  gather_facts: no\n  strategy: fre\n',
      ['site.yml:3:13: there is no strategy fre | did you mean free?'],
    ],
    [
      'serial',
      '- hosts: all\n  gather_facts: no\n  serial: few\n',
      ['site.yml:3:11: serial: few is neither a count nor a percentage'],
    ],
    [
      'vars file',
      '- hosts: all\n  gather_facts: no\n  vars_files: [nope.yml]\n',
      ['site.yml:3:16: there is no vars file nope.yml'],
    ],
    [
      'a list of tasks',
      '- ping:\n',
      ['site.yml:1:3: this is a task, and here plays are wanted | put it under hosts: … and tasks:'],
    ],
    [
      'no list',
      'hosts: all\n',
      ['site.yml:1:1: a playbook is a list of plays | each play begins with a dash: - hosts: …'],
    ],
    ['imported playbook is not there', '- import_playbook: nope.yml\n', ['site.yml:1:20: there is no file nope.yml']],
    [
      'imported playbook imports this one',
      '- import_playbook: site.yml\n',
      ['site.yml:1:20: site.yml imports itself: site.yml → site.yml'],
    ],
    ['tabs', '- hosts: all\n\tgather_facts: no\n', ['site.yml:2:1: a tab is used as indentation | indent with blanks']],
    [
      'unquoted template',
      '- hosts: all\n  gather_facts: no\n  remote_user: {{ u }}\n',
      ['site.yml:3:17: a mapping cannot be a key | a value that begins with {{ is put in quotes: "{{ … }}"'],
    ],
    [
      'needed before the run',
      '- hosts: all\n  gather_facts: no\n  serial: "{{ nope }}"\n',
      [expect.stringMatching(/^site\.yml:3:11: serial is needed before the run: .*nope/) as unknown as string],
    ],
  ])('%s', async (_name, text, expected) => {
    expect(await problems({ 'site.yml': text })).toEqual(expected);
  });

  test('roles that depend on each other', async () => {
    const files = {
      'site.yml': '- hosts: all\n  gather_facts: no\n  roles: [a]\n',
      'roles/a/meta/main.yml': 'dependencies: [b]\n',
      'roles/b/meta/main.yml': 'dependencies: [{role: a}]\n',
    };
    expect(await problems(files)).toEqual(['roles/b/meta/main.yml:1:17: the role a depends on itself: a → b → a']);
  });

  test('the caret stands under the column', async () => {
    const { problems: found } = await compileWorld({ files: { 'site.yml': play('- comand: ls\n') } });
    expect(found.map(renderProblem)).toEqual([
      'site.yml:4:7: there is no module or keyword comand\n      - comand: ls\n        ^\n  did you mean command?',
    ]);
  });
});
