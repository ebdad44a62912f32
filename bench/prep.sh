#!/bin/sh
# What prep.ansible.yml does, written by hand for `ssh host sh -s -- ROOT NAME`: the same twelve steps, and as safe to run again.
set -eu
root=$1/$2
name=$2

replace_file() { # path; content on standard input; written only where it differs
  new=$(cat && echo .)
  new=${new%.}
  if [ ! -e "$1" ] || [ "$(cat "$1" && echo .)" != "$new." ]; then
    printf '%s' "$new" >"$1.new"
    mv "$1.new" "$1"
  fi
}

true
[ -d "$root/etc/sysctl.d" ] || mkdir -p "$root/etc/sysctl.d"
[ -e "$root/etc/fstab" ] || printf 'UUID=1 / ext4 defaults 0 1\nUUID=2 none swap sw 0 0\n' >"$root/etc/fstab"
if grep -Eq '^UUID=[^[:space:]]+[[:space:]]+[^[:space:]]+[[:space:]]+swap[[:space:]]' "$root/etc/fstab"; then
  sed -i -E 's/^(UUID=[^[:space:]]+[[:space:]]+[^[:space:]]+[[:space:]]+swap[[:space:]].*)$/#\1/' "$root/etc/fstab"
fi
[ -e "$root/etc/selinux" ] || echo SELINUX=enforcing >"$root/etc/selinux"
grep -qx SELINUX=permissive "$root/etc/selinux" || sed -i 's/^SELINUX=.*/SELINUX=permissive/' "$root/etc/selinux"
replace_file "$root/etc/sysctl.d/k8s.conf" <<'CONF'
net.bridge.bridge-nf-call-ip6tables = 1
net.bridge.bridge-nf-call-iptables = 1
CONF
replace_file "$root/etc/kubernetes.repo" <<'REPO'
[kubernetes]
name=Kubernetes
baseurl=https://packages.cloud.google.com/yum/repos/kubernetes-el7-x86_64
enabled=1
REPO
echo "$name" >"$root/etc/hostname"
swaps=$(wc -l </proc/swaps)
echo "swaps: $swaps"
grep -qx br_netfilter "$root/etc/modules" 2>/dev/null || echo br_netfilter >>"$root/etc/modules"
uname -r
