#!/bin/sh
# Makes the file system and the network of one host, then starts it; runs inside the fleet's namespaces.
# host.sh chroot|booted DIRECTORY NAME ADDRESS LOWER INDEX [VARIANT...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
kind=$1 directory=$2 name=$3 address=$4 lower=$5 index=$6
shift 6
base=$directory/fs/$name
root=$base/root
mkdir -p "$base/up" "$base/work" "$root"
mount -t overlay overlay -o "lowerdir=$lower,upperdir=$base/up,workdir=$base/work" "$root"

echo "$name" >"$root/etc/hostname"
printf '127.0.0.1 localhost\n::1 localhost\n%s %s\n' "$address" "$name" >"$root/etc/hosts"
dbus-uuidgen >"$root/etc/machine-id" 2>/dev/null || tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
for type in ed25519 ecdsa; do
  ssh-keygen -q -t "$type" -N '' -C "$name" -f "$root/etc/ssh/ssh_host_${type}_key"
done
while read -r home owner; do
  install -m 0600 -o "${owner%:*}" -g "${owner#*:}" "$directory/id_ed25519.pub" "$root$home/.ssh/authorized_keys"
done <<HOMES
$(awk -F: '$6 == "/root" || $3 >= 1000 && $3 < 60000 { print $6, $3 ":" $4 }' "$root/etc/passwd")
HOMES
for variant; do
  sh "$here/../variants/$variant.sh" "$root"
done

ip netns add "$name"
ip link add "v$index" type veth peer name eth0 netns "$name"
ip link set "v$index" master br0 up
ip -n "$name" addr add "$address/16" dev eth0
ip -n "$name" link set lo up
ip -n "$name" link set eth0 up
ip -n "$name" route add default via 10.77.0.1
exec sh "$here/$kind.sh" "$directory" "$name" >"$directory/$name.log" 2>&1 </dev/null
