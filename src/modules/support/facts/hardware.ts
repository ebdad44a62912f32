import type { Json, JsonObject } from '../../../model/value.ts';
import { type FileLines, firstLine } from './files.ts';

export function memoryFacts(files: FileLines): JsonObject {
  const kilobytes = new Map(
    (files.get('/proc/meminfo') ?? []).map((line) => {
      const [, name = '', value = '0'] = /^(\w+(?:\(\w+\))?):\s+(\d+)/.exec(line) ?? [];
      return [name, Number(value)] as const;
    }),
  );
  const mb = (...names: readonly string[]) =>
    Math.floor(names.reduce((sum, name) => sum + (kilobytes.get(name) ?? 0), 0) / 1024);
  const total = mb('MemTotal');
  const free = mb('MemFree');
  const uncached = mb('MemFree', 'Cached', 'Buffers');
  const swap = { total: mb('SwapTotal'), free: mb('SwapFree'), cached: mb('SwapCached') };
  return {
    memtotal_mb: total,
    memfree_mb: free,
    swaptotal_mb: swap.total,
    swapfree_mb: swap.free,
    memory_mb: {
      real: { total, used: total - free, free },
      nocache: { free: uncached, used: total - uncached },
      swap: { ...swap, used: swap.total - swap.free },
    },
  };
}

const LISTED = new Set(['processor', 'vendor_id', 'model name', 'Processor', 'cpu', 'vendor']);

/** From `nproc` and /proc/cpuinfo: sockets are counted by physical id, cores and threads by the first socket's word. */
export function processorFacts(text: string): JsonObject {
  const [available = '', ...lines] = text.split('\n');
  const pairs = lines.map((line) => {
    const at = line.indexOf(':');
    return [line.slice(0, at).trim(), line.slice(at + 1).trim()] as const;
  });
  const valuesOf = (name: string) => pairs.filter(([key]) => key === name).map(([, value]) => value);
  const logical = valuesOf('processor').length || valuesOf('model name').length || Number(available) || 1;
  const sockets = new Set(valuesOf('physical id')).size;
  const cores = Number(valuesOf('cpu cores')[0]) || 1;
  const siblings = Number(valuesOf('siblings')[0]) || cores;
  const threads = sockets > 0 ? Math.max(1, Math.floor(siblings / cores)) : 1;
  const count = sockets > 0 ? sockets : logical;
  return {
    processor: pairs.filter(([key]) => LISTED.has(key)).map(([, value]) => value),
    processor_count: count,
    processor_cores: cores,
    processor_threads_per_core: threads,
    processor_vcpus: count * cores * threads,
    processor_nproc: Number(available) || logical,
  };
}

export function uptimeFacts(files: FileLines): JsonObject {
  return { uptime_seconds: Math.floor(Number(firstLine(files, '/proc/uptime').split(' ')[0] ?? 0)) };
}

export function loadFacts(files: FileLines): JsonObject {
  const [one = 0, five = 0, fifteen = 0] = firstLine(files, '/proc/loadavg').split(' ').slice(0, 3).map(Number);
  return { loadavg: { '1m': one, '5m': five, '15m': fifteen } };
}

const DMI: Readonly<Record<string, string>> = {
  ...{ bios_date: 'bios_date', bios_vendor: 'bios_vendor', bios_version: 'bios_version' },
  ...{ board_asset_tag: 'board_asset_tag', board_name: 'board_name', board_serial: 'board_serial' },
  ...{ board_vendor: 'board_vendor', board_version: 'board_version', chassis_asset_tag: 'chassis_asset_tag' },
  ...{ chassis_serial: 'chassis_serial', chassis_vendor: 'chassis_vendor', chassis_version: 'chassis_version' },
  ...{ product_name: 'product_name', product_serial: 'product_serial', product_uuid: 'product_uuid' },
  ...{ product_version: 'product_version', system_vendor: 'sys_vendor' },
};

/** SMBIOS specification (DMTF DSP0134), 7.4.1, by number. */
const FORM_FACTORS = [
  ...['Unknown', 'Other', 'Unknown', 'Desktop', 'Low Profile Desktop', 'Pizza Box', 'Mini Tower', 'Tower', 'Portable'],
  ...['Laptop', 'Notebook', 'Hand Held', 'Docking Station', 'All In One', 'Sub Notebook', 'Space-saving', 'Lunch Box'],
  ...['Main Server Chassis', 'Expansion Chassis', 'Sub Chassis', 'Bus Expansion Chassis', 'Peripheral Chassis'],
  ...['RAID Chassis', 'Rack Mount Chassis', 'Sealed-case PC', 'Multi-system', 'CompactPCI', 'AdvancedTCA', 'Blade'],
  ...['Blade Enclosure', 'Tablet', 'Convertible', 'Detachable', 'IoT Gateway', 'Embedded PC', 'Mini PC', 'Stick PC'],
];

