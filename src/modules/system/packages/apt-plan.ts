import type { Change, RunChange } from '../../../model/change.ts';
import type { PlanContext, Refusal } from '../../../model/module.ts';
import { nearName } from '../../../shared/problem.ts';
import { type Script, sh } from '../../../shared/sh.ts';
import { type AptSpec, type AptState, aptCommand, aptSpec, removeWords } from './apt-read.ts';
import { type AptAction, describeActions, diffOfActions } from './apt-simulation.ts';
import { isUpdate, updateApt } from './apt-update.ts';
import { explainPackages } from './explain.ts';
import type { PackageRequest } from './request.ts';
import { keepHolds, transaction } from './transaction.ts';

/** What apt has to do, from what is installed and what apt itself says it would do. */
export function planApt(request: PackageRequest, state: AptState, context: PlanContext): readonly Change[] | Refusal {
  const updated = context.done.some((output) => isUpdate(output.change));
  const stale = isStale(request, state) && !updated;
  const open = state.missing.length > 0 || state.simulated !== undefined;
  const update = stale ? [updateApt(request, open || isAlone(request))] : [];
  if (stale && open && !context.check) return [...update, REREAD];
  const main = request.state === 'absent' ? planRemoval(request, state) : planInstall(request, state, stale);
  if ('failed' in main) return main;
  return [...update, ...main, ...planTidy(request, state)];
}

const REREAD: Change = {
  kind: 'reread',
  summary: 'look again, with the new package lists',
  killable: true,
  undo: 'none',
};

/** The update is all that is asked: then it is a change, as Ansible has it. */
function isAlone(request: PackageRequest): boolean {
  return request.names.length === 0 && request.apt.deb === undefined && request.apt.upgrade === 'no';
}

function isStale(request: PackageRequest, state: AptState): boolean {
  if (!request.updateCache) return false;
  return request.cacheValidTime <= 0 || state.listsTime + request.cacheValidTime < state.clock;
}

function planInstall(request: PackageRequest, state: AptState, stale: boolean): readonly Change[] | Refusal {
  const { deb } = request.apt;
  if (deb !== undefined && !deb.startsWith('/')) return [installFromUrl(request, deb)];
  if (deb !== undefined && state.deb === undefined) return { failed: `there is no package file ${deb} on this host` };
  const sim = state.simulated;
  if (sim === undefined) return [];
  const named = request.names.filter((name) => name !== '*').map(aptSpec);
  const specs = request.state === 'present' ? named.filter((spec) => state.missing.includes(spec.given)) : named;
  if (sim.status !== 0) {
    if (stale)
      return [
        install(request, specs, [], `install ${state.missing.join(', ')}, which the new package lists must bring`),
      ];
    return refuse(request, state);
  }
  if (state.old.length > 0 && !stale) return { failed: `no repository has ${state.old.join(', ')}` };
  if (sim.actions.length === 0 && !/^Conf /m.test(sim.text)) return [];
  const asked = new Set(specs.map((spec) => spec.name));
  const summary = sim.actions.length === 0 ? 'finish setting up packages' : describeActions(sim.actions, asked);
  return [install(request, specs, sim.actions, summary)];
}

function refuse(request: PackageRequest, state: AptState): Refusal {
  const text = state.simulated?.text ?? '';
  const known = explainPackages(text, request.lockTimeout);
  const name = /Unable to locate package (\S+)/.exec(text)?.[1];
  const near = name === undefined ? undefined : nearName(name, state.near);
  const last = text
    .split('\n')
    .filter((line) => /^E: /.test(line))
    .at(-1)
    ?.slice(3);
  return {
    failed: known?.message ?? `apt would fail: ${last ?? `status ${state.simulated?.status}`}`,
    ...(near ? { remedy: `did you mean ${near}?` } : known?.remedy ? { remedy: known.remedy } : {}),
    result: { stderr: text.split('\n').slice(-40).join('\n') },
  };
}

function install(
  request: PackageRequest,
  specs: readonly AptSpec[],
  actions: readonly AptAction[],
  summary: string,
): RunChange {
  return transaction(request, {
    manager: 'apt',
    summary,
    body: withPolicy(request, sh`kp_try apt-get -y -q ${waiting(request)} ${aptCommand(request, specs) ?? []}`),
    undo: takeBack(request, actions),
    ...diffOfActions(actions),
  });
}

/** No terminal for dpkg: its lines then end as lines do. Apt waits by itself since 1.9.11; older ones ignore the option. */
function waiting(request: PackageRequest): readonly string[] {
  return ['-o', 'Dpkg::Use-Pty=0', '-o', `DPkg::Lock::Timeout=${request.lockTimeout}`];
}

