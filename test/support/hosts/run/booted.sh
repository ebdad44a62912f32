#!/bin/sh
# Boots a host with systemd: booted.sh DIRECTORY NAME. Its control groups lie below those that DIRECTORY/cgroups names.
set -eu
while read -r parent; do
  mkdir -p "$parent/$2"
  # 0 is the process that writes.
  echo 0 >"$parent/$2/cgroup.procs"
done <"$1/cgroups"
# An empty table of swaps: what the machine swaps to is not the host's. swapon and swapoff answer as a kernel does, which is safe
# without CAP_MKNOD: no device and no file of the machine can be named. The table's source is a
# path of the host, as nspawn takes it for what lies under /proc.
printf 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n' >"$1/fs/$2/root/usr/share/no-swaps"
export SYSTEMD_NSPAWN_API_VFS_WRITABLE=network
setsid systemd-nspawn --quiet --boot --directory="$1/fs/$2/root" --register=no --keep-unit \
  --network-namespace-path="/run/netns/$2" --capability=CAP_NET_ADMIN --drop-capability=CAP_SYS_TIME,CAP_MKNOD \
  --system-call-filter=@swap --bind-ro=/usr/share/no-swaps:/proc/swaps --machine="$2" --hostname="$2" \
  --console=pipe --link-journal=no --resolv-conf=off --timezone=off &
