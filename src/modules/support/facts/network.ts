import type { Json, JsonObject } from '../../../model/value.ts';
import { type FileLines, firstLine } from './files.ts';
import type { FactTexts } from './read.ts';

interface Address4 {
  readonly address: string;
  readonly broadcast: string;
  readonly netmask: string;
  readonly network: string;
  readonly prefix: string;
}

interface Address6 {
  readonly address: string;
  readonly prefix: string;
  readonly scope: string;
}

interface Addresses {
  readonly ipv4: readonly Address4[];
  readonly ipv6: readonly Address6[];
}

/** Interfaces by name, addresses, and where the default routes go. */
export function networkFacts(files: FileLines, texts: FactTexts): JsonObject {
  const names = interfacesOf(files);
  const addresses = parseAddresses(texts.addresses.text, files);
  const drivers = parseDrivers(texts.drivers.text);
  const interfaces = new Map(
    names.map((name) => [
      name,
      interfaceOf(files, name, { addresses: addresses.get(name), driver: drivers.get(name) }),
    ]),
  );
  const all = [...addresses.values()];
  return {
    interfaces: names,
    all_ipv4_addresses: all
      .flatMap(({ ipv4 }) => ipv4.map(({ address }) => address))
      .filter((address) => !address.startsWith('127.')),
    all_ipv6_addresses: all
      .flatMap(({ ipv6 }) => ipv6.map(({ address }) => address))
      .filter((address) => address !== '::1'),
    default_ipv4: default4(files, texts.route4.text, { addresses, interfaces }),
    default_ipv6: default6(texts.route6.text, { addresses, interfaces }),
    ...Object.fromEntries([...interfaces].map(([name, facts]) => [name.replace(/[-:.]/g, '_'), facts])),
  };
}

function interfacesOf(files: FileLines): string[] {
  return [...files.keys()].flatMap((path) => /^\/sys\/class\/net\/([^/]+)\/mtu$/.exec(path)?.[1] ?? []);
}

/** ARPHRD numbers (linux/if_arp.h) under Ansible's names. */
const TYPES: Readonly<Record<string, string>> = {
  1: 'ether',
  32: 'infiniband',
  512: 'ppp',
  772: 'loopback',
  65534: 'tunnel',
};

interface InterfaceContext {
  readonly addresses: Addresses | undefined;
  readonly driver: { readonly pci?: string; readonly module?: string } | undefined;
}

function interfaceOf(files: FileLines, name: string, { addresses, driver }: InterfaceContext): JsonObject {
  const read = (file: string) => firstLine(files, `/sys/class/net/${name}/${file}`);
  const mac = read('address');
  const speed = Number(read('speed'));
  const [first, ...more] = addresses?.ipv4 ?? [];
  const ipv6 = addresses?.ipv6 ?? [];
  const bonding = read('bonding/mode');
  return {
    device: name,
    active: read('operstate') !== 'down',
    ...(/^00(:00)*$/.test(mac) || mac === '' ? {} : { macaddress: mac }),
    mtu: Number(read('mtu')),
    type: typeOf(read),
    promisc: (Number.parseInt(read('flags'), 16) & 0x100) !== 0,
    ...(read('speed') === '' ? {} : { speed }),
    ...(driver?.module ? { module: driver.module } : {}),
    ...(driver?.pci ? { pciid: driver.pci } : {}),
    ...(read('bridge/bridge_id') === '' ? {} : { id: read('bridge/bridge_id') }),
    ...(bonding === ''
      ? {}
      : { mode: bonding.split(' ')[0] ?? '', slaves: read('bonding/slaves').split(' ').filter(Boolean) }),
    ...(first ? { ipv4: { ...first } } : {}),
    ...(more.length > 0 ? { ipv4_secondaries: more.map((one) => ({ ...one })) } : {}),
    ...(ipv6.length > 0 ? { ipv6: ipv6.map((one) => ({ ...one })) } : {}),
  };
}

function typeOf(read: (file: string) => string): string {
  if (read('bridge/bridge_id') !== '') return 'bridge';
  if (read('bonding/mode') !== '') return 'bonding';
  return TYPES[read('type')] ?? 'unknown';
}

type Found = { ipv4: Address4[]; ipv6: Address6[] };

/** Of `ip addr`; where the host has no `ip`, IPv6 addresses of /proc only. */
function parseAddresses(text: string, files: FileLines): Map<string, Found> {
  const found = new Map<string, Found>();
  const of = (name: string) => {
    const known = found.get(name) ?? { ipv4: [], ipv6: [] };
    found.set(name, known);
    return known;
  };
  let name = '';
  for (const line of text.split('\n')) {
    name = /^\d+: ([^:@\s]+)/.exec(line)?.[1] ?? name;
    if (/^\s+inet6? /.test(line)) addAddress(line, of(name));
  }
  if (found.size === 0) for (const line of files.get('/proc/net/if_inet6') ?? []) procAddress6(line, of);
  return found;
}

