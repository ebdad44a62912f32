#!/bin/sh
# Customize hook of the dnf image: Debian with dnf under another os-release. It shows how kprep drives dnf, and is not RHEL.
# $1 is the root of the image.
set -eu
root=$1
rm -f "$root/etc/os-release" "$root/usr/lib/os-release" "$root/etc/debian_version"
cat >"$root/usr/lib/os-release" <<'RELEASE'
NAME="Rocky Linux"
VERSION="9.5 (test host on Debian)"
ID="rocky"
ID_LIKE="rhel centos fedora"
VERSION_ID="9.5"
PLATFORM_ID="platform:el9"
PRETTY_NAME="Rocky Linux 9.5 (test host on Debian)"
RELEASE
ln -s ../usr/lib/os-release "$root/etc/os-release"
echo 'Rocky Linux release 9.5 (test host on Debian)' >"$root/etc/redhat-release"
mkdir -p "$root/etc/yum.repos.d" "$root/etc/dnf/vars" "$root/etc/selinux"
echo 9 >"$root/etc/dnf/vars/releasever"
ln -s dnf "$root/usr/bin/yum"
ln -s dnf/dnf.conf "$root/etc/yum.conf"
cat >"$root/etc/selinux/config" <<'SELINUX'
# This file controls the state of SELinux on the system.
# SELINUX= can take one of these three values:
#     enforcing - SELinux security policy is enforced.
#     permissive - SELinux prints warnings instead of enforcing.
#     disabled - No SELinux policy is loaded.
SELINUX=enforcing
SELINUXTYPE=targeted
SELINUX
# Debian's rpm keeps its database in ~/.rpmdb; the family that this stands for has one for all.
mkdir -p "$root/etc/rpm" "$root/var/lib/rpm"
echo '%_dbpath /var/lib/rpm' >"$root/etc/rpm/macros"
mkdir "$root/tmp/rpm"
cp "$2"/rpm/kprep-system-*.rpm "$root/tmp/rpm/"
chroot "$root" sh -c 'rpm --import /dev/stdin && rpm -i /tmp/rpm/*.rpm' <"$2/key.asc"
rm -r "$root/tmp/rpm"
