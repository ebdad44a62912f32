import { matchHosts, withChanges } from '../../inventory/index.ts';
import { registry } from '../../modules/index.ts';
import { compileAdHoc } from '../../playbook/index.ts';
import { makeSecrets } from '../../shared/secrets.ts';
import { connectOf } from '../connect.ts';
import { limitOf, readInventory, selectHosts, tellProblems } from '../inventory.ts';
import type { ConnectionOptions, HostOptions, OutputOptions, RunOptions } from '../options.ts';
import { parseOutputs } from '../outputs.ts';
import { readPasswords } from '../passwords.ts';
import { planOptions } from '../plan-options.ts';
import { runSession } from '../session.ts';
import { makeTemplates } from '../templates.ts';
import { VERSION } from '../version.ts';
import { type Invocation, UsageError } from './command.ts';

type Given = HostOptions & ConnectionOptions & RunOptions & OutputOptions;

const INPUT = 65;

/** `kprep exec PATTERN -- CMD…` word by word, or `kprep exec PATTERN 'one shell string'`: a plan of one task. */
export async function execCommand({ io, options, words, after }: Invocation): Promise<number> {
  const given = options as Given;
  const { pattern, task } = whatToRun(words, after);
  parseOutputs(given.output);
  const secrets = makeSecrets();
  const passwords = await readPasswords(io, given, secrets);
  const { inventory, problems } = await readInventory({ io, options: given, playbookDirs: [io.cwd] });
  if (tellProblems(io, problems)) return INPUT;
  const hosts = selectHosts({ io, options: given, inventory, hosts: matchHosts(inventory, pattern) });
  const limit = limitOf({ io, options: given, inventory });
  const { plan, problems: wrong } = compileAdHoc({
    ...task,
    pattern,
    registry,
    engine: makeTemplates(io, { playbookDir: io.cwd, lookups: true, vaultPasswords: [], secrets }).engine,
    inventory,
    matchHosts,
    withChanges,
    options: planOptions(io, given, passwords),
    secrets,
    version: VERSION,
    ...(limit ? { limit } : {}),
  });
  if (tellProblems(io, wrong) || !plan) return INPUT;
  return await runSession({
    io,
    options: given,
    plan,
    inventory,
    connect: await connectOf(io, given, secrets),
    secrets,
    command: 'exec',
    hosts,
    adHoc: true,
  });
}

function whatToRun(words: readonly string[], after: readonly string[] | undefined) {
  const [pattern, ...rest] = words;
  if (pattern === undefined)
    throw new UsageError('no host pattern is given', 'kprep exec PATTERN -i INVENTORY -- CMD…');
  if (after !== undefined) {
    if (rest.length > 0) throw new UsageError('the command stands behind "--", or is one quoted word, not both');
    if (after.length === 0) throw new UsageError('no command is given behind "--"');
    return { pattern, task: { module: 'command', args: { argv: [...after] } } };
  }
  if (rest.length === 0) throw new UsageError('no command is given', 'kprep exec PATTERN -i INVENTORY -- CMD…');
  if (rest.length > 1) {
    throw new UsageError(
      'several words: is that one shell command or a list of words?',
      'write PATTERN -- CMD ARG…, or quote it as one word',
    );
  }
  return { pattern, task: { module: 'shell', args: { cmd: rest[0] ?? '' } } };
}