function addAddress(line: string, { ipv4, ipv6 }: Found): void {
  const [, six, address = '', prefix] = /^\s+inet(6?) ([^/\s]+)(?:\/(\d+))?/.exec(line) ?? [];
  if (six === '6') ipv6.push({ address, prefix: prefix ?? '128', scope: / scope (\S+)/.exec(line)?.[1] ?? '' });
  else ipv4.push(address4(address, prefix ?? '32', / brd (\S+)/.exec(line)?.[1] ?? ''));
}

function procAddress6(line: string, of: (name: string) => { ipv6: Address6[] }): void {
  const [digits = '', , prefix = '0', scope = '0', , name = ''] = line.trim().split(/\s+/);
  const groups = digits.match(/.{4}/g)?.map((group) => Number.parseInt(group, 16).toString(16)) ?? [];
  const scopes: Readonly<Record<string, string>> = { '00': 'global', '10': 'host', '20': 'link', '40': 'site' };
  of(name).ipv6.push({
    address: shorten(groups),
    prefix: String(Number.parseInt(prefix, 16)),
    scope: scopes[scope] ?? 'global',
  });
}

/** RFC 5952: the longest run of zero groups becomes `::`. */
function shorten(groups: readonly string[]): string {
  const text = groups.join(':');
  const runs = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length);
  const [run] = runs;
  if (!run) return text;
  return `${text.slice(0, run.index)}::${text.slice(run.index + run[0].length).replace(/^:/, '')}`;
}

function address4(address: string, prefix: string, broadcast: string): Address4 {
  const mask = Number(prefix) === 0 ? 0 : (0xffffffff << (32 - Number(prefix))) >>> 0;
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return { address, broadcast, netmask: dotted(mask), network: dotted((number & mask) >>> 0), prefix };
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}

interface Known {
  readonly addresses: ReadonlyMap<string, Addresses>;
  readonly interfaces: ReadonlyMap<string, JsonObject>;
}

/** `8.8.8.8 via 192.0.2.1 dev eth0 src 192.0.2.2 uid 0`; without `ip`, the default line of /proc/net/route. */
function default4(files: FileLines, text: string, known: Known): Json {
  const route = parseRoute(text) ?? procRoute(files);
  if (!route) return {};
  const { device } = route;
  const of = known.addresses.get(device)?.ipv4 ?? [];
  const address = of.find((one) => one.address === route.source) ?? of[0];
  return {
    interface: device,
    ...(route.gateway === undefined ? {} : { gateway: route.gateway }),
    ...(address ? { ...address } : {}),
    ...linkOf(known.interfaces.get(device)),
    alias: device,
  };
}

function default6(text: string, known: Known): Json {
  const route = parseRoute(text);
  if (!route) return {};
  const { device } = route;
  const of = known.addresses.get(device)?.ipv6 ?? [];
  const address = of.find((one) => one.address === route.source) ?? of[0];
  return {
    interface: device,
    ...(route.gateway === undefined ? {} : { gateway: route.gateway }),
    ...(address ? { ...address } : {}),
    ...linkOf(known.interfaces.get(device)),
  };
}

function linkOf(facts: JsonObject | undefined): JsonObject {
  const { macaddress, mtu, type } = facts ?? {};
  return {
    ...(macaddress === undefined ? {} : { macaddress }),
    ...(mtu === undefined ? {} : { mtu }),
    ...(type === undefined ? {} : { type }),
  };
}

interface Route {
  readonly device: string;
  readonly gateway?: string;
  readonly source?: string;
}

function parseRoute(text: string): Route | undefined {
  const line = text.split('\n')[0] ?? '';
  const word = (name: string) => new RegExp(` ${name} (\\S+)`).exec(line)?.[1];
  const device = word('dev');
  if (device === undefined || device === 'lo' || line.startsWith('unreachable')) return undefined;
  const gateway = word('via');
  const source = word('src');
  return { device, ...(gateway === undefined ? {} : { gateway }), ...(source === undefined ? {} : { source }) };
}

/** The kernel writes addresses there as little-endian hexadecimal. */
function procRoute(files: FileLines): Route | undefined {
  for (const line of files.get('/proc/net/route') ?? []) {
    const [device = '', destination, gateway = '', flags = '0'] = line.split('\t');
    if (destination !== '00000000' || (Number.parseInt(flags, 16) & 1) === 0) continue;
    const bytes =
      gateway
        .match(/../g)
        ?.reverse()
        .map((pair) => Number.parseInt(pair, 16)) ?? [];
    return { device, gateway: bytes.join('.') };
  }
  return undefined;
}

/** `eth0 /sys/devices/pci0000:00/0000:00:03.0/virtio0 /sys/module/virtio_net`. */
function parseDrivers(text: string): ReadonlyMap<string, { pci?: string; module?: string }> {
  const found = text.split('\n').map((line) => {
    const [name = '', device = '', module = ''] = line.split(' ');
    const pci = device.replace(/.*\//, '');
    return [
      name,
      { ...(pci === '' ? {} : { pci }), ...(module === '' ? {} : { module: module.replace(/.*\//, '') }) },
    ] as const;
  });
  return new Map(found);
}
