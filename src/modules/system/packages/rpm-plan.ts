import type { Change, RunChange } from '../../../model/change.ts';
import type { PlanContext, Refusal } from '../../../model/module.ts';
import { type Script, sh } from '../../../shared/sh.ts';
import { explainPackages } from './explain.ts';
import { lockScript } from './lock.ts';
import type { PackageRequest, RpmManager } from './request.ts';
import { rpmFlags } from './rpm-flags.ts';
import { answering, hasNewer, type RpmRow, type RpmSpec, type RpmState, rpmSpec } from './rpm-read.ts';
import { transaction } from './transaction.ts';

interface Task {
  readonly request: PackageRequest;
  readonly manager: RpmManager;
  readonly state: RpmState;
  readonly specs: readonly RpmSpec[];
}

/** What dnf or yum has to do, from what rpm says is installed. */
export function planRpm(
  request: PackageRequest,
  read: { readonly manager: RpmManager; readonly state: RpmState },
  context: PlanContext,
): readonly Change[] | Refusal {
  const task: Task = { request, ...read, specs: request.names.filter((name) => name !== '*').map(rpmSpec) };
  const impossible = task.manager === 'dnf5' || task.manager === 'dnf' ? undefined : yumCannot(request);
  if (impossible) return { failed: impossible };
  const main = mainChanges(task, context);
  if (main.length > 0 || !request.updateCache) return main;
  return [makeCache(task)];
}

function yumCannot(request: PackageRequest): string | undefined {
  if (request.rpm.allowErasing) return 'yum 3 has no allowerasing; it is an option of dnf';
  if (request.rpm.nobest) return 'yum 3 has no nobest; it is an option of dnf';
  return undefined;
}

function mainChanges(task: Task, context: PlanContext): readonly Change[] {
  const { request } = task;
  if (request.names.includes('*') && request.state === 'latest') return upgradeAll(task, context);
  if (request.names.length === 0)
    return request.autoremove ? [run(task, 'remove what nothing needs any more', sh`autoremove`, 'none')] : [];
  if (request.state === 'absent') return planRemoval(task);
  return planInstall(task, context);
}

function planInstall(task: Task, context: PlanContext): readonly Change[] {
  const { request, specs, state } = task;
  const missing: RpmSpec[] = [];
  const present: RpmSpec[] = [];
  for (const [index, spec] of specs.entries()) {
    const answered = answering(spec, state.answers[index] ?? []).length > 0;
    const newer = hasNewer(spec, state.bare[index] ?? []);
    if (answered) present.push(spec);
    // As Ansible has it: without allow_downgrade a newer version that is there will do.
    else if (!newer || request.rpm.allowDowngrade) missing.push(spec);
  }
  const installing = request.rpm.updateOnly ? [] : missing;
  const upgrade = request.state === 'latest' && !(context.check && state.updates === 'none') ? present : [];
  return [
    ...(installing.length > 0 ? [installOf(task, installing)] : []),
    ...(upgrade.length > 0 ? [upgradeOf(task, upgrade)] : []),
  ];
}

function installOf(task: Task, missing: readonly RpmSpec[]): RunChange {
  const olds = missing.flatMap((spec) => rowsOf(task, spec, 'bare'));
  const fresh = missing.filter((spec) => rowsOf(task, spec, 'bare').length === 0 && spec.kind === 'name');
  const verb = task.manager === 'yum' && olds.length > 0 && task.request.rpm.allowDowngrade ? 'downgrade' : 'install';
  const words = missing.map((spec) => spec.given.trim());
  const was = olds.length > 0 ? ` (now ${olds.map(nevra).join(', ')})` : '';
  return run(task, `install ${words.join(', ')}${was}`, sh`${verb} ${words}`, takeBack(task, fresh, olds));
}

function upgradeOf(task: Task, present: readonly RpmSpec[]): RunChange {
  const rows = present.flatMap((spec) => rowsOf(task, spec, 'answers'));
  const words = present.map((spec) => spec.given.trim());
  const known = task.state.updateLines.map((line) => line.trim().split(/\s+/).slice(0, 2).join(' '));
  const to = known.length > 0 ? ` to ${known.join(', ')}` : '';
  return run(
    task,
    `upgrade ${words.join(', ')} where there is a newer version${to}`,
    sh`upgrade ${words}`,
    takeBack(task, [], rows),
  );
}

