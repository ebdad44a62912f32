import type { JsonObject } from '../../../model/value.ts';
import { type FileLines, firstLine } from './files.ts';
import type { FactTexts } from './read.ts';

/** Ansible's names for those of systemd-detect-virt(1) that it calls otherwise. */
const NAMES: Readonly<Record<string, string>> = {
  oracle: 'virtualbox',
  microsoft: 'VirtualPC',
  vmware: 'VMware',
  amazon: 'kvm',
  google: 'kvm',
  'lxc-libvirt': 'lxc',
  'systemd-nspawn': 'systemd-nspawn',
};

const CONTAINERS = new Set([
  'docker',
  'podman',
  'lxc',
  'systemd-nspawn',
  'openvz',
  'container',
  'containerd',
  'rkt',
  'wsl',
  'proot',
]);

/** Whether the host is a guest, and of what; from systemd-detect-virt where it is, else from marks that guests bear. */
export function virtualFacts(files: FileLines, marks: ReadonlySet<string>, { detectVirt }: FactTexts): JsonObject {
  const detected = detectVirt.text.split('\n').filter((word) => word !== '' && word !== 'none');
  const guest = [...new Set([...detected.map((word) => NAMES[word] ?? word), ...ownEyes(files, marks)])];
  const host = marks.has('/dev/kvm') ? ['kvm'] : [];
  const first = guest[0];
  const container = guest.some((name) => CONTAINERS.has(name)) ? ['container'] : [];
  return {
    virtualization_type: first ?? host[0] ?? 'NA',
    virtualization_role: first === undefined ? (host.length > 0 ? 'host' : 'NA') : 'guest',
    virtualization_tech_guest: [...new Set([...guest, ...container])],
    virtualization_tech_host: host,
  };
}

function ownEyes(files: FileLines, marks: ReadonlySet<string>): string[] {
  const found: string[] = [];
  const groups = files.get('/proc/1/cgroup')?.join('\n') ?? '';
  if (marks.has('/.dockerenv') || marks.has('/.dockerinit') || /\/docker[-/]/.test(groups)) found.push('docker');
  if (marks.has('/run/.containerenv')) found.push('podman');
  if (/\/lxc\//.test(groups)) found.push('lxc');
  return [...found, ...firmware(files)];
}

function firmware(files: FileLines): string[] {
  const product = firstLine(files, '/sys/class/dmi/id/product_name');
  const vendor = firstLine(files, '/sys/class/dmi/id/sys_vendor');
  if (firstLine(files, '/sys/hypervisor/type') === 'xen') return ['xen'];
  if (/^VMware/.test(product)) return ['VMware'];
  if (product === 'VirtualBox') return ['virtualbox'];
  if (product === 'Virtual Machine' && /Microsoft/.test(vendor)) return ['VirtualPC'];
  if (
    /KVM|^(QEMU|Amazon EC2|Google|OpenStack|DigitalOcean|Hetzner|Alibaba)/.test(`${vendor} ${product}`) ||
    product === 'KVM'
  )
    return ['kvm'];
  return [];
}
