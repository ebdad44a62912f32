#!/bin/sh
# First process of a chroot host, until sshd takes its place: chroot-init.sh ROOT NAME.
set -eu
hostname "$2"
mount --bind "$1" "$1"
cd "$1"
mount -t proc -o nosuid,nodev,noexec proc proc
# What the machine swaps to is not the host's.
printf 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n' >usr/share/no-swaps
mount --bind usr/share/no-swaps proc/swaps
# Most of /proc/sys belongs to the machine and not to the host: only the network's part may be written.
mount --bind proc/sys proc/sys
mount --bind proc/sys/net proc/sys/net
mount -o remount,bind,ro proc/sys
for path in sysrq-trigger irq bus fs; do
  if [ -e "proc/$path" ]; then
    mount --bind "proc/$path" "proc/$path"
    mount -o remount,bind,ro "proc/$path"
  fi
done
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
mount -t tmpfs -o mode=0755,nosuid tmpfs dev
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
for link in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${link%:*}" "dev/${link#*:}"; done
while read -r device major minor; do mknod -m 0666 "dev/$device" c "$major" "$minor"; done <<'DEVICES'
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
tty 5 0
DEVICES
mkdir -p run/sshd .old
pivot_root . .old
cd /
umount -l /.old
rmdir /.old
# What is left can change this host and not the machine under it.
exec setpriv --bounding-set \
  -sys_admin,-sys_module,-sys_boot,-sys_time,-sys_rawio,-mknod,-syslog,-mac_admin,-mac_override,-wake_alarm,-block_suspend,-perfmon,-bpf \
  /usr/sbin/sshd -D -e
