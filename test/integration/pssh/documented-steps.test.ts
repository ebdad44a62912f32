import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { down, type Fleet, inHub, type RunResult, run, ssh, up } from '../../support/hosts/index.js';
import { type Bench, eventually, makeBench } from '../../support/kprep.ts';

jest.setTimeout(300_000);

/** The operator's notes: one shell, in one directory, with these aliases; hosts files `kube`, `kubemaster`, `kubenode`. */
const ALIASES = "alias pssh='kprep pssh' pscp.pssh='kprep pscp'";
const K8S_CONF = 'net.bridge.bridge-nf-call-ip6tables = 1\nnet.bridge.bridge-nf-call-iptables = 1\n';
const REPO = `[kubernetes]
name=Kubernetes
baseurl=file:///srv/repo/rpm/
enabled=1
gpgcheck=1
gpgkey=file:///srv/repo/key.asc
exclude=kubelet kubeadm kubectl
`;

let fleet: Fleet;
let bench: Bench;
let agent: ChildProcess;

beforeAll(async () => {
  fleet = await up({
    name: `steps-${process.pid}`,
    kind: 'booted',
    hosts: ['dnf', 'dnf'],
    variants: { node0: ['firewalld'], node1: ['firewalld'] },
  });
  bench = makeBench(fleet);
  for (const name of ['kube', 'kubemaster', 'kubenode']) {
    copyFileSync(join(fleet.directory, `hosts.${name}`), join(bench.dir, name));
  }
  bench.file('k8s.conf', K8S_CONF);
  bench.file('kubernetes.repo', REPO);
  mkdirSync(join(bench.dir, 'bin'));
  const program = fileURLToPath(new URL('../../../dist/bin.js', import.meta.url));
  writeFileSync(join(bench.dir, 'bin', 'kprep'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  chmodSync(join(bench.dir, 'bin', 'kprep'), 0o755);
  agent = spawn('ssh-agent', ['-D', '-a', join(bench.dir, 'agent')], { stdio: 'ignore' });
  await eventually('the agent takes the key', 10, async () => {
    const added = await run(['ssh-add', '-q', fleet.key], { env: { SSH_AUTH_SOCK: join(bench.dir, 'agent') } });
    return added.status === 0;
  });
});

afterAll(async () => {
  agent.kill();
  bench.remove();
  await down(fleet.name);
});

/** One line of the notes, as it stands there. */
function notes(line: string): Promise<RunResult> {
  const env = [
    `HOME=${bench.dir}`,
    `PATH=${join(bench.dir, 'bin')}:${process.env.PATH}`,
    `SSH_AUTH_SOCK=${join(bench.dir, 'agent')}`,
    `PSSH_OPTIONS=UserKnownHostsFile=${join(bench.dir, 'known_hosts')}`,
  ];
  const script = `cd '${bench.dir}'\nshopt -s expand_aliases\n${ALIASES}\n${line}\n`;
  return run(inHub(fleet, ['env', ...env, 'bash', '-c', script]));
}

async function asRoot(host: string, command: string): Promise<string> {
  const { stdout, stderr } = await ssh(fleet, host, command, { user: 'root' });
  return (stdout + stderr).trim();
}

/** Every host of the group said so; gives what stands on standard output. */
async function succeeds(line: string): Promise<string> {
  const { status, stdout, stderr } = await notes(line);
  expect({ line, status, stderr, failed: stdout.match(/.*\[FAILURE\].*/g) }).toEqual({
    line,
    status: 0,
    stderr: '',
    failed: null,
  });
  return stdout;
}

async function everywhere(command: string, answer: unknown): Promise<void> {
  for (const { name } of fleet.hosts) expect(await asRoot(name, command)).toEqual(answer);
}

test('S1, S2: swap off, and commented out in fstab', async () => {
  expect(await asRoot('node0', "grep -c '^UUID=.*swap' /etc/fstab")).not.toBe('0');
  await succeeds(`pssh -ih kube 'sudo swapoff -a'`);
  await succeeds(`pssh -ih kube "sudo sed -i -e '/swap/s/^UUID=/#UUID=/g' /etc/fstab"`);
  await everywhere(
    "grep -c '^UUID=.*swap' /etc/fstab; grep -c '^#UUID=.*swap' /etc/fstab",
    expect.stringMatching(/^0\n[1-9]$/),
  );
  await everywhere('tail -n +2 /proc/swaps', '');
});

test('S4: what tells hosts apart stands under each host', async () => {
  const links = await succeeds(`pssh -ih kube 'ip link'`);
  expect(links.match(/link\/ether/g)).toHaveLength(fleet.hosts.length);
  const { stdout } = await notes(`pssh -ih kube 'sudo cat /sys/class/dmi/id/product_uuid'`);
  for (const { name, address } of fleet.hosts) {
    const there = await asRoot(name, 'cat /sys/class/dmi/id/product_uuid 2>/dev/null');
    expect(stdout).toContain(there === '' ? `[FAILURE] ops@${address}` : `[SUCCESS] ops@${address}\n${there}`);
  }
});

test("S6: ports of the host's role, permanent", async () => {
  for (const port of ['6443/tcp', '2379-2380/tcp', '10250-10252/tcp']) {
    await succeeds(`pssh -ih kubemaster 'sudo firewall-cmd --zone=public --add-port=${port} --permanent'`);
  }
  for (const port of ['10250/tcp', '30000-32767/tcp']) {
    await succeeds(`pssh -ih kubenode 'sudo firewall-cmd --zone=public --add-port=${port} --permanent'`);
  }
  for (const { name, groups } of fleet.hosts) {
    const ports = await asRoot(name, 'firewall-cmd --permanent --zone=public --list-ports');
    if (groups.includes('kubemaster')) expect(ports).toMatch(/2379-2380\/tcp.*6443\/tcp|6443\/tcp.*2379-2380\/tcp/);
    if (groups.includes('kubenode')) expect(ports).toContain('30000-32767/tcp');
  }
  expect(fleet.hosts.some(({ groups }) => groups.includes('kubemaster'))).toBe(true);
  expect(fleet.hosts.some(({ groups }) => groups.includes('kubenode'))).toBe(true);
});

test('S10: SELinux permissive in its file', async () => {
  await everywhere("grep '^SELINUX=' /etc/selinux/config", 'SELINUX=enforcing');
  await succeeds(
    `pssh -ih kube "sudo setenforce 0;sudo sed -i 's/^SELINUX=enforcing$/SELINUX=permissive/' /etc/selinux/config"`,
  );
  await everywhere("grep '^SELINUX=' /etc/selinux/config", 'SELINUX=permissive');
});

test('S11, S12: the module, and settings in a file of their own', async () => {
  await succeeds(`pssh -ih kube 'sudo modprobe br_netfilter'`);
  await succeeds(`pscp.pssh -h kube k8s.conf /tmp/k8s.conf`);
  await succeeds(`pssh -ih kube "sudo cp /tmp/k8s.conf /etc/sysctl.d/k8s.conf"`);
  await everywhere('cat /etc/sysctl.d/k8s.conf', K8S_CONF.trim());
  const { stdout } = await notes(`pssh -ih kube "sudo sysctl --system"`);
  expect(stdout.match(/\* Applying \/etc\/sysctl\.d\/k8s\.conf/g)).toHaveLength(fleet.hosts.length);
});

test('S14, S19: the repository, the packages, the service and what it says', async () => {
  await succeeds(`pscp.pssh -h kube kubernetes.repo /tmp/kubernetes.repo`);
  await succeeds(`pssh -ih kube 'sudo cp /tmp/kubernetes.repo /etc/yum.repos.d/kubernetes.repo'`);
  await succeeds(`pssh -ih kube 'sudo yum install -y kubelet kubeadm kubectl --disableexcludes=kubernetes'`);
  await everywhere('rpm -q --qf "%{NAME} " kubelet kubeadm kubectl', 'kubelet kubeadm kubectl');
  await succeeds(`pssh -ih kube 'sudo systemctl enable --now kubelet'`);
  await everywhere('systemctl is-enabled kubelet', 'enabled');
  const status = await notes(`pssh -ih kube 'systemctl status kubelet'`);
  expect(status.stdout.match(/kubelet\.service/g)?.length).toBeGreaterThanOrEqual(fleet.hosts.length);
  const journal = await notes(`pssh -ih kube 'journalctl -xeu kubelet --no-pager'`);
  expect(journal.stdout.match(/\[(SUCCESS|FAILURE)\]/g)).toHaveLength(fleet.hosts.length);
});
