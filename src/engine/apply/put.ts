import type { PutChange } from '../../model/change.ts';
import { type Script, sh } from '../../shared/sh.ts';
import { type Applied, runFrame, type Site } from './site.ts';

/**
 * Puts content at a path: a temporary file beside it gets content, owner, mode, ACL and SELinux context, is validated,
 * and is renamed over the old file. Whatever goes wrong before the rename leaves the old file as it was and nothing beside it.
 * @throws KprepError `lost`.
 */
export async function applyPut(site: Site, change: PutChange): Promise<Applied> {
  const applied = await runFrame(site, change, {
    script: putScript(change),
    environment: 'engine',
    env: site.environment,
    stdin: change.content,
  });
  const backup = /^backup=(.+)$/m.exec(applied.output.stdout.toString('utf8'))?.[1];
  return backup === undefined ? applied : { ...applied, output: { ...applied.output, backup } };
}

function putScript(change: PutChange): Script {
  const path = change.path.startsWith('-') ? `./${change.path}` : change.path;
  return sh`${{ script: PREAMBLE }}
kp_path=${path}; kp_follow=${yes(change.follow)}; kp_in_place=${yes(change.inPlace)}; kp_parents=${yes(change.makeParents)}
kp_backup=${yes(change.backup)}; kp_mode=${change.mode ?? ''}; kp_owner=${change.owner ?? ''}; kp_group=${change.group ?? ''}
kp_expect=${change.expect ?? ''}; kp_sum=${change.content.sha256}; kp_validate=${change.validate ?? ''}
${{ script: BODY }}`;
}

function yes(flag: boolean | undefined): string {
  return flag ? 'yes' : '';
}

const PREAMBLE = sh`kp_fail() { printf '%s\n' "$1" >&2; exit 1; }
kp_hash() {
  if [ ! -e "$1" ] && [ ! -L "$1" ]; then printf 'absent\n'; return; fi
  kp_line=$(sha256sum <"$1" 2>/dev/null) || kp_line=unreadable
  printf '%s\n' "\${kp_line%% *}"
}
kp_word() { printf '%s\n' "$1" | sed "s/'/'\\\\''/g; 1s/^/'/; \$s/\$/'/"; }`;

const BODY = sh`${{ script: target() }}
${{ script: temporary() }}
${{ script: attributes() }}
${{ script: checks() }}
${{ script: replacement() }}`;

/** The file that is meant, and whether there is an old one. */
function target(): Script {
  return sh`if [ -n "$kp_follow" ] && [ -L "$kp_path" ]; then
  kp_real=$(readlink -f "$kp_path")
  if [ -z "$kp_real" ]; then
    # Where the target is missing, older busybox says nothing.
    kp_real=$(readlink "$kp_path")
    case $kp_real in /*) ;; *) kp_real=\${kp_path%/*}/$kp_real ;; esac
    [ ! -L "$kp_real" ] || kp_real=
  fi
  [ -n "$kp_real" ] || kp_fail "the symbolic link $kp_path leads nowhere"
  kp_path=$kp_real
fi
kp_old=
if [ ! -L "$kp_path" ] && [ -e "$kp_path" ]; then
  [ ! -d "$kp_path" ] || kp_fail "$kp_path is a directory"
  [ -f "$kp_path" ] || kp_fail "$kp_path is not a regular file"
  kp_old=yes
fi
case $kp_path in */*) kp_dir=\${kp_path%/*}; [ -n "$kp_dir" ] || kp_dir=/ ;; *) kp_dir=. ;; esac
if [ ! -d "$kp_dir" ]; then
  [ -n "$kp_parents" ] || kp_fail "the directory $kp_dir does not exist"
  (umask 022; mkdir -p "$kp_dir") || exit 1
fi`;
}

function temporary(): Script {
  return sh`kp_tmp=
trap '[ -z "$kp_tmp" ] || rm -f "$kp_tmp"' EXIT
trap 'exit 143' HUP INT TERM
if [ -n "$kp_in_place" ]; then
  kp_tmp=$(mktemp "$kp_dir/.kprep.XXXXXX" 2>/dev/null) || kp_tmp=$(mktemp "\${TMPDIR:-/tmp}/kprep.XXXXXX") || exit 1
else
  kp_tmp=$(mktemp "$kp_dir/.kprep.XXXXXX") || exit 1
fi
cat >"$kp_tmp" || exit 1
[ "$(kp_hash "$kp_tmp")" = "$kp_sum" ] || kp_fail "the content for $kp_path did not arrive whole"`;
}