function upgradeAll(task: Task, context: PlanContext): readonly Change[] {
  if (context.check && task.state.updates === 'none') return [];
  const count = task.state.updateLines.length;
  return [run(task, `upgrade all packages${count > 0 ? ` (${count} known now)` : ''}`, sh`upgrade`, 'none')];
}

function planRemoval(task: Task): readonly Change[] {
  const groups = task.specs.filter((spec) => spec.kind === 'group').map((spec) => spec.given);
  const rows = task.specs.flatMap((spec) => answering(spec, rowsOf(task, spec, 'answers')));
  if (rows.length === 0 && groups.length === 0) return [];
  const words = [...rows.map(nevra), ...groups];
  const undo =
    groups.length > 0 ? 'none' : inverse(task, [], sh`install ${words}`, `install ${words.join(', ')} again`);
  return [run(task, `remove ${words.join(', ')}`, sh`remove ${words}`, undo)];
}

/** Exact where rpm told the versions before: what was not there goes (with what only it needed), what was comes back. */
function takeBack(task: Task, fresh: readonly RpmSpec[], olds: readonly RpmRow[]): RunChange | 'none' {
  const gone = fresh.map((spec) => spec.bare).filter((name) => !/[*?[/]/.test(name));
  if (gone.length === 0 && olds.length === 0) return 'none';
  if (olds.length === 0)
    return inverse(task, ['--setopt=clean_requirements_on_remove=1'], sh`remove ${gone}`, `remove ${gone.join(', ')}`);
  const back = olds.map(nevra);
  return inverse(task, [], sh`downgrade ${back}`, `go back to ${back.join(', ')}`, gone);
}

function inverse(
  task: Task,
  flags: readonly string[],
  words: Script,
  summary: string,
  gone: readonly string[] = [],
): RunChange {
  // Exact versions are named, so an exclude must not stand in the way.
  const options = rpmFlags({ ...task.request.rpm, disableExcludes: 'all' }, task.manager);
  const base = sh`kp_try ${task.manager} -y ${options} ${flags}`;
  const removal = gone.length > 0 ? sh` && ${{ script: base }} remove ${gone}` : sh``;
  return transaction(task.request, {
    manager: task.manager,
    summary,
    body: sh`${{ script: base }} ${{ script: words }}${{ script: removal }}`,
    undo: 'none',
  });
}

function run(task: Task, summary: string, words: Script, undo: RunChange | 'none'): RunChange {
  const { request, manager } = task;
  const refresh = request.updateCache && manager !== 'yum' ? ['--refresh'] : [];
  const keep = request.autoremove ? [] : ['--setopt=clean_requirements_on_remove=0'];
  const flags = [...refresh, ...rpmFlags(request.rpm, manager), ...keep];
  const expire =
    request.updateCache && manager === 'yum'
      ? sh`kp_try yum -q clean expire-cache || return $?
`
      : sh``;
  return transaction(request, {
    manager,
    summary,
    body: sh`${{ script: expire }}kp_try ${manager} -y ${flags} ${{ script: words }}`,
    undo,
  });
}

function makeCache({ request, manager }: Task): RunChange {
  const flags = rpmFlags(request.rpm, manager);
  const command =
    manager === 'yum'
      ? sh`kp_try yum -q clean expire-cache && kp_try yum -q -y ${flags} makecache`
      : sh`kp_try ${manager} -q -y ${flags} --refresh makecache`;
  return {
    kind: 'run',
    summary: 'fetch the metadata of the repositories',
    script: sh`${{ script: lockScript(manager, request.lockTimeout) }}
umask 022
${{ script: command }}`,
    killable: false,
    undo: 'none',
    changed: () => false,
    explain: (output) =>
      explainPackages(`${output.stdout.toString('utf8')}\n${output.stderr.toString('utf8')}`, request.lockTimeout),
  };
}

function rowsOf(task: Task, spec: RpmSpec, which: 'answers' | 'bare'): readonly RpmRow[] {
  return task.state[which][task.specs.indexOf(spec)] ?? [];
}

function nevra(row: RpmRow): string {
  return `${row.name}-${row.version}-${row.release}.${row.arch}`;
}
