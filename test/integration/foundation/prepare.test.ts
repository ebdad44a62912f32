import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Event, TaskFinished } from '../../../src/model/event.ts';
import { down, type Fleet, type RunResult, ssh, up } from '../../support/hosts/index.js';
import { type Bench, eventsOf, makeBench } from '../../support/kprep.ts';

/** Two hosts of each family, logged in as an unprivileged user with sudo; node0 and node2 have firewalld. */
const playbook = new URL('../../../playbooks/prepare.yaml', import.meta.url).pathname;
const local = [
  ...['-e', 'kubernetes_repo_deb=file:/srv/repo/deb/', '-e', 'kubernetes_repo_deb_key=file:///srv/repo/key.asc'],
  ...['-e', 'kubernetes_repo_rpm=file:///srv/repo/rpm/', '-e', 'kubernetes_repo_rpm_key=file:///srv/repo/key.asc'],
  ...['-e', '{"kubernetes_prerequisites": []}', '-e', 'kubernetes_version=1.36.0'],
];

let fleet: Fleet;
let bench: Bench;

beforeAll(async () => {
  fleet = await up({ name: `prepare-${process.pid}`, kind: 'booted' });
  bench = makeBench(fleet);
}, 300_000);

afterAll(async () => {
  bench.remove();
  await down(fleet.name);
});

function prepare(...more: string[]): Promise<RunResult> {
  return bench.kprep(['run', playbook, '-i', fleet.inventory, '-u', 'ops', ...local, ...more]);
}

async function answer(host: string, command: string): Promise<string> {
  const { stdout, stderr } = await ssh(fleet, host, command, { user: 'root' });
  return (stdout + stderr).trim();
}

/** Everything below /etc, names, modes, owners and contents. What the package managers and logins write of themselves is left out. */
async function hashOfEtc(host: string): Promise<string> {
  const list = 'cd /etc && find . -type f ! -name .updated ! -name ld.so.cache';
  return answer(
    host,
    `${list} -exec sha256sum {} + | sort -k2 | sha256sum; ${list} -exec stat -c '%n %a %U %G' {} + | sort | sha256sum`,
  );
}

function finishedTasks(events: readonly Event[]): readonly TaskFinished[] {
  return events.filter((event): event is Event & TaskFinished => event.type === 'task-finished');
}

function key({ host, task }: TaskFinished): string {
  return `${host} ${task.task}`;
}

describe('prepare.yaml on hosts of both families', () => {
  test('check mode writes nothing, and no line of its plan is contradicted by the run', async () => {
    const hosts = fleet.hosts.map(({ name }) => name);
    const before = await Promise.all(hosts.map(hashOfEtc));
    const planned = await prepare('--check', '--diff', '-o', 'jsonl');
    expect([planned.status, planned.stderr]).toEqual([0, '']);
    expect(await Promise.all(hosts.map(hashOfEtc))).toEqual(before);

    const done = await prepare('-o', 'jsonl');
    expect([done.status, done.stderr]).toEqual([0, '']);
    const outcomes = new Map(finishedTasks(eventsOf(done)).map((event) => [key(event), event.result.outcome]));
    const contradicted = finishedTasks(eventsOf(planned)).filter((event) => {
      const real = outcomes.get(key(event));
      const { outcome } = event.result;
      return (
        outcome !== 'pending' &&
        outcome !== real &&
        !(outcome === 'skipped' && event.result.message?.includes('check mode'))
      );
    });
    expect(contradicted.map((event) => [key(event), event.result.outcome, outcomes.get(key(event))])).toEqual([]);
    expect([...outcomes.values()]).toContain('changed');
  }, 300_000);

  test('the second run changes nothing', async () => {
    const again = await prepare('--no-color');
    expect([again.status, again.stderr]).toEqual([0, '']);
    for (const { name } of fleet.hosts) expect(again.stdout).toMatch(new RegExp(`${name} .*changed=0 .*failed=0`));
  }, 120_000);

  test.each([0, 1, 2, 3])(
    'node%d is what the steps ask for, by its own tools',
    async (index) => {
      const host = fleet.hosts[index];
      const name = `node${index}`;
      expect(await answer(name, "grep -v '^#' /etc/fstab | awk '$3 == \"swap\"'")).toBe('');
      expect(await answer(name, "grep -c '/mnt/swarm' /etc/fstab")).not.toBe('0');
      expect(await answer(name, 'cat /proc/swaps | wc -l')).toBe('1');
      expect((await answer(name, 'cat /etc/sysctl.d/k8s.conf')).split('\n').sort()).toEqual([
        'net.bridge.bridge-nf-call-ip6tables=1',
        'net.bridge.bridge-nf-call-iptables=1',
        'net.ipv4.ip_forward=1',
      ]);
      expect(await answer(name, 'sysctl -n net.ipv4.ip_forward')).toBe('1');
      expect(await answer(name, 'cat /etc/modules-load.d/*.conf')).toMatch(/br_netfilter/);
      expect(await answer(name, 'systemctl is-enabled kubelet')).toBe('enabled');
      if (host?.image === 'apt') {
        expect(await answer(name, 'apt-mark showhold')).toBe('kubeadm\nkubectl\nkubelet');
        expect(await answer(name, "dpkg-query -W -f '${Version} ' kubeadm kubelet kubectl")).toMatch(
          /^(1\.36\.0-\S+ ?){3}$/,
        );
        expect(await answer(name, 'cat /etc/apt/sources.list.d/kubernetes.list')).toContain('signed-by=');
      } else {
        expect(await answer(name, "rpm -q --qf '%{VERSION} ' kubeadm kubelet kubectl")).toMatch(/^(1\.36\.0 ?){3}$/);
        expect(await answer(name, 'cat /etc/yum.repos.d/kubernetes.repo')).toMatch(/exclude ?= ?.*kubelet/);
        expect(await answer(name, 'grep ^SELINUX= /etc/selinux/config')).toMatch(/^SELINUX=permissive/);
      }
      if (host?.variants.includes('firewalld')) {
        const ports =
          index === 0 ? ['10250/tcp', '10257/tcp', '10259/tcp', '2379-2380/tcp', '6443/tcp'] : ['10250/tcp'];
        for (const command of ['firewall-cmd --list-ports', 'firewall-cmd --permanent --list-ports']) {
          expect([
            command,
            (await answer(name, command))
              .split(' ')
              .filter((port) => ports.includes(port))
              .sort(),
          ]).toEqual([command, ports]);
        }
        expect(await answer(name, 'firewall-cmd --state')).toBe('running');
      }
    },
    60_000,
  );
});