/** Those of the old file, then what is asked for. An owner that cannot be kept is a failure: the file would change hands. */
function attributes(): Script {
  return sh`if [ -n "$kp_old" ]; then
  kp_was=$(stat -c '%u:%g %a' "$kp_path") || exit 1
  kp_have=$(stat -c '%u:%g' "$kp_tmp") || exit 1
  if [ "\${kp_was% *}" != "$kp_have" ] && { [ -z "$kp_owner" ] || [ -z "$kp_group" ]; } && [ -z "$kp_in_place" ]; then
    chown "\${kp_was% *}" "$kp_tmp" 2>/dev/null || kp_fail "owner and group of $kp_path (\${kp_was% *}) cannot be kept"
  fi
  if command -v getfacl >/dev/null 2>&1 && command -v setfacl >/dev/null 2>&1; then
    getfacl -pc "$kp_path" 2>/dev/null | setfacl --set-file=- "$kp_tmp" 2>/dev/null
  fi
  chmod "\${kp_was#* }" "$kp_tmp" || exit 1
  if [ -e /sys/fs/selinux/enforce ] && command -v chcon >/dev/null 2>&1; then
    chcon --reference="$kp_path" "$kp_tmp" 2>/dev/null
  fi
else
  chmod 0644 "$kp_tmp" || exit 1
fi
kp_dress() {
  [ -z "$kp_owner" ] || chown "$kp_owner" "$1" || exit 1
  [ -z "$kp_group" ] || chgrp "$kp_group" "$1" || exit 1
  if [ -n "$kp_owner$kp_group" ] && [ -n "$kp_old" ]; then chmod "\${kp_was#* }" "$1" || exit 1; fi
  [ -z "$kp_mode" ] || chmod "$kp_mode" "$1" || exit 1
}
kp_dress "$kp_tmp"`;
}

/** As Ansible, the name replaces %s as text; only a name that a shell would read otherwise is quoted. */
function checks(): Script {
  return sh`if [ -n "$kp_validate" ]; then
  case $kp_validate in *%s*) ;; *) kp_fail "validate must contain %s: $kp_validate" ;; esac
  case $kp_tmp in *[!A-Za-z0-9_/.,:=@%+-]*) kp_name=$(kp_word "$kp_tmp") ;; *) kp_name=$kp_tmp ;; esac
  kp_said=$(sh -c "\${kp_validate%%%s*}$kp_name\${kp_validate#*%s}" 2>&1 </dev/null) || {
    printf '%s\nthe new content of %s is not valid: %s\n' "$kp_said" "$kp_path" \
      "$(printf '%s\n' "$kp_said" | sed '/^[[:space:]]*$/d' | tail -n 1)" >&2
    exit 1
  }
fi
if [ -n "$kp_expect" ] && [ "$(kp_hash "$kp_path")" != "$kp_expect" ]; then
  kp_fail "$kp_path was changed by something else since it was read; nothing was written"
fi`;
}

function replacement(): Script {
  return sh`if [ -n "$kp_backup" ] && [ -n "$kp_old" ]; then
  kp_pid=$$; kp_time=$(date '+%Y-%m-%d@%H:%M:%S')
  while [ -e "$kp_path.$kp_pid.$kp_time~" ]; do kp_pid=$((kp_pid + 1)); done
  cp -p "$kp_path" "$kp_path.$kp_pid.$kp_time~" || exit 1
  printf 'backup=%s\n' "$kp_path.$kp_pid.$kp_time~"
fi
if [ -n "$kp_in_place" ] && [ -n "$kp_old" ]; then
  cat "$kp_tmp" >"$kp_path" || exit 1
  kp_dress "$kp_path"
  exit 0
fi
if [ -L "$kp_path" ] && [ -d "$kp_path" ]; then
  rm -f "$kp_path" || exit 1
fi
mv -f "$kp_tmp" "$kp_path" || exit 1
kp_tmp=
if [ -z "$kp_old" ] && [ -e /sys/fs/selinux/enforce ] && command -v restorecon >/dev/null 2>&1; then
  restorecon "$kp_path" 2>/dev/null
fi
exit 0`;
}
