import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { down, type Fleet, ssh, up } from '../../support/hosts/index.js';

const name = `booted-${process.pid}`;
let fleet: Fleet;
beforeAll(async () => {
  fleet = await up({ name, kind: 'booted' });
}, 300_000);
afterAll(() => down(name), 60_000);

const say = async (host: string, command: string) => {
  const { status, stdout, stderr } = await ssh(fleet, host, command);
  return { status, stdout: stdout.trim(), stderr: stderr.trim() };
};

describe('booted hosts', () => {
  test.each([
    ['node0', 'debian', 'apt-get', 'active'],
    ['node1', 'debian', 'apt-get', 'inactive'],
    ['node2', 'rocky', 'dnf', 'active'],
    ['node3', 'rocky', 'dnf', 'inactive'],
  ])('%s runs systemd as %s with %s, firewalld %s', async (host, id, manager, firewalld) => {
    const script =
      '. /etc/os-release; echo $ID; for p in apt-get dnf; do command -v $p; done; systemctl is-active firewalld';
    const { stdout } = await say(host, script);
    expect(stdout).toBe(`${id}\n/usr/bin/${manager}\n${firewalld}`);
    expect(await say(host, 'systemctl is-system-running')).toMatchObject({ stdout: 'running' });
  });

  test.each(['node0', 'node2'])('firewalld on %s opens a port now and for later', async (host) => {
    const open =
      'sudo firewall-cmd --quiet --add-port=6443/tcp && sudo firewall-cmd --quiet --permanent --add-port=6443/tcp';
    expect(await say(host, open)).toMatchObject({ status: 0, stderr: '' });
    expect(await say(host, 'sudo firewall-cmd --reload && sudo firewall-cmd --list-ports')).toMatchObject({
      stdout: 'success\n6443/tcp',
    });
    expect((await say(host, 'sudo nft list ruleset')).stdout).toContain('tcp dport 6443');
  });

  test('apt installs from the signed repository, and refuses it without its key', async () => {
    const source = (options: string) =>
      `echo 'deb [${options}] file:///srv/repo/deb ./' | sudo tee /etc/apt/sources.list.d/kubernetes.list >/dev/null; sudo apt-get update -q`;
    const refused = await say('node1', source('arch=amd64'));
    expect(refused.status).not.toBe(0);
    expect(refused.stderr).toMatch(/NO_PUBKEY|isn't signed|is not signed/);
    expect(await say('node1', source('signed-by=/srv/repo/key.asc'))).toMatchObject({ status: 0 });
    const install =
      'sudo DEBIAN_FRONTEND=noninteractive apt-get install -qq -y kubelet=1.36.0-1.1 kubeadm=1.36.0-1.1 kubectl';
    expect(
      await say('node1', `${install} >/dev/null && kubeadm version -o short && kubectl version --client`),
    ).toMatchObject({
      status: 0,
      stdout: 'v1.36.0\nClient Version: v1.36.1',
    });
    await kubeletLoops('node1');
  });

  test('dnf installs from the signed repository', async () => {
    const repository = [
      '[kubernetes]',
      'name=Kubernetes',
      'baseurl=file:///srv/repo/rpm',
      'enabled=1',
      'gpgcheck=1',
      'repo_gpgcheck=1',
      'gpgkey=file:///srv/repo/key.asc',
    ];
    const file = 'sudo tee /etc/yum.repos.d/kubernetes.repo >/dev/null';
    expect(await say('node3', `printf '%s\\n' ${repository.join(' ')} | ${file}`)).toMatchObject({ status: 0 });
    const install = 'sudo yum install -q -y kubelet-1.36.0 kubeadm-1.36.0 kubectl --disableexcludes=kubernetes';
    expect(await say('node3', `${install} >/dev/null && rpm -q kubelet kubectl cri-tools`)).toMatchObject({
      status: 0,
      stdout: 'kubelet-1.36.0-150500.1.1.x86_64\nkubectl-1.36.1-150500.1.1.x86_64\ncri-tools-1.36.0-150500.1.1.x86_64',
    });
    await kubeletLoops('node3');
  });

  test('a package can fail to install', async () => {
    const broken = await say('node1', 'sudo apt-get install -y kprep-broken');
    expect(broken.status).toBe(100);
    expect(broken.stderr + broken.stdout).toContain('this package never installs');
  });

  test('modprobe finds what the kernel has built in, sysctl sets the network', async () => {
    expect(await say('node0', 'sudo modprobe br_netfilter && sudo modprobe overlay')).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect((await say('node0', 'sudo modprobe no_such_module')).stderr).toContain('Module no_such_module not found');
    expect(await say('node0', 'sudo sysctl -w net.ipv4.ip_forward=1')).toMatchObject({
      stdout: 'net.ipv4.ip_forward = 1',
    });
  });

  test.each(['node0', 'node2'])('swapoff on %s ends well: no swap is on, whatever the machine has', async (host) => {
    expect(await say(host, 'sudo swapoff -a')).toMatchObject({ status: 0 });
    expect((await say(host, 'cat /proc/swaps')).stdout).toMatch(/^Filename.*Priority$/);
    expect((await say(host, 'sudo mknod /tmp/disk b 8 0')).stderr).toContain('Operation not permitted');
  });

  test('there are swap lines and a decoy in fstab, and SELinux has a configuration where there would be one', async () => {
    expect(
      await say('node0', 'awk \'$3 == "swap" { n++ } END { print n }\' /etc/fstab; grep -c swarm /etc/fstab'),
    ).toMatchObject({ stdout: '2\n2' });
    expect(await say('node2', 'grep ^SELINUX= /etc/selinux/config; command -v getenforce')).toMatchObject({
      stdout: 'SELINUX=enforcing',
      status: 127,
    });
  });

  test('nothing of a fleet stays', async () => {
    const second = await up({ name: `${name}-b`, kind: 'booted', hosts: ['apt'] });
    expect(second.cgroups.every((group) => existsSync(group))).toBe(true);
    await down(second.name);
    expect(second.cgroups.filter((group) => existsSync(group))).toEqual([]);
    expect(existsSync(`/proc/${second.hub.pid}`)).toBe(false);
  }, 60_000);
});

/** As documented for a kubelet before `kubeadm init`: it starts, fails, and starts again, until it has a configuration. */
async function kubeletLoops(host: string): Promise<void> {
  const enabled = await say(host, 'sudo systemctl enable --now kubelet && systemctl is-enabled kubelet');
  expect(enabled).toMatchObject({ status: 0, stdout: 'enabled' });
  const restarted =
    'until [ "$(systemctl show -P NRestarts kubelet)" -gt 0 ]; do sleep 0.1; done; sudo journalctl -u kubelet -o cat';
  expect((await say(host, restarted)).stdout).toContain('failed to load kubelet config file');
  await say(host, 'echo {} | sudo tee /var/lib/kubelet/config.yaml; sudo systemctl restart kubelet');
  expect(await say(host, 'systemctl is-active kubelet')).toMatchObject({ stdout: 'active' });
}
