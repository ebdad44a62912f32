import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { matchHosts, withChanges } from '../../inventory/index.ts';
import { registry } from '../../modules/index.ts';
import { compilePlaybooks } from '../../playbook/index.ts';
import { KprepError } from '../../shared/errors.ts';
import { makeSecrets } from '../../shared/secrets.ts';
import { printable } from '../../shared/text.ts';
import { type AnsibleCfg, readAnsibleCfg } from '../ansible-cfg.ts';
import { connectOf } from '../connect.ts';
import { readExtraVars } from '../extra-vars.ts';
import { limitOf, readInventory, tellProblems } from '../inventory.ts';
import type { Io } from '../io.ts';
import { listing } from '../listing.ts';
import type { ConnectionOptions, HostOptions, OutputOptions, PlaybookOptions, RunOptions } from '../options.ts';
import { parseOutputs } from '../outputs.ts';
import { readPasswords, readVaultPasswords } from '../passwords.ts';
import { planOptions } from '../plan-options.ts';
import { runSession } from '../session.ts';
import { makeTemplates } from '../templates.ts';
import { askVariable } from '../vars-prompt.ts';
import { VERSION } from '../version.ts';
import { type Invocation, UsageError } from './command.ts';

type Given = HostOptions & ConnectionOptions & RunOptions & PlaybookOptions & OutputOptions;

const INPUT = 65;

/** `kprep run PLAYBOOK…`: everything is read and every problem told before a host is dialled. */
export async function runCommand({ io, options, words, after }: Invocation): Promise<number> {
  const given = options as Given;
  if (words.length === 0) throw new UsageError('no playbook is given', 'kprep run PLAYBOOK -i INVENTORY');
  if (after) throw new UsageError('kprep run takes no "--"');
  parseOutputs(given.output);
  const playbooks = words.map((word) => playbookAt(io, word));
  const cfg = readAnsibleCfg(dirname(playbooks[0] ?? io.cwd));
  for (const warning of cfg.warnings) io.stderr.write(`kprep: warning: ${printable(warning)}\n`);
  const prepared = await compile(io, obeying(given, cfg), { playbooks, rolesPath: cfg.rolesPath });
  const { plan, problems } = prepared.compiled;
  const all = [...prepared.problems, ...problems];
  if (tellProblems(io, all, prepared.secrets) || !plan) return INPUT;
  const listed = listing(prepared.compiled.summary, given);
  if (listed !== undefined) {
    io.stdout.write(listed);
    return 0;
  }
  const hosts = [...new Set(prepared.compiled.summary.plays.flatMap((play) => play.hosts))];
  if (hosts.length === 0 && !given['allow-empty']) {
    throw new KprepError('task', 'no host matches the plays', {
      remedy: 'see kprep hosts all -i …, or use --allow-empty',
    });
  }
  return await runSession({
    io,
    options: given,
    plan,
    inventory: prepared.inventory,
    connect: await connectOf(io, given, prepared.secrets),
    secrets: prepared.secrets,
    command: `run ${words.join(' ')}`,
    hosts,
    adHoc: false,
  });
}

/** The command line and its environment win over an `ansible.cfg`. */
function obeying(given: Given, cfg: AnsibleCfg): Given {
  return {
    ...given,
    ...(given.inventory === undefined && cfg.inventory.length > 0 ? { inventory: cfg.inventory } : {}),
    ...(given.user === undefined && cfg.remoteUser !== undefined ? { user: cfg.remoteUser } : {}),
  };
}

interface What {
  readonly playbooks: readonly string[];
  readonly rolesPath: readonly string[];
}

async function compile(io: Io, given: Given, { playbooks, rolesPath }: What) {
  const secrets = makeSecrets();
  const vaultPasswords = await readVaultPasswords(io, given, secrets);
  const listingOnly = isListing(given);
  const passwords = listingOnly ? {} : await readPasswords(io, given, secrets);
  const extra = readExtraVars(given['extra-vars'], io.cwd);
  const playbookDir = dirname(playbooks[0] ?? io.cwd);
  const templates = makeTemplates(io, { playbookDir, lookups: !given['syntax-check'], vaultPasswords, secrets });
  const { inventory, problems } = await readInventory({
    io,
    options: given,
    playbookDirs: [...new Set(playbooks.map((path) => dirname(path)))],
    decrypt: templates.decrypt,
  });
  const limit = limitOf({ io, options: given, inventory });
  const compiled = await compilePlaybooks({
    playbooks,
    rolesPath,
    registry,
    engine: templates.engine,
    inventory,
    matchHosts,
    withChanges,
    extraVars: extra.vars,
    options: planOptions(io, given, passwords),
    vaultPasswords,
    secrets,
    version: VERSION,
    tags: commaList(given.tags),
    skipTags: commaList(given['skip-tags']),
    ...(limit ? { limit, limitText: given.limit?.join(':') ?? '' } : {}),
    ...(given['start-at-task'] === undefined ? {} : { startAt: given['start-at-task'] }),
    ...(listingOnly ? {} : { ask: (prompt) => askVariable(io, prompt, secrets) }),
  });
  return { compiled, inventory, secrets, problems: [...problems, ...extra.problems] };
}

function isListing(given: Given): boolean {
  return Boolean(given['list-hosts'] || given['list-tasks'] || given['list-tags'] || given['syntax-check']);
}

function commaList(given: readonly string[] | undefined): readonly string[] {
  return (given ?? []).flatMap((text) => text.split(',')).map((tag) => tag.trim());
}

/** A playbook that is not found here, but shipped, is the shipped one; that is said. */
function playbookAt(io: Io, word: string): string {
  const path = resolve(io.cwd, word);
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
  const shipped = join(io.packageDir, 'playbooks', word.replace(/^playbooks\//, ''));
  if (!word.startsWith('/') && !word.includes('..') && statSync(shipped, { throwIfNoEntry: false })?.isFile()) {
    io.stderr.write(`kprep: there is no ${word} here: running the one that comes with kprep (${shipped})\n`);
    return shipped;
  }
  return path;
}