/** What the firmware says of the machine; `NA` where it says nothing or this user may not read it. */
export function dmiFacts(files: FileLines): JsonObject {
  const read = (name: string) => firstLine(files, `/sys/class/dmi/id/${name}`) || 'NA';
  const facts = Object.fromEntries(Object.entries(DMI).map(([fact, file]) => [fact, read(file)]));
  const type = Number(read('chassis_type'));
  return { ...facts, form_factor: Number.isInteger(type) ? (FORM_FACTORS[type] ?? `unknown (${type})`) : 'NA' };
}

interface Mount {
  readonly device: string;
  readonly mount: string;
  readonly fstype: string;
  readonly options: string;
}

/** Mounts of devices and of file servers; those of file servers without sizes. `space`: one line of `stat -f` each. */
export function mountFacts(files: FileLines, space: string, uuids: string): JsonObject {
  const sizes = space.split('\n');
  const names = uuidsOf(uuids);
  const mounts = (files.get('/proc/mounts') ?? []).map(parseMount).filter((mount) => /^\/|:\//.test(mount.device));
  let next = 0;
  return {
    mounts: mounts.map((mount) => {
      const line = isLocal(mount) ? sizes[next++] : undefined;
      return { ...mount, ...sizesOf(line), uuid: names.get(mount.device.replace('/dev/', '')) ?? 'N/A' };
    }),
  };
}

/** The same rule as the script that asks for sizes. */
function isLocal({ device, fstype }: Mount): boolean {
  return (
    device.startsWith('/') &&
    !device.includes(':/') &&
    !/^(nfs.*|cifs|smb.*|fuse.*|9p|ceph|glusterfs|autofs)$/.test(fstype)
  );
}

function parseMount(line: string): Mount {
  const [device = '', mount = '', fstype = '', options = ''] = line.split(' ').map(unescapeOctal);
  return { device, mount, fstype, options };
}

function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

function sizesOf(line: string | undefined): JsonObject {
  const numbers = (line ?? '').split(' ').map(Number);
  const [size = 0, blocks = 0, , available = 0, inodes = 0, inodesFree = 0] = numbers;
  if (numbers.length !== 6 || numbers.some((number) => !Number.isFinite(number))) return {};
  return {
    size_total: size * blocks,
    size_available: size * available,
    block_size: size,
    block_total: blocks,
    block_available: available,
    block_used: blocks - available,
    inode_total: inodes,
    inode_available: inodesFree,
    inode_used: inodes - inodesFree,
  };
}

/** Names of `ls -l /dev/disk/by-uuid`: device by what its link points to. */
function uuidsOf(text: string): ReadonlyMap<string, string> {
  const found = text.split('\n').flatMap((line) => {
    const [, uuid, device] = /(\S+) -> (?:\.\.\/)*(\S+)$/.exec(line) ?? [];
    return uuid === undefined || device === undefined ? [] : [[device, uuid] as const];
  });
  return new Map(found);
}

/** Block devices and their partitions, from /sys/block. */
export function deviceFacts(files: FileLines, uuids: string): JsonObject {
  const names = uuidsOf(uuids);
  const devices: Record<string, Json> = {};
  for (const path of files.keys()) {
    const [, name] = /^\/sys\/block\/([^/]+)\/size$/.exec(path) ?? [];
    if (name !== undefined) devices[name] = deviceOf(files, name, names);
  }
  return { devices };
}

function deviceOf(files: FileLines, name: string, uuids: ReadonlyMap<string, string>): Json {
  const read = (file: string) => firstLine(files, `/sys/block/${name}/${file}`);
  const sectors = read('size');
  const sectorsize = read('queue/logical_block_size') || '512';
  return {
    model: read('device/model') || null,
    vendor: read('device/vendor') || null,
    removable: read('removable'),
    rotational: read('queue/rotational'),
    sectors,
    sectorsize,
    size: humanSize(Number(sectors) * 512),
    partitions: partitionsOf(files, name, { sectorsize, uuids }),
  };
}

interface PartitionContext {
  readonly sectorsize: string;
  readonly uuids: ReadonlyMap<string, string>;
}

function partitionsOf(files: FileLines, disk: string, { sectorsize, uuids }: PartitionContext): JsonObject {
  const partitions: Record<string, Json> = {};
  for (const [path, lines] of files) {
    const [, on, name] = /^\/sys\/block\/([^/]+)\/([^/]+)\/start$/.exec(path) ?? [];
    if (on !== disk || name === undefined) continue;
    const sectors = firstLine(files, `/sys/block/${disk}/${name}/size`);
    const size = humanSize(Number(sectors) * 512);
    partitions[name] = { start: lines[0]?.trim() ?? '', sectors, sectorsize, size, uuid: uuids.get(name) ?? null };
  }
  return partitions;
}

function humanSize(bytes: number): string {
  const units = ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(2)} ${units[power]}`;
}
