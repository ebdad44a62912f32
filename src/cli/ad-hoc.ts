import { matchHosts, withChanges } from '../inventory/index.ts';
import type { Connect } from '../model/connection.ts';
import type { AnyModule } from '../model/module.ts';
import type { Play } from '../model/plan.ts';
import type { Json } from '../model/value.ts';
import { compileAdHoc } from '../playbook/index.ts';
import { makeSecrets, type Secrets } from '../shared/secrets.ts';
import { connectOf } from './connect.ts';
import { limitOf, readInventory, selectHosts, tellProblems } from './inventory.ts';
import type { Io } from './io.ts';
import type { ConnectionOptions, HostOptions, OutputOptions, RunOptions } from './options.ts';
import { parseOutputs } from './outputs.ts';
import { readPasswords } from './passwords.ts';
import { planOptions } from './plan-options.ts';
import { runSession, type SessionRequest } from './session.ts';
import { makeTemplates } from './templates.ts';
import { VERSION } from './version.ts';

const INPUT = 65;

export interface AdHocCommand {
  readonly io: Io;
  readonly options: HostOptions & ConnectionOptions & RunOptions & OutputOptions;
  readonly pattern: string;
  /** For the record. */
  readonly command: string;
  /** Asked once hosts and secrets are known, before anything is dialled. @throws UsageError */
  readonly prepare: (world: AdHocWorld) => AdHocRun | Promise<AdHocRun>;
}

export interface AdHocWorld {
  readonly hosts: readonly string[];
  readonly secrets: Secrets;
}

/** What is done to every host, and how it is watched. */
export interface AdHocRun extends Pick<SessionRequest, 'text' | 'halt'> {
  readonly module: AnyModule;
  readonly args?: Readonly<Record<string, Json>>;
  readonly serial?: Play['serial'];
  readonly hostEnvironment?: (host: string) => Readonly<Record<string, string>>;
  readonly wrapConnect?: (connect: Connect) => Connect;
}

/** One module on the hosts of a pattern: inventory, passwords, plan, run. Gives the exit status. */
export async function runAdHoc({ io, options, pattern, command, prepare }: AdHocCommand): Promise<number> {
  parseOutputs(options.output);
  const secrets = makeSecrets();
  const passwords = await readPasswords(io, options, secrets);
  const { inventory, problems } = await readInventory({ io, options, playbookDirs: [io.cwd] });
  if (tellProblems(io, problems)) return INPUT;
  const hosts = selectHosts({ io, options, inventory, hosts: matchHosts(inventory, pattern) });
  const { module, args, serial, hostEnvironment, wrapConnect, ...watching } = await prepare({ hosts, secrets });
  const limit = limitOf({ io, options, inventory });
  const { plan, problems: wrong } = compileAdHoc({
    module: module.name,
    name: command,
    args: args ?? '',
    pattern,
    registry: new Map([[module.name, module]]),
    engine: makeTemplates(io, { playbookDir: io.cwd, lookups: true, vaultPasswords: [], secrets }).engine,
    inventory,
    matchHosts,
    withChanges,
    options: planOptions(io, options, passwords),
    secrets,
    version: VERSION,
    ...(limit ? { limit } : {}),
    ...(serial ? { serial } : {}),
    ...(hostEnvironment ? { hostEnvironment } : {}),
  });
  if (tellProblems(io, wrong) || !plan) return INPUT;
  const connect = await connectOf(io, options, secrets);
  return await runSession({
    io,
    options,
    plan,
    inventory,
    connect: wrapConnect ? wrapConnect(connect) : connect,
    secrets,
    command,
    hosts,
    adHoc: true,
    ...watching,
  });
}
