#!/bin/sh
# sudo asks for a terminal. $1 is the root of the host.
echo 'Defaults requiretty' >"$1/etc/sudoers.d/requiretty"
chmod 0440 "$1/etc/sudoers.d/requiretty"
