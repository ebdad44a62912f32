#!/bin/sh
# Customize hook of mmdebstrap, for every image: the people of a test host. $1 is the root of the image.
set -eu
root=$1

add() { # name, login shell
  chroot "$root" useradd --create-home --shell "$2" "$1"
  install -d -m 0700 -o "$(chroot "$root" id -u "$1")" -g "$(chroot "$root" id -g "$1")" "$root/home/$1/.ssh"
}
add ops /bin/sh
add pat /bin/bash
add nosudo /bin/sh
add fish /usr/bin/fish
add csh /bin/csh
add noisy /bin/bash
install -d -m 0700 "$root/root/.ssh"
printf '%s\n' 'pat:correct horse' 'nosudo:battery staple' 'root:root of all' | chroot "$root" chpasswd -c SHA512

cat >"$root/etc/sudoers.d/people" <<'SUDOERS'
ops ALL=(ALL:ALL) NOPASSWD: ALL
fish ALL=(ALL:ALL) NOPASSWD: ALL
csh ALL=(ALL:ALL) NOPASSWD: ALL
noisy ALL=(ALL:ALL) NOPASSWD: ALL
pat ALL=(ALL:ALL) ALL
SUDOERS
chmod 0440 "$root/etc/sudoers.d/people"
printf '%s\n' 'permit nopass ops' 'permit pat' >"$root/etc/doas.conf"
chmod 0400 "$root/etc/doas.conf"

# Debian's bash reads .bashrc when sshd starts it, so this reaches every remote command.
cat >"$root/home/noisy/.bashrc" <<'NOISY'
echo 'Welcome to the noisy host!'
echo 'warning: noise on stderr' >&2
printf 'no newline at the end'
alias ls='ls --color=always'
NOISY
printf '%s\n' 'echo "profile says hello"' 'echo "profile complains" >&2' >"$root/home/noisy/.profile"
chroot "$root" chown -R noisy: /home/noisy

printf '%s\n' 'PermitRootLogin prohibit-password' 'PasswordAuthentication yes' 'MaxStartups 200' 'UseDNS no' \
  >"$root/etc/ssh/sshd_config.d/kprep-test.conf"
rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/resolv.conf" "$root/etc/hostname"
