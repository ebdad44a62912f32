import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes what a client needs to reach the fleet from inside its network: known_hosts, ssh_config, inventory.ini and pssh hosts files. */
export function writeClientFiles(fleet) {
  const { directory, hosts } = fleet;
  const write = (name, text) => writeFileSync(join(directory, name), text, { mode: 0o600 });
  write(
    'known_hosts',
    knownHosts(fleet, (host) => [host.name, host.address]),
  );
  write('ssh_config', sshConfig(fleet));
  write('inventory.ini', inventory(fleet));
  for (const [group, members] of groupsOf(hosts)) {
    write(`hosts.${group}`, `${members.map((host) => `ops@${host.address}`).join('\n')}\n`);
  }
}

/** An inventory in INI form. `at` says where a host is dialled; by default at its own address, which only the fleet's network reaches. */
export function inventory(fleet, { at = (host) => host, knownHostsFile = join(fleet.directory, 'known_hosts') } = {}) {
  const lines = fleet.hosts.map((host) => {
    const { address, port } = at(host);
    return `${host.name} ansible_host=${address} ansible_port=${port}`;
  });
  const groups = groupsOf(fleet.hosts).map(
    ([group, members]) => `[${group}]\n${members.map((host) => host.name).join('\n')}\n`,
  );
  const vars = [
    'ansible_user=ops',
    `ansible_ssh_private_key_file=${join(fleet.directory, 'id_ed25519')}`,
    `ansible_ssh_common_args='-o UserKnownHostsFile=${knownHostsFile} -o StrictHostKeyChecking=yes -o IdentitiesOnly=yes'`,
  ];
  return `${lines.join('\n')}\n\n${groups.join('\n')}\n[all:vars]\n${vars.join('\n')}\n`;
}

/** known_hosts lines; `names` says under which names a host is known. */
export function knownHosts(fleet, names) {
  return fleet.hosts
    .flatMap((host) => publicKeys(fleet, host).map((key) => `${names(host).join(',')} ${key}\n`))
    .join('');
}

function publicKeys(fleet, host) {
  const folder = join(fleet.root(host.name), 'etc', 'ssh');
  const files = readdirSync(folder).filter((name) => /^ssh_host_.*_key\.pub$/.test(name));
  return files.map((name) => readFileSync(join(folder, name), 'utf8').split(' ').slice(0, 2).join(' '));
}

function sshConfig({ directory, hosts }) {
  const own = hosts.map((host) => `Host ${host.name}\n  HostName ${host.address}\n`).join('');
  return `${own}Host *
  User ops
  IdentityFile ${join(directory, 'id_ed25519')}
  IdentitiesOnly yes
  UserKnownHostsFile ${join(directory, 'known_hosts')}
  StrictHostKeyChecking yes
  KexAlgorithms curve25519-sha256
  LogLevel ERROR
`;
}

function groupsOf(hosts) {
  const names = [...new Set(hosts.flatMap((host) => host.groups))];
  return names.map((name) => [name, hosts.filter((host) => host.groups.includes(name))]);
}
