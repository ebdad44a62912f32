import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/model/value.ts';
import { setup } from '../../src/modules/setup.ts';
import { runScript, testShells } from '../support/shells.ts';
import { argsOf } from '../support/test-module.ts';

/** What Ansible tells of this machine. */
function ansible(): JsonObject {
  const run = spawnSync(
    'ansible',
    ['localhost', '-c', 'local', '-m', 'setup', '-e', 'ansible_python_interpreter=/usr/bin/python3'],
    {
      encoding: 'utf8',
      env: { ...process.env, PATH: `/usr/bin:${process.env.PATH}`, ANSIBLE_NOCOLOR: '1' },
      maxBuffer: 1 << 26,
    },
  );
  const text = run.stdout.slice(run.stdout.indexOf('{'));
  return (JSON.parse(text) as { ansible_facts: JsonObject }).ansible_facts;
}

/** What changes from one moment to the next, and what kprep tells in its own way (see the reference page and comments below). */
const APART = new Set([
  ...[
    'ansible_date_time',
    'ansible_memfree_mb',
    'ansible_memory_mb',
    'ansible_loadavg',
    'ansible_uptime_seconds',
    'ansible_env',
  ],
  ...[
    'ansible_python',
    'ansible_python_version',
    'ansible_selinux_python_present',
    'ansible_fibre_channel_wwn',
    'ansible_hostnqn',
  ],
  ...[
    'ansible_iscsi_iqn',
    'ansible_lvm',
    'ansible_system_capabilities',
    'ansible_system_capabilities_enforced',
    'ansible_is_chroot',
  ],
  // Devices and mounts have more fields there; a fully qualified name that is only `localhost` is no name.
  ...['ansible_devices', 'ansible_device_links', 'ansible_mounts', 'ansible_fqdn', 'ansible_domain'],
  ...['ansible_virtualization_tech_guest', 'ansible_virtualization_tech_host', 'ansible_swapfree_mb'],
]);

describe('setup against that of Ansible', () => {
  const theirs = ansible();
  const root = '/';
  test.each(testShells().map((shell) => [shell.name, shell] as const))('%s', (_name, shell) => {
    const { args } = argsOf(setup, {});
    const read = setup.read(args as never);
    const output = runScript({ root, shell }, { script: read.script });
    const facts = setup.result?.(args as never, read.parse(output).now, [])?.ansible_facts as JsonObject;
    const wanted = Object.entries(theirs).filter(([name]) => !APART.has(name) && !isInterface(theirs, name));
    for (const [name, value] of wanted) expect([name, sorted(facts[name])]).toEqual([name, sorted(value)]);
    for (const name of theirs.ansible_interfaces as string[]) {
      expect(facts[`ansible_${name.replace(/[-:.]/g, '_')}`]).toMatchObject(interfaceCore(theirs, name));
    }
    expect(mountNames(facts)).toEqual(mountNames(theirs));
    expect(Object.keys(facts.ansible_devices as JsonObject).sort()).toEqual(
      Object.keys(theirs.ansible_devices as JsonObject).sort(),
    );
    expect(facts.ansible_date_time).toMatchObject({ tz: (theirs.ansible_date_time as JsonObject).tz ?? null });
  });
});

function isInterface(facts: JsonObject, name: string): boolean {
  return (facts.ansible_interfaces as string[]).some((device) => `ansible_${device.replace(/[-:.]/g, '_')}` === name);
}

function interfaceCore(facts: JsonObject, name: string): JsonObject {
  const { features, hw_timestamp_filters, timestamping, ...core } = facts[
    `ansible_${name.replace(/[-:.]/g, '_')}`
  ] as JsonObject;
  return core;
}

function mountNames(facts: JsonObject): unknown {
  return (facts.ansible_mounts as JsonObject[]).map(({ mount, device, fstype }) => [mount, device, fstype]);
}

/** Order means nothing in lists of interfaces and addresses. */
function sorted(value: unknown): unknown {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? [...value].sort() : value;
}
