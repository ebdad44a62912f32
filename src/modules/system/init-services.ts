import type { Change, RunChange } from '../../model/change.ts';
import type { Decision } from '../../model/module.ts';
import { type Script, sh } from '../../shared/sh.ts';
import type { Sections } from './sections.ts';

export interface InitState {
  /** `openrc`, `sysv`, or neither. */
  readonly kind: 'openrc' | 'sysv' | 'none';
  readonly exists: boolean;
  readonly running: boolean;
  readonly enabled: boolean;
}

export interface InitWish {
  readonly name: string;
  readonly state?: 'started' | 'stopped' | 'restarted' | 'reloaded';
  readonly enabled?: boolean;
  readonly runlevel: string;
  readonly words: readonly string[];
  /** Seconds between stop and start. */
  readonly sleep: number;
}

/** Asks OpenRC or the init script itself. */
export function initReadScript(name: string, runlevel: string): Script {
  return sh`if command -v rc-service >/dev/null 2>&1; then
  kp_say init openrc
  if rc-service -e ${name} 2>/dev/null; then kp_say exists yes; fi
  if rc-service ${name} status >/dev/null 2>&1; then kp_say running yes; fi
  if rc-update show ${runlevel} 2>/dev/null | grep -qE ${`^ *${name.replace(/[.\\]/g, '\\$&')} +\\|`}; then kp_say onboot yes; fi
elif [ -d /etc/init.d ]; then
  kp_say init sysv
  if [ -x ${`/etc/init.d/${name}`} ]; then
    kp_say exists yes
    if ${`/etc/init.d/${name}`} status >/dev/null 2>&1 </dev/null; then kp_say running yes; fi
    for kp_l in /etc/rc[2345].d/S[0-9][0-9]${name} /etc/rc.d/rc[2345].d/S[0-9][0-9]${name}; do
      if [ -e "$kp_l" ]; then kp_say onboot yes; break; fi
    done
  fi
fi`;
}

export function parseInit(sections: Sections): InitState {
  const kind = sections.say('init');
  return {
    kind: kind === 'openrc' || kind === 'sysv' ? kind : 'none',
    exists: sections.say('exists') === 'yes',
    running: sections.say('running') === 'yes',
    enabled: sections.say('onboot') === 'yes',
  };
}

export function planInit(wish: InitWish, state: InitState): Decision {
  if (state.kind === 'none') return { failed: 'this host has neither systemd nor OpenRC nor init scripts' };
  if (!state.exists) return { failed: `Could not find the requested service ${wish.name}: host` };
  return [...bootChanges(wish, state), ...stateChanges(wish, state)];
}

function bootChanges(wish: InitWish, state: InitState): readonly Change[] {
  if (wish.enabled === undefined || wish.enabled === state.enabled) return [];
  const one = (on: boolean, undo: Change | 'none'): RunChange => ({
    kind: 'run',
    summary: `${on ? 'enable' : 'disable'} ${wish.name}`,
    script:
      state.kind === 'openrc'
        ? sh`umask 022
rc-update ${on ? 'add' : 'del'} ${wish.name} ${wish.runlevel}`
        : sh`umask 022
if command -v update-rc.d >/dev/null 2>&1; then update-rc.d ${wish.name} ${on ? 'defaults' : 'disable'}
elif command -v chkconfig >/dev/null 2>&1; then chkconfig ${wish.name} ${on ? 'on' : 'off'}
else echo 'this host has neither update-rc.d nor chkconfig' >&2; exit 1; fi`,
    killable: true,
    undo,
  });
  return [one(wish.enabled, one(!wish.enabled, 'none'))];
}

function stateChanges(wish: InitWish, state: InitState): readonly Change[] {
  const start = act(wish, state, 'start');
  const stop = act(wish, state, 'stop');
  switch (wish.state) {
    case 'started':
      return state.running ? [] : [{ ...start, undo: stop }];
    case 'stopped':
      return state.running ? [{ ...stop, undo: start }] : [];
    case 'restarted':
      return state.running && wish.sleep > 0 ? [stop, pause(wish), start] : [act(wish, state, 'restart')];
    case 'reloaded':
      return state.running ? [act(wish, state, 'reload')] : [{ ...start, undo: stop }];
    default:
      return [];
  }
}

function act(wish: InitWish, state: InitState, verb: string): RunChange {
  const command =
    state.kind === 'openrc'
      ? sh`rc-service ${wish.name} ${verb} ${wish.words}`
      : sh`${`/etc/init.d/${wish.name}`} ${verb} ${wish.words}`;
  return {
    kind: 'run',
    summary: `${verb} ${wish.name}`,
    script: sh`umask 022
${{ script: command }}`,
    killable: true,
    undo: 'none',
  };
}

function pause(wish: InitWish): RunChange {
  return {
    kind: 'run',
    summary: `wait ${wish.sleep} s`,
    script: sh`sleep ${wish.sleep}`,
    killable: true,
    undo: 'none',
    changed: () => false,
  };
}
