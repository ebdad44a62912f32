import type { ArgSpec, ArgsOf } from '../model/args.ts';
import { defineModule, type Module } from '../model/module.ts';
import type { JsonObject } from '../model/value.ts';
import { nearName } from '../shared/problem.ts';
import { distributionFacts } from './support/facts/distribution.ts';
import { type FileLines, parseFiles } from './support/facts/files.ts';
import {
  deviceFacts,
  dmiFacts,
  loadFacts,
  memoryFacts,
  mountFacts,
  processorFacts,
  uptimeFacts,
} from './support/facts/hardware.ts';
import { managerFacts } from './support/facts/managers.ts';
import { networkFacts } from './support/facts/network.ts';
import { type FactTexts, factsPiece } from './support/facts/read.ts';
import { chosenGroups, type FactGroup, subsetNames } from './support/facts/subsets.ts';
import {
  cmdlineFacts,
  dateFacts,
  dnsFacts,
  envFacts,
  localFacts,
  lsbFacts,
  platformFacts,
  securityFacts,
  sshKeyFacts,
  userFacts,
} from './support/facts/system.ts';
import { virtualFacts } from './support/facts/virtual.ts';
import { globTest } from './support/find/filter.ts';
import { readOf } from './support/piece.ts';

const ARGS = {
  gather_subset: {
    type: 'list',
    default: ['all'],
    doc: 'Which facts: `all`, `min`, `hardware`, `network`, `virtual` or single ones; `!` leaves out.',
    differs: 'Nothing is told of `facter`, `ohai`, `python`, capabilities, LVM, iSCSI and Fibre Channel.',
  },
  filter: { type: 'list', default: [], doc: 'Glob patterns: only facts with such names, with or without `ansible_`.' },
  fact_path: { type: 'path', default: '/etc/ansible/facts.d', doc: 'Directory of `*.fact` files of your own.' },
  gather_timeout: {
    type: 'int',
    default: 10,
    doc: 'Seconds for slow facts.',
    differs: 'Without effect: file servers are not asked for sizes, so nothing here waits.',
  },
} as const satisfies ArgSpec;

type Args = ArgsOf<typeof ARGS>;

export const setup: Module<typeof ARGS, FactTexts> = defineModule({
  name: 'setup',
  aliases: ['gather_facts'],
  summary: 'Gathers facts about the host: system, hardware, network.',
  args: ARGS,
  readOnly: true,
  validate({ gather_subset }) {
    const groups = chosenGroups(gather_subset);
    if (groups instanceof Set || !('unknown' in groups)) return undefined;
    const near = nearName(groups.unknown.replace('!', ''), subsetNames());
    return `Bad subset '${groups.unknown}' given to Ansible.${near ? ` Did you mean ${near}?` : ''}`;
  },
  touches: () => ['facts:*'],
  read(args) {
    const groups = groupsOf(args);
    const any = (...names: readonly FactGroup[]) => names.some((name) => groups.has(name));
    return readOf(
      factsPiece({
        hardware: any('memory', 'processor', 'uptime', 'dmi', 'mounts', 'devices'),
        network: groups.has('interfaces'),
        virtual: groups.has('virtualization'),
        factPath: args.fact_path,
      }),
    );
  },
  plan: () => [],
  result: (args, texts) => ({ ansible_facts: filtered(factsOf(args, texts), args.filter) }),
});

function groupsOf({ gather_subset }: Args): ReadonlySet<FactGroup> {
  const groups = chosenGroups(gather_subset);
  return groups instanceof Set ? groups : new Set();
}

function factsOf(args: Args, texts: FactTexts): JsonObject {
  const files = parseFiles(texts.files.text);
  const facts = [...groupsOf(args)].map((group) => GATHERERS[group](files, texts));
  const named = facts
    .flatMap((some) => Object.entries(some))
    .map(([name, value]) => [`ansible_${name}`, value] as const);
  return { ...Object.fromEntries(named), gather_subset: args.gather_subset, module_setup: true };
}

const GATHERERS: Readonly<Record<FactGroup, (files: FileLines, texts: FactTexts) => JsonObject>> = {
  platform: platformFacts,
  distribution: (files) => ({ ...distributionFacts(files) }),
  user: (_files, texts) => userFacts(texts),
  env: (_files, texts) => envFacts(texts),
  date_time: (_files, texts) => dateFacts(texts),
  lsb: (files) => lsbFacts(files, distributionFacts(files)),
  dns: dnsFacts,
  fips: (files, texts) => pick(securityFacts(files, marksOf(texts)), 'fips'),
  selinux: (files, texts) => pick(securityFacts(files, marksOf(texts)), 'selinux'),
  apparmor: (files, texts) => pick(securityFacts(files, marksOf(texts)), 'apparmor'),
  cmdline: cmdlineFacts,
  pkg_mgr: (files, texts) => pick(managers(files, texts), 'pkg_mgr'),
  service_mgr: (files, texts) => pick(managers(files, texts), 'service_mgr'),
  ssh_pub_keys: sshKeyFacts,
  local: (_files, texts) => localFacts(texts.local),
  loadavg: loadFacts,
  memory: memoryFacts,
  processor: (_files, texts) => processorFacts(texts.cpu.text),
  uptime: uptimeFacts,
  dmi: dmiFacts,
  mounts: (files, texts) => mountFacts(files, texts.space.text, texts.uuids.text),
  devices: (files, texts) => deviceFacts(files, texts.uuids.text),
  interfaces: networkFacts,
  virtualization: (files, texts) => virtualFacts(files, marksOf(texts), texts),
};

function managers(files: FileLines, texts: FactTexts): JsonObject {
  const init = texts.init.text.split('\n').filter(Boolean);
  return managerFacts(files, marksOf(texts), { distribution: distributionFacts(files), init });
}

function marksOf({ marks }: FactTexts): ReadonlySet<string> {
  return new Set(marks.text.split('\n'));
}

function pick(facts: JsonObject, name: string): JsonObject {
  return { [name]: facts[name] ?? null };
}

function filtered(facts: JsonObject, patterns: readonly string[]): JsonObject {
  const wanted = patterns.filter((pattern) => pattern !== '' && pattern !== '*').map(globTest);
  if (wanted.length === 0 || wanted.length < patterns.filter((pattern) => pattern !== '').length) return facts;
  const entries = Object.entries(facts).filter(([name]) => {
    const bare = name.replace(/^ansible_/, '');
    return wanted.some((test) => test(name) || test(bare));
  });
  return Object.fromEntries(entries);
}
