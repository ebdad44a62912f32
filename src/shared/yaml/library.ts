import { createRequire } from 'node:module';

type Yaml = typeof import('yaml');

const require = createRequire(import.meta.url);

/** The package `yaml`, loaded when the first text is parsed: its seventy files cost as much as Node's own start. */
export function loadYaml(): Yaml {
  return require('yaml') as Yaml;
}

export const isAlias: Yaml['isAlias'] = ((node: unknown) => loadYaml().isAlias(node)) as Yaml['isAlias'];
export const isMap: Yaml['isMap'] = ((node: unknown) => loadYaml().isMap(node)) as Yaml['isMap'];
export const isScalar: Yaml['isScalar'] = ((node: unknown) => loadYaml().isScalar(node)) as Yaml['isScalar'];
export const isSeq: Yaml['isSeq'] = ((node: unknown) => loadYaml().isSeq(node)) as Yaml['isSeq'];
