#!/bin/sh
# Customize hook of both booted images. $1 is the root of the image.
set -eu
root=$1

cat >"$root/etc/fstab" <<'FSTAB'
# /etc/fstab: static file system information.
#
# <file system> <mount point> <type> <options> <dump> <pass>
UUID=0a3407de-014b-458b-b5c1-848e92a327a3 / ext4 errors=remount-ro 0 1
# swap was on /dev/sda5 during installation
UUID=f9fe0b69-a280-415d-a03a-a32752370dee none swap sw 0 0
/swap.img	none	swap	sw	0	0
# the swarm's data, not swap
UUID=5b0f2c3e-1111-4222-8333-444455556666 /mnt/swarm ext4 noauto 0 2
FSTAB
mkdir -p "$root/mnt/swarm"

# modprobe succeeds for what the kernel of the machine has built in; depmod makes it known.
release=$(uname -r)
mkdir -p "$root/lib/modules/$release"
printf 'kernel/%s.ko\n' net/bridge/br_netfilter fs/overlayfs/overlay >"$root/lib/modules/$release/modules.builtin"
: >"$root/lib/modules/$release/modules.order"
chroot "$root" depmod "$release"


# There is no root device to remount, and no network behind the bridge to wait for.
for unit in systemd-remount-fs.service apt-daily.timer apt-daily-upgrade.timer systemd-networkd-wait-online.service getty@tty1.service; do
  chroot "$root" systemctl mask "$unit" >/dev/null 2>&1
done
chroot "$root" systemctl disable firewalld nftables >/dev/null 2>&1
echo en_US.UTF-8 UTF-8 >"$root/etc/locale.gen"
