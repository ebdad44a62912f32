import type { ArgSpec, ArgsOf } from '../model/args.ts';
import { plain } from '../model/coerce.ts';
import { type Action, type ActionResult, defineAction } from '../model/module.ts';
import type { Value, Vars } from '../model/value.ts';

const ARGS = {
  name: { type: 'str', required: true, aliases: ['host', 'hostname'], doc: 'The host, `name` or `name:port`.' },
  groups: { type: 'list', aliases: ['group', 'groupname'], doc: 'Groups it is in.' },
} as const satisfies ArgSpec;

export const addHost: Action<typeof ARGS> = defineAction({
  name: 'add_host',
  summary: 'Adds a host to the inventory of this run, with variables.',
  args: ARGS,
  anyArgs: true,
  validate: ({ name }) => nameProblem(splitPort(name).name),
  run,
});

const OWN = new Set(['name', 'host', 'hostname', 'groups', 'group', 'groupname', '_raw_params']);

function run({ name: given, groups = [] }: ArgsOf<typeof ARGS>, all: Vars): ActionResult {
  const { name, port } = splitPort(given);
  const problem = nameProblem(name);
  if (problem !== undefined) return { failed: problem };
  const own = Object.entries(all).filter(([key]) => !OWN.has(key));
  const vars: Record<string, Value> = {
    ...Object.fromEntries(own),
    ...(port === undefined ? {} : { ansible_port: port }),
  };
  const unique = [...new Set(groups.map((group) => group.trim()).filter((group) => group !== ''))];
  return {
    effect: { kind: 'add_host', name, groups: unique, vars },
    result: { add_host: { host_name: name, groups: unique, host_vars: plain(vars) } },
  };
}

/** `[::1]:22` and `name:22`; a bare IPv6 address has no port. */
function splitPort(text: string): { readonly name: string; readonly port?: number } {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text);
  const simple = bracketed ?? /^([^:]+):(\d+)$/.exec(text);
  if (!simple?.[1]) return { name: text };
  return { name: simple[1], ...(simple[2] === undefined ? {} : { port: Number(simple[2]) }) };
}

/** A host's name becomes part of paths and messages (DESIGN 6). */
function nameProblem(name: string): string | undefined {
  const odd = name === '' || name === '..' || name === '.' || /[/\p{Cc}\s]/u.test(name);
  return odd ? `${JSON.stringify(name)} is no name for a host` : undefined;
}