/** A policy-rc.d that lasts as long as the transaction: maintainer scripts then start no services (status 101). */
function withPolicy(request: PackageRequest, command: Script): Script {
  const status = request.apt.policyRcD;
  if (status === undefined)
    return request.apt.flags.includes('--allow-change-held-packages') ? keepHolds(command) : command;
  return sh`kp_policy=/usr/sbin/policy-rc.d
[ ! -e "$kp_policy" ] || cp -p "$kp_policy" "$kp_dir/policy" || return 1
printf '#!/bin/sh\nexit %s\n' ${status} > "$kp_policy" && chmod 755 "$kp_policy"
trap 'if [ -e "$kp_dir/policy" ]; then cp -p "$kp_dir/policy" /usr/sbin/policy-rc.d; else rm -f /usr/sbin/policy-rc.d; fi; rm -rf "$kp_dir"' EXIT
${{ script: keepHolds(command) }}`;
}

/** The inverse in one transaction: new ones go, old versions come back. */
function takeBack(request: PackageRequest, actions: readonly AptAction[]): RunChange | 'none' {
  if (actions.length === 0) return 'none';
  const words = actions.map((one) => (one.from === undefined ? `${one.name}-` : `${one.name}=${one.from}`));
  const back = actions.map(({ name, from, to }) => ({
    name,
    ...(to ? { from: to } : {}),
    ...(from ? { to: from } : {}),
  }));
  return transaction(request, {
    manager: 'apt',
    summary: `take back: ${describeActions(back, new Set())}`,
    body: keepHolds(
      sh`kp_try apt-get -y -q ${waiting(request)} --allow-downgrades --allow-change-held-packages install -- ${words}`,
    ),
    undo: 'none',
    ...diffOfActions(back),
  });
}

function planRemoval(request: PackageRequest, state: AptState): readonly Change[] | Refusal {
  const there = state.installed.filter((row) =>
    row.status === 'config-files' ? request.apt.purge : row.status !== 'not-installed' && row.status !== '',
  );
  const rows = there.filter((row) => versionAsked(request, row.name, row.version));
  if (rows.length === 0) return [];
  const sim = state.simulated;
  if (sim && sim.status !== 0) return refuse(request, state);
  const known = rows.map((row) => ({ name: row.name, from: row.version }));
  const actions = [...known, ...(sim?.actions ?? []).filter((one) => !known.some((row) => row.name === one.name))];
  const words = rows.map((row) => (row.arch === 'all' ? row.name : `${row.name}:${row.arch}`));
  const removed = describeActions(actions, new Set(known.map((row) => row.name)));
  return [
    transaction(request, {
      manager: 'apt',
      summary: request.apt.purge ? removed.replace(/^remove/, 'purge') : removed,
      body: withPolicy(request, sh`kp_try apt-get -y -q ${waiting(request)} ${removeWords(request)} ${words}`),
      undo: request.apt.purge ? 'none' : takeBack(request, actions),
      ...diffOfActions(actions),
    }),
  ];
}

/** `kubelet=1.35.0-1.1` with state absent removes that version only. */
function versionAsked(request: PackageRequest, name: string, version: string): boolean {
  const spec = request.names.map(aptSpec).find((one) => one.name.replace(/:.*$/, '') === name);
  return spec?.op !== '=' || spec.version === version;
}

function installFromUrl(request: PackageRequest, url: string): RunChange {
  return transaction(request, {
    manager: 'apt',
    summary: `install the package at ${url}`,
    body: sh`if command -v curl >/dev/null 2>&1; then curl -fsSL -o "$kp_dir/package.deb" -- ${url}
elif command -v wget >/dev/null 2>&1; then wget -q -O "$kp_dir/package.deb" -- ${url}
else echo 'neither curl nor wget is here: bring the file with get_url or copy and give its path' >&2; return 1; fi || return $?
chmod 755 "$kp_dir"; chmod 644 "$kp_dir/package.deb"
kp_name=$(dpkg-deb -f "$kp_dir/package.deb" Package) || return 1
[ "$(dpkg-query -W -f '\${db:Status-Status} \${Version}' -- "$kp_name" 2>/dev/null)" != "installed $(dpkg-deb -f "$kp_dir/package.deb" Version)" ] || return 0
kp_try apt-get -y -q ${waiting(request)} ${request.apt.flags} install -- "$kp_dir/package.deb"`,
    undo: 'none',
  });
}

function planTidy(request: PackageRequest, state: AptState): readonly Change[] {
  const tidy: Change[] = [];
  if (request.apt.clean && state.cached > 0) tidy.push(tidying('empty the package cache', 'clean'));
  if (request.apt.autoclean)
    tidy.push({
      ...tidying('drop packages from the cache that cannot be fetched any more', 'autoclean'),
      changed: (output) => /^Del /m.test(output.stdout.toString('utf8')),
    });
  return tidy;
}

function tidying(summary: string, verb: string): RunChange {
  return { kind: 'run', summary, script: sh`apt-get -y ${verb}`, killable: true, undo: 'none' };
}
