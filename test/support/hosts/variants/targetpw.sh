#!/bin/sh
# sudo asks for the password of the target user. $1 is the root of the host.
echo 'Defaults targetpw' >"$1/etc/sudoers.d/targetpw"
chmod 0440 "$1/etc/sudoers.d/targetpw"
