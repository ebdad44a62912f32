#!/bin/sh
# After mmdebstrap is through with the dnf image: a family has one package manager. $1 is the root of the image.
set -eu
root=$1
rm -rf "$root"/usr/bin/apt* "$root"/usr/bin/dpkg* "$root/etc/apt" "$root/var/lib/dpkg" "$root/var/lib/apt"
