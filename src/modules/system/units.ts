import type { Change, RunChange, StepOutput } from '../../model/change.ts';
import type { Decision, PlanContext } from '../../model/module.ts';
import type { JsonObject } from '../../model/value.ts';
import { type Script, sh } from '../../shared/sh.ts';
import type { Sections } from './sections.ts';

/** What a task wants of a systemd unit. */
export interface UnitWish {
  readonly name?: string;
  readonly state?: 'started' | 'stopped' | 'restarted' | 'reloaded';
  readonly enabled?: boolean;
  readonly masked?: boolean;
  readonly daemonReload: boolean;
  readonly daemonReexec: boolean;
  readonly scope: 'system' | 'user' | 'global';
  readonly force: boolean;
  readonly noBlock: boolean;
}

export interface UnitState {
  readonly systemd: boolean;
  /** Properties of `systemctl show`. */
  readonly status: Readonly<Record<string, string>>;
  /** The word of `systemctl is-enabled`. */
  readonly enabledWord: string;
  /** An init script of the name is there. */
  readonly initScript: boolean;
}

const PROPERTIES =
  'Id,Names,Description,LoadState,LoadError,ActiveState,SubState,UnitFileState,UnitFilePreset,FragmentPath,SourcePath,DropInPaths,NeedDaemonReload,Type,Restart,Result,MainPID,ExecMainCode,ExecMainStatus,NRestarts,User,ActiveEnterTimestamp,InactiveEnterTimestamp,CanStart,CanStop,CanReload,Requires,Wants,After,Before,Conflicts,ExecStart,Environment,EnvironmentFiles,ControlGroup,MemoryCurrent,TasksCurrent';

/** Sections `systemd`, `show`, `enabled`, `init`. */
export function unitReadScript(wish: UnitWish): Script {
  const name = wish.name ?? '';
  const asked =
    name === ''
      ? sh`:`
      : sh`systemctl ${scopeFlags(wish)} show --no-pager -p ${PROPERTIES} -- ${name} 2>/dev/null | kp_text show
kp_say enabled "$(systemctl ${scopeFlags(wish)} is-enabled -- ${name} 2>/dev/null)"
if [ -x ${`/etc/init.d/${name}`} ]; then kp_say init yes; fi`;
  return sh`if command -v systemctl >/dev/null 2>&1 && [ -d /run/systemd/system ]; then
kp_say systemd yes
${{ script: userEnvironment(wish) }}
${{ script: asked }}
fi`;
}

export function parseUnit(sections: Sections): UnitState {
  const status: Record<string, string> = {};
  for (const line of sections.lines('show') ?? []) {
    const at = line.indexOf('=');
    if (at > 0) status[line.slice(0, at)] = line.slice(at + 1);
  }
  return {
    systemd: sections.say('systemd') === 'yes',
    status,
    enabledWord: sections.say('enabled'),
    initScript: sections.say('init') === 'yes',
  };
}

/** After a reboot an enabled unit runs and another does not. */
export function unitAfterBoot(state: UnitState): UnitState {
  const runs = isEnabled(state) ? 'active' : 'inactive';
  return { ...state, status: { ...state.status, ActiveState: runs, SubState: runs === 'active' ? 'running' : 'dead' } };
}

export function planUnit(wish: UnitWish, state: UnitState, context: PlanContext): Decision {
  if (!state.systemd) return { failed: 'this host does not run systemd' };
  const first = context.done.length > 0 ? [] : daemonChanges(wish);
  if (wish.name === undefined) return first;
  if (mustReread(wish, state) && first.length > 0 && !context.check) return [...first, REREAD];
  const mask = maskChanges(wish, state);
  if (
    wish.masked === false &&
    mask.length > 0 &&
    !context.check &&
    (wish.state !== undefined || wish.enabled !== undefined)
  ) {
    return [...first, ...mask, REREAD];
  }
  if (wish.enabled !== undefined || wish.state !== undefined) {
    const missing = missingUnit(wish.name, state);
    if (missing) return missing;
  }
  const rest = [...enableChanges(wish, state), ...stateChanges(wish, state)];
  // What is masked can be neither enabled nor started, on the way back either.
  return wish.masked === true ? [...first, ...rest, ...mask] : [...first, ...mask, ...rest];
}

