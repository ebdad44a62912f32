import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { down, type Fleet, run, ssh, up } from '../../support/hosts/index.js';
import { type Bench, makeBench } from '../../support/kprep.ts';

const SECRET = 'Tr0ub4dor and three';
const BECOME = 'correct horse';

let fleet: Fleet;
let bench: Bench;

beforeAll(async () => {
  fleet = await up({ name: `secrets-${process.pid}`, kind: 'chroot', hosts: 3 });
  bench = makeBench(fleet);
}, 180_000);

afterAll(async () => {
  bench.remove();
  await down(fleet.name);
});

test('a vault value and the become password are found in no output, journal, ps or sudo log', async () => {
  const password = bench.file('vault-password', 'opensesame\n');
  const vars = bench.file('secret.yaml', `token: "${SECRET}"\n`);
  const encrypted = await run(['ansible-vault', 'encrypt', '--vault-password-file', password, vars]);
  expect(encrypted.status).toBe(0);
  bench.file('secret.j2', 'token = {{ token }}\n');
  const become = bench.file('become-password', `${BECOME}\n`);
  const playbook = bench.file(
    'secret.yaml.play',
    `- hosts: all
  gather_facts: false
  become: true
  vars_files: [secret.yaml]
  tasks:
    - copy: { dest: /root/token, content: "{{ token }}\\n", mode: "0600" }
    - template: { src: secret.j2, dest: /root/token.conf, mode: "0600" }
    - name: in the environment of a shell, while ps looks
      shell: "test -n \\"$TOKEN\\" && for i in 1 2 3; do ps -ef; ps e -ef 2>/dev/null | grep -v '[T]OKEN' ; done; cat /proc/[0-9]*/cmdline | tr '\\\\0' ' '"
      environment: { TOKEN: "{{ token }}" }
      register: seen
    - debug: { var: seen.stdout }
    - name: fails with it
      shell: "echo \\"$TOKEN\\"; echo \\"$TOKEN\\" | base64; echo \\"token is $TOKEN\\" >&2; exit 7"
      environment: { TOKEN: "{{ token }}" }
`,
  );
  const argv = [
    ...['run', playbook, '-i', fleet.inventory, '-u', 'pat', '--become-password-file', become],
    ...['--vault-password-file', password, '-D', '-vvv', '-o', 'text', '-o', `jsonl=${bench.dir}/events.jsonl`],
  ];
  const result = await bench.kprep(argv);
  expect(result.status).toBe(2);
  const written = await ssh(fleet, 'node0', 'cat /root/token /root/token.conf', { user: 'root' });
  expect(written.stdout).toBe(`${SECRET}\ntoken = ${SECRET}\n`);
  const logs = await Promise.all(
    fleet.hosts.map(({ name }) =>
      ssh(fleet, name, 'cat /var/log/auth.log /var/log/sudo.log /var/log/syslog 2>/dev/null', { user: 'root' }),
    ),
  );
  const places: Readonly<Record<string, string>> = {
    stdout: result.stdout,
    stderr: result.stderr,
    jsonl: readFileSync(`${bench.dir}/events.jsonl`, 'utf8'),
    journal: bench.journal(),
    logs: logs.map(({ stdout }) => stdout).join('\n'),
  };
  expect(places.stdout).toContain('fails with it');
  for (const [place, text] of Object.entries(places)) {
    const needles = [SECRET, BECOME, Buffer.from(SECRET).toString('base64').slice(0, 20), 'opensesame'];
    expect([place, needles.filter((secret) => text.includes(secret))]).toEqual([place, []]);
  }
}, 120_000);

test('while a step runs, the secret is in no argument list on the host', async () => {
  const playbook = bench.file(
    'ps.yaml',
    `- hosts: node0
  gather_facts: false
  become: true
  tasks:
    - shell: "sleep 5 # $TOKEN"
      environment: { TOKEN: "${SECRET}" }
`,
  );
  const become = bench.file('become-password', `${BECOME}\n`);
  const running = bench.kprep(['run', playbook, '-i', fleet.inventory, '-u', 'pat', '--become-password-file', become]);
  let seen = '';
  for (let look = 0; look < 10; look++) {
    const { stdout } = await ssh(fleet, 'node0', "cat /proc/[0-9]*/cmdline | tr '\\0' ' '", { user: 'root' });
    seen += stdout;
  }
  expect((await running).status).toBe(0);
  expect(seen).toContain('sleep 5');
  expect([SECRET, BECOME].filter((secret) => seen.includes(secret))).toEqual([]);
}, 60_000);
