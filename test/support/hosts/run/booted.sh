#!/bin/sh
# Boots a host with systemd: booted.sh DIRECTORY NAME. Its control groups lie below those that DIRECTORY/cgroups names.
set -eu
while read -r parent; do
  mkdir -p "$parent/$2"
  # 0 is the process that writes.
  echo 0 >"$parent/$2/cgroup.procs"
done <"$1/cgroups"
export SYSTEMD_NSPAWN_API_VFS_WRITABLE=network
setsid systemd-nspawn --quiet --boot --directory="$1/fs/$2/root" --register=no --keep-unit \
  --network-namespace-path="/run/netns/$2" --capability=CAP_NET_ADMIN --drop-capability=CAP_SYS_TIME --machine="$2" --hostname="$2" \
  --console=pipe --link-journal=no --resolv-conf=off --timezone=off &
