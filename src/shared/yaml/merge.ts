import type { YamlMapping, YamlNode } from './node.ts';

type Entry = YamlMapping['entries'][number];

/** The entries that `<<: value` brings, those that count last: a list's earlier mappings win over its later ones. */
export function mergeEntries(value: YamlNode, refuse: (message: string) => readonly Entry[]): readonly Entry[] {
  if (value.kind === 'mapping') return value.entries;
  if (value.kind === 'sequence' && value.items.every((item) => item.kind === 'mapping')) {
    return [...value.items].reverse().flatMap((item) => (item.kind === 'mapping' ? item.entries : []));
  }
  return refuse('<< takes a mapping or a list of mappings');
}
