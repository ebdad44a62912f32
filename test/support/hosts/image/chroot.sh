#!/bin/sh
# Customize hook of the chroot image. $1 is the root of the image.
set -eu
root=$1
# fish brings Python along; kprep must do without, so no host of this kind has one.
rm -rf "$root"/usr/bin/python3* "$root"/usr/lib/python3*
# The whole userland of busybox, as links that a host of that variant puts over its own.
mkdir -p "$root/opt/busybox"
"$root/bin/busybox" --list-full | while read -r path; do
  case $path in
    */su | */login | */passwd | */init | */ip | */mount | */umount | */modprobe | */lsmod | */depmod | */insmod | */rmmod | */dpkg | */rpm | */setpriv) continue ;;
    bin/* | sbin/*) path=usr/$path ;;
  esac
  [ -e "$root/$path" ] || continue
  mkdir -p "$root/opt/busybox/${path%/*}"
  ln -s /bin/busybox "$root/opt/busybox/$path"
done