const REREAD: Change = { kind: 'reread', summary: 'look at the unit again', killable: true, undo: 'none' };

/** A unit file that came or changed since systemd last looked. */
function mustReread(wish: UnitWish, { status }: UnitState): boolean {
  return (
    (wish.daemonReload || wish.daemonReexec) && (status.LoadState !== 'loaded' || status.NeedDaemonReload === 'yes')
  );
}

function missingUnit(name: string, state: UnitState) {
  const { LoadState, LoadError } = state.status;
  if (LoadState === 'masked') return undefined;
  if (LoadState === 'error' || LoadState === 'bad-setting')
    return { failed: `Error loading unit file '${name}': ${LoadError ?? LoadState}` };
  if (LoadState === undefined || LoadState === 'not-found') {
    const known = state.initScript || /^(enabled|disabled|static|indirect|generated|linked)/.test(state.enabledWord);
    if (!known) return { failed: `Could not find the requested service ${name}: host` };
  }
  return undefined;
}

function daemonChanges(wish: UnitWish): readonly Change[] {
  const reload = wish.daemonReload ? [plainly(wish, 'let systemd read its units again', ['daemon-reload'])] : [];
  const reexec = wish.daemonReexec ? [plainly(wish, 'let systemd execute itself again', ['daemon-reexec'])] : [];
  return [...reload, ...reexec];
}

function plainly(wish: UnitWish, summary: string, words: readonly string[]): RunChange {
  return { kind: 'run', summary, script: systemctl(wish, words), killable: true, undo: 'none', changed: () => false };
}

function maskChanges(wish: UnitWish, state: UnitState): readonly Change[] {
  if (wish.masked === undefined || wish.name === undefined) return [];
  const masked =
    state.enabledWord === 'masked' || state.enabledWord === 'masked-runtime' || state.status.LoadState === 'masked';
  if (masked === wish.masked) return [];
  return [withUndo(wish, wish.masked ? 'mask' : 'unmask', wish.masked ? 'unmask' : 'mask')];
}

function isEnabled(state: UnitState): boolean {
  return /^(enabled|enabled-runtime|static|alias|generated|transient|linked|linked-runtime)$/.test(state.enabledWord);
}

/** `static` and the like can be neither enabled nor disabled: what others pull in is left to them. */
function enableChanges(wish: UnitWish, state: UnitState): readonly Change[] {
  if (wish.enabled === undefined || isEnabled(state) === wish.enabled) return [];
  if (!wish.enabled && !/^(enabled|linked)/.test(state.enabledWord)) return [];
  return [withUndo(wish, wish.enabled ? 'enable' : 'disable', wish.enabled ? 'disable' : 'enable')];
}

function withUndo(wish: UnitWish, verb: string, back: string): RunChange {
  const name = wish.name ?? '';
  const undo: RunChange = {
    kind: 'run',
    summary: `${back} ${name}`,
    script: systemctl(wish, [back, '--', name]),
    killable: true,
    undo: 'none',
  };
  return { ...undo, summary: `${verb} ${name}`, script: systemctl(wish, [verb, '--', name]), undo };
}

/** `activating` is running: a kubelet without a configuration restarts for ever and is no failure (Ansible sees it so too). */
function isRunning({ status }: UnitState): boolean {
  return ['active', 'activating', 'reloading', 'refreshing'].includes(status.ActiveState ?? '');
}

function stateChanges(wish: UnitWish, state: UnitState): readonly Change[] {
  const running = isRunning(state);
  switch (wish.state) {
    case 'started':
      return running ? [] : [{ ...act(wish, 'start'), undo: act(wish, 'stop') }];
    case 'stopped':
      return running || state.status.ActiveState === 'deactivating'
        ? [{ ...act(wish, 'stop'), undo: act(wish, 'start') }]
        : [];
    case 'restarted':
      return running
        ? [act(wish, 'restart')]
        : [
            {
              ...act(wish, 'start'),
              summary: `restart ${wish.name} (it is not running: start)`,
              undo: act(wish, 'stop'),
            },
          ];
    case 'reloaded':
      return running
        ? [act(wish, 'reload')]
        : [
            {
              ...act(wish, 'start'),
              summary: `reload ${wish.name} (it is not running: start)`,
              undo: act(wish, 'stop'),
            },
          ];
    default:
      return [];
  }
}

