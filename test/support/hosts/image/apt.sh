#!/bin/sh
# Customize hook of the apt image. $1 is the root of the image.
set -eu
root=$1
# The only source is the one that tests add: `deb [signed-by=…] file:///srv/repo/deb ./`.
rm -f "$root/etc/apt/sources.list" "$root"/etc/apt/sources.list.d/*
install -d -m 0755 "$root/etc/apt/keyrings"
chroot "$root" systemctl disable ufw >/dev/null 2>&1
