#!/bin/sh
# Passwords only through PAM's questions. $1 is the root of the host.
printf '%s\n' 'PasswordAuthentication no' 'KbdInteractiveAuthentication yes' >"$1/etc/ssh/sshd_config.d/00-interactive.conf"
