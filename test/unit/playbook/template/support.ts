import type { Lookup, LookupHost } from '../../../../src/model/template.ts';
import type { Value } from '../../../../src/model/value.ts';
import { makeTemplateEngine, type TemplateEngineOptions } from '../../../../src/playbook/template/index.ts';

export const AT = { file: 'site.yml', line: 12, column: 7 };

export function lookupOf(vars: Readonly<Record<string, Value>>): Lookup {
  return {
    get: (name) => (Object.hasOwn(vars, name) ? vars[name] : undefined),
    has: (name) => Object.hasOwn(vars, name),
    names: () => Object.keys(vars),
  };
}

/** The one door: a template's value. */
export function evaluate(
  text: string,
  vars: Readonly<Record<string, Value>> = {},
  options: TemplateEngineOptions = {},
): Value {
  return makeTemplateEngine(options).compile(text, AT).evaluate(lookupOf(vars));
}

export const HOST: LookupHost = {
  env: (name) => (name === 'HOME' ? '/home/me' : undefined),
  readFile: (path) => {
    if (path === 'key.pub') return 'ssh-ed25519 AAAA\n\n';
    throw new Error(`no such file: ${path}`);
  },
  findFile: (path) => (path === 'b.conf' ? '/play/files/b.conf' : undefined),
  glob: (pattern) => (pattern === '*.conf' ? ['/play/files/a.conf', '/play/files/b.conf'] : []),
  pipe: (command) => `ran ${command}`,
  now: () => Date.UTC(2024, 0, 2, 3, 4, 5),
  random: () => 0.5,
};
