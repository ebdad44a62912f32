import type { Identity, Shell } from '../model/connection.ts';
import type { Task } from '../model/plan.ts';
import type { Vars } from '../model/value.ts';
import { KprepError } from '../shared/errors.ts';
import type { Script } from '../shared/sh.ts';
import { isLost, type Site } from './apply/index.ts';
import { type HostContext, scopeOf } from './context.ts';
import type { Link } from './links.ts';

/** Where one step runs: on which connection, as whom, with which variables. */
export interface Workplace {
  /** The host whose connection it is: the task's own, or that of `delegate_to`. */
  readonly on: string;
  readonly identity: Identity;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeout?: number;
}

/** @throws KprepError `template`. */
export function workplace(host: HostContext, task: Task, local: Vars): Workplace {
  const own = scopeOf(host, task, local);
  const on = task.delegateTo?.(own) ?? host.host;
  // Whom to become and how to log in are the delegate's own business, as in Ansible.
  const theirs = on === host.host ? own : scopeOf(host, task, local, on);
  const seconds = task.timeout?.(own) ?? 0;
  const wait = task.async?.(own).seconds ?? 0;
  const timeout = seconds > 0 ? seconds * 1000 : wait > 0 ? wait * 1000 : host.run.request.stepTimeout;
  return {
    on,
    identity: task.identity(theirs),
    environment: task.environment(own),
    ...(timeout === undefined ? {} : { timeout }),
  };
}

/**
 * Opens the connection, where it is not open, and the shell.
 * @throws KprepError of any kind that connecting and becoming know.
 */
export async function openSite(
  host: HostContext,
  options: {
    readonly task: Task;
    readonly local: Vars;
    readonly at: Workplace;
    readonly onOutput?: NonNullable<Site['onOutput']>;
  },
): Promise<{ readonly link: Link; readonly site: Site }> {
  const { task, local, at, onOutput } = options;
  const { request, links, killed } = host.run;
  const target = request.plan.target(scopeOf(host, task, local, at.on));
  const link = await links.open(at.on, target, killed);
  const shell = await openShell(link, at.identity);
  const site: Site = {
    shell,
    environment: at.environment,
    signal: killed,
    now: () => request.clock.now(),
    ...(at.timeout === undefined ? {} : { timeout: at.timeout }),
    ...(at.identity.method === 'none' ? { exec: (command, how) => link.connection.exec(command, how) } : {}),
    ...(onOutput ? { onOutput } : {}),
  };
  return { link, site };
}

async function openShell(link: Link, identity: Identity): Promise<Shell> {
  try {
    return await link.shell(identity);
  } catch (error) {
    if (!isLost(error)) throw error;
    link.told = true;
    throw new KprepError('unreachable', 'the connection was lost before this task changed anything', { cause: error });
  }
}

/** All that decides what a read answers, besides the host's state. */
export function questionOf(at: Workplace, script: Script): string {
  return JSON.stringify([at.identity, at.environment, script]);
}
