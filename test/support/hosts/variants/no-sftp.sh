#!/bin/sh
# sshd without the sftp subsystem. $1 is the root of the host.
sed -i '/^Subsystem/d' "$1/etc/ssh/sshd_config"
