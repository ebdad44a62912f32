#!/bin/sh
# Starts a host that has sshd and nothing else: chroot.sh DIRECTORY NAME.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
nsenter --net="/run/netns/$2" setsid unshare --mount --pid --uts --ipc --fork --kill-child --propagation private \
  sh "$here/chroot-init.sh" "$1/fs/$2/root" "$2" &
