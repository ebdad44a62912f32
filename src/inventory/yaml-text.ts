import type { YamlFile } from '../shared/yaml/node.ts';
import { parseYaml } from '../shared/yaml/parse.ts';
import { parseJson } from './json.ts';
import { parsePlainYaml } from './plain-yaml.ts';

/** As Ansible loads a file: JSON where it is JSON (then `1e3` is a number), else YAML, whose problems are told. */
export function parseText(text: string, file: string): YamlFile {
  if (/^\ufeff?\s*[[{]/.test(text)) {
    const json = parseJson(text, file);
    if (json.root || file.endsWith('.json')) return json;
  }
  const plain = parsePlainYaml(text, file);
  return plain ? { root: plain, problems: [] } : parseYaml(text, file);
}