/** Acts, waits for systemd's job, and reads back; what failed says so with the last lines of its journal. */
function act(wish: UnitWish, verb: 'start' | 'stop' | 'restart' | 'reload'): RunChange {
  const name = wish.name ?? '';
  const bad = verb === 'stop' ? 'active' : 'failed';
  const scope = scopeFlags(wish);
  const readBack = wish.noBlock
    ? sh`exit "$kp_rc"`
    : sh`kp_now=$(systemctl ${scope} show -p ActiveState -- ${name} | sed 's/^ActiveState=//')
[ "$kp_rc" -ne 0 ] || [ "$kp_now" = ${bad} ] || exit 0
printf 'kprep-unit %s %s\n' "$kp_now" "$(systemctl ${scope} show -p Result -- ${name} | sed 's/^Result=//')" >&2
journalctl ${scope} -u ${name} -n 8 --no-pager -o cat 2>/dev/null >&2
[ "$kp_rc" -ne 0 ] || kp_rc=1
exit "$kp_rc"`;
  return {
    kind: 'run',
    summary: `${verb} ${name}`,
    script: sh`${{ script: systemctl(wish, [verb, '--', name]) }}; kp_rc=$?
${{ script: readBack }}`,
    killable: true,
    undo: 'none',
    explain: (output) => explainAct(name, verb, output),
  };
}

function explainAct(name: string, verb: string, output: StepOutput) {
  const text = output.stderr.toString('utf8');
  if (/interactive authentication required|Access denied/i.test(text))
    return { message: `${name} cannot be managed: access denied`, remedy: 'use become' };
  if (/is masked/.test(text)) return { message: `${name} is masked`, remedy: 'add masked: false' };
  if (/Job type reload is not applicable/.test(text))
    return { message: `${name} cannot be reloaded; use state restarted` };
  const [whole, now, result] = /kprep-unit (\S*) (\S*)\n/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const journal = text
    .slice(text.indexOf(whole) + whole.length)
    .trim()
    .split('\n')
    .at(-1);
  const because = journal ? `: ${journal}` : '';
  return {
    message: `${name} did not ${verb}: it is ${now} (${result})${because}`,
    remedy: `look at: journalctl -u ${name}`,
  };
}

function systemctl(wish: UnitWish, words: readonly string[]): Script {
  const flags = [...scopeFlags(wish), ...(wish.noBlock ? ['--no-block'] : []), ...(wish.force ? ['--force'] : [])];
  return sh`${{ script: userEnvironment(wish) }}
umask 022
systemctl ${flags} ${words}`;
}

function scopeFlags(wish: UnitWish): readonly string[] {
  return wish.scope === 'system' ? [] : [`--${wish.scope}`];
}

/** The user's own manager is found by this variable, which a shell of ours may lack. */
function userEnvironment(wish: UnitWish): Script {
  if (wish.scope !== 'user') return sh`:`;
  return sh`: "\${XDG_RUNTIME_DIR:=/run/user/$(id -u)}"; export XDG_RUNTIME_DIR`;
}

/** `unit:kubelet`: services without their ending. */
export function unitResource(name: string): `unit:${string}` {
  return `unit:${name.replace(/\.service$/, '')}`;
}

/** Ansible's return values: what was read, with the state that was asked for. */
export function unitResult(wish: UnitWish, state: UnitState): JsonObject {
  return {
    ...(wish.name === undefined ? {} : { name: wish.name }),
    status: { ...state.status },
    ...(wish.enabled === undefined ? {} : { enabled: wish.enabled }),
    ...(wish.state === undefined ? {} : { state: wish.state === 'stopped' ? 'stopped' : 'started' }),
  };
}
