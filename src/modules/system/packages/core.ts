import type { StepOutput } from '../../../model/change.ts';
import type { Decision, PlanContext, ReadOutput, Resource, StateRead } from '../../../model/module.ts';
import type { JsonObject } from '../../../model/value.ts';
import { type Script, sh } from '../../../shared/sh.ts';
import { parseSections, sectionScript } from '../sections.ts';
import { planApt } from './apt-plan.ts';
import { type AptState, aptReadScript, parseApt } from './apt-read.ts';
import { isUpdate } from './apt-update.ts';
import { detectScript } from './detect.ts';
import type { Manager, PackageRequest, RpmManager } from './request.ts';
import { planRpm } from './rpm-plan.ts';
import { parseRpm, type RpmState, rpmReadScript } from './rpm-read.ts';
import { describeMoved, movedIn, printedBy } from './transaction.ts';

export type PackageState =
  | { readonly manager: 'apt'; readonly apt: AptState }
  | { readonly manager: RpmManager; readonly rpm: RpmState }
  | { readonly manager: 'other'; readonly name: string };

/** Maintainer scripts make users, units and files: a transaction may change any of them. */
export function packageTouches(request: PackageRequest): readonly Resource[] {
  const names = request.names.map((name) => `pkg:${name.split(/[=<> ]/, 1)[0] ?? name}` as const);
  return [...names, 'pkg:*', 'unit:*', 'file:*', 'user:*', 'group:*'];
}

export function readPackages(request: PackageRequest): {
  readonly script: Script;
  parse(out: ReadOutput): StateRead<PackageState>;
} {
  return {
    script: sectionScript(detectScript(request), sh`kp_say manager "$kp_manager"`, branches(request)),
    parse: (out) => ({ now: stateOf(request, out) }),
  };
}

function branches(request: PackageRequest): Script {
  const apt = sh`${{ script: aptReadScript(request) }}`;
  const rpm = sh`${{ script: rpmReadScript(request) }}`;
  if (request.manager === 'apt')
    return sh`if [ "$kp_manager" = apt ]; then
${{ script: apt }}
fi`;
  if (request.manager === 'rpm')
    return sh`if [ "$kp_manager" != none ]; then
${{ script: rpm }}
fi`;
  return sh`case $kp_manager in
apt)
${{ script: apt }} ;;
dnf5|dnf|yum)
${{ script: rpm }} ;;
esac`;
}

function stateOf(request: PackageRequest, out: ReadOutput): PackageState {
  const sections = parseSections(out.stdout);
  const manager = sections.say('manager') as Manager | 'none';
  if (manager === 'apt') return { manager, apt: parseApt(sections) };
  if (manager === 'dnf5' || manager === 'dnf' || manager === 'yum') {
    return { manager, rpm: parseRpm(sections, request.names.filter((name) => name !== '*').length) };
  }
  return { manager: 'other', name: manager };
}

export function planPackages(request: PackageRequest, state: PackageState, context: PlanContext): Decision {
  if (state.manager === 'apt') return planApt(request, state.apt, context);
  if (state.manager !== 'other') return planRpm(request, { manager: state.manager, state: state.rpm }, context);
  if (state.name !== 'none' && state.name !== '') {
    return { failed: `this host uses ${state.name}; kprep installs packages with apt, dnf and yum` };
  }
  const wanted =
    request.backend ??
    (request.manager === 'apt' ? 'apt-get' : request.manager === 'rpm' ? 'dnf or yum' : 'apt-get, dnf or yum');
  return { failed: `this host has no ${wanted}`, remedy: 'use `package`, which takes what the host has' };
}

/** Ansible's return values, and what the package database says came and went. */
export function packageResult(state: PackageState, outputs: readonly StepOutput[]): JsonObject {
  const moved = outputs.flatMap(movedIn);
  const ran = outputs.filter((output) => !isUpdate(output.change));
  const updated = outputs.find((output) => isUpdate(output.change));
  const lines = moved.map(describeMoved);
  return {
    ...(state.manager === 'apt'
      ? {
          cache_updated: updated !== undefined,
          cache_update_time: updated ? Math.floor(updated.endedAt / 1000) : state.apt.listsTime,
        }
      : { rc: ran.at(-1)?.status ?? 0, results: lines }),
    ...(ran.length > 0
      ? { stdout: ran.map(printedBy).join(''), stderr: ran.map((one) => one.stderr.toString('utf8')).join('') }
      : {}),
    transaction: lines,
  };
}
