import { type Script, sh } from '../../shared/sh.ts';

/**
 * Hands a command line to the shell that `/etc/passwd` names for the user it runs as, as `ssh HOST 'LINE'` does: fish and
 * csh understand it in their own way. sshd and su set SHELL; sudo and doas need not, so it is looked up behind them. A user
 * who cannot log in (`nologin`) gets /bin/sh. bash believes that a shell of a low SHLVL was started by sshd and reads
 * .bashrc: the login shell around us has done that, and what it printed is not the command's. `exec`: the guard's process
 * group is the command's.
 */
export function loginShell(line: string): Script {
  return sh`kp_shell=\${SHELL-}
if [ -z "$kp_shell" ] || [ -n "\${SUDO_USER-}\${DOAS_USER-}" ]; then
  kp_entry=$(getent passwd "$(id -u)" 2>/dev/null) || kp_entry=$(grep "^$(id -un):" /etc/passwd 2>/dev/null)
  kp_shell=\${kp_entry##*:}
fi
case $kp_shell in ''|*/nologin|*/false) kp_shell=/bin/sh ;; esac
case \${SHLVL:-0} in [0-2]) SHLVL=3; export SHLVL ;; esac
exec "$kp_shell" -c ${line}`;
}
