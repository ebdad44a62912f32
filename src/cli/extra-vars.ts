import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isMapping, isTemplate, TemplateText, type Value, type Vars } from '../model/value.ts';
import { toValue } from '../model/yaml-value.ts';
import { parseKv } from '../playbook/index.ts';
import type { Problem } from '../shared/problem.ts';
import { parseYaml } from '../shared/yaml/parse.ts';

export interface ExtraVars {
  readonly vars: Vars;
  readonly problems: readonly Problem[];
}

/** `-e`: `@file`, a YAML or JSON mapping, or `k=v …` (whose values stay text, as in Ansible). The later wins. */
export function readExtraVars(given: readonly string[] | undefined, cwd: string): ExtraVars {
  const vars: Record<string, Value> = {};
  const problems: Problem[] = [];
  for (const text of given ?? []) {
    if (text.startsWith('@')) takeFile(resolve(cwd, text.slice(1)), vars, problems);
    else if (/^\s*[[{]/.test(text)) takeYaml(text, '--extra-vars', vars, problems);
    else takePairs(text, vars, problems);
  }
  return { vars, problems };
}

function takeFile(path: string, vars: Record<string, Value>, problems: Problem[]): void {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    problems.push({ level: 'error', message: `--extra-vars: cannot read ${path}: ${(error as Error).message}` });
    return;
  }
  takeYaml(text, path, vars, problems);
}

function takeYaml(text: string, file: string, vars: Record<string, Value>, problems: Problem[]): void {
  const { root, problems: found } = parseYaml(text, file);
  problems.push(...found);
  const value = root ? toValue(root) : {};
  if (isMapping(value)) Object.assign(vars, value);
  else problems.push({ level: 'error', message: `${file}: a mapping of variables is wanted` });
}

function takePairs(text: string, vars: Record<string, Value>, problems: Problem[]): void {
  const { options, raw } = parseKv(text);
  if (raw !== undefined) {
    problems.push({
      level: 'error',
      message: `--extra-vars: ${raw} is not name=value`,
      hint: 'quote blanks: -e \'name="a b"\'',
    });
  }
  for (const [name, value] of Object.entries(options)) vars[name] = isTemplate(value) ? new TemplateText(value) : value;
}
