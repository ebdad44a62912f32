#!/bin/sh
# First process of a fleet, in namespaces of its own: hub.sh DIRECTORY keep|tied. When it ends, the kernel ends every process of the
# fleet and drops its mounts and networks. Prints its process number as the machine sees it once the bridge is up.
# tied: lives as long as its standard input stays open. keep: lives until it is killed.
set -eu
# /proc is still the machine's here, so this is the number outside of the namespace.
read -r pid _ </proc/self/stat
mount -t proc proc /proc
mount -t tmpfs -o mode=0755 tmpfs /run
mkdir -p /run/netns "$1/fs"
mount -t tmpfs -o mode=0711 tmpfs "$1/fs"
mkdir "$1/fs/fleet"
ip link set lo up
ip link add br0 type bridge
ip addr add 10.77.0.1/16 dev br0
ip link set br0 up
echo "$pid"
exec >/dev/null 2>&1
case $2 in
  tied) cat ;;
  keep)
    sleep infinity &
    wait
    ;;
esac
