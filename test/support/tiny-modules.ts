import { contentOf } from '../../src/model/content.ts';
import { type AnyAction, type AnyModule, defineAction, defineModule } from '../../src/model/module.ts';
import { sh } from '../../src/shared/sh.ts';

/** Makes a file hold a text: one read, one put. */
export const text: AnyModule = defineModule({
  name: 'text',
  summary: 'A file holds a text.',
  args: {
    path: { type: 'path', required: true, doc: 'The file.' },
    text: { type: 'str', required: true, doc: 'What it holds.' },
    refuse: { type: 'bool', default: false, doc: 'Refuse when the file is missing.' },
  },
  touches: (args) => [`file:${args.path}`],
  read: (args) => ({
    script: sh`[ ! -e ${args.path} ] || { printf 'there\n'; cat ${args.path}; }`,
    parse: (out) => {
      const printed = out.stdout.toString('utf8');
      return { now: printed.startsWith('there\n') ? printed.slice(6) : undefined };
    },
  }),
  plan: (args, now: string | undefined) => {
    if (now === undefined && args.refuse) return { failed: `${args.path} is missing` };
    if (now === args.text) return [];
    return [
      {
        kind: 'put',
        summary: `write ${args.path}`,
        path: args.path,
        content: contentOf(args.text),
        backup: false,
        follow: true,
        killable: false,
        diff: { before: now ?? '', after: args.text, afterHeader: args.path },
        undo:
          now === undefined
            ? { kind: 'run', summary: `remove ${args.path}`, script: sh`rm ${args.path}`, killable: true, undo: 'none' }
            : {
                kind: 'put',
                summary: `write ${args.path} back`,
                path: args.path,
                content: contentOf(now),
                backup: false,
                follow: true,
                killable: false,
                undo: 'none',
              },
      },
    ];
  },
  result: (args) => ({ path: args.path }),
});

/** An operator's own command. */
export const shell: AnyModule = defineModule({
  name: 'shell',
  summary: 'Runs a command.',
  args: {
    cmd: { type: 'str', required: true, doc: 'The command.' },
    creates: { type: 'path', doc: 'Skip when it exists.' },
    chdir: { type: 'path', doc: 'Where.' },
  },
  supportsCheck: false,
  touches: () => 'anything',
  read: (args) => ({
    script: args.creates === undefined ? sh`` : sh`[ ! -e ${args.creates} ] || echo there`,
    parse: (out) => ({ now: out.stdout.length > 0 }),
  }),
  plan: (args, exists) => {
    if (exists) return { skipped: `${args.creates} exists`, result: { rc: 0 } };
    return [
      {
        kind: 'command',
        summary: `run ${args.cmd}`,
        command: { shell: args.cmd },
        killable: true,
        undo: 'none',
        ...(args.chdir === undefined ? {} : { chdir: args.chdir }),
      },
    ];
  },
});

/** Only reads. */
export const stat: AnyModule = defineModule({
  name: 'stat',
  summary: 'Whether a file exists, and what it holds.',
  args: { path: { type: 'path', required: true, doc: 'The file.' } },
  readOnly: true,
  touches: (args) => [`file:${args.path}`],
  read: (args) => ({
    script: sh`[ ! -e ${args.path} ] || { echo there; cat ${args.path}; }`,
    parse: (out) => ({ now: out.stdout.toString('utf8') }),
  }),
  plan: () => [],
  result: (_, now) => ({ exists: now !== '', content: now.replace('there\n', '') }),
});

/** Facts, as `setup` returns them. */
export const facts: AnyModule = defineModule({
  name: 'setup',
  summary: 'Facts.',
  args: {},
  readOnly: true,
  touches: () => [],
  read: () => ({ script: sh`echo Debian`, parse: (out) => ({ now: out.stdout.toString('utf8').trim() }) }),
  plan: () => [],
  result: (_, now) => ({ ansible_facts: { ansible_os_family: now } }),
});

/** Throws where it must not. */
export const broken: AnyModule = defineModule({
  name: 'broken',
  summary: 'A module with a bug.',
  args: {},
  touches: () => [],
  read: () => ({ script: sh`echo`, parse: () => ({ now: undefined }) }),
  plan: () => {
    throw new TypeError('cannot read properties of undefined');
  },
});

export const setFact: AnyAction = defineAction({
  name: 'set_fact',
  summary: 'Variables.',
  args: {},
  anyArgs: true,
  run: (_, all) => ({ facts: all, result: { ansible_facts: JSON.parse(JSON.stringify(all)) } }),
});

export const debug: AnyAction = defineAction({
  name: 'debug',
  summary: 'Shows.',
  args: { msg: { type: 'any', default: 'Hello world!', doc: 'What.' } },
  run: (args) => ({ show: args.msg, result: { msg: args.msg } }),
});

export const fail: AnyAction = defineAction({
  name: 'fail',
  summary: 'Fails.',
  args: { msg: { type: 'str', default: 'Failed as requested from task', doc: 'Why.' } },
  run: (args) => ({ failed: args.msg }),
});

export const meta: AnyAction = defineAction({
  name: 'meta',
  summary: 'Acts on the run.',
  args: { free_form: { type: 'str', required: true, doc: 'What.' } },
  run: (args) => ({ effect: { kind: args.free_form as 'end_play' } }),
});

export const addHost: AnyAction = defineAction({
  name: 'add_host',
  summary: 'A host more.',
  args: {
    name: { type: 'str', required: true, doc: 'Its name.' },
    groups: { type: 'list', default: [], doc: 'Its groups.' },
  },
  run: (args) => ({ effect: { kind: 'add_host', name: args.name, groups: args.groups as string[], vars: {} } }),
});
