#!/bin/sh
# firewalld runs from the start. $1 is the root of the host.
mkdir -p "$1/etc/systemd/system/multi-user.target.wants"
ln -sf /lib/systemd/system/firewalld.service "$1/etc/systemd/system/dbus-org.fedoraproject.FirewallD1.service"
ln -sf /lib/systemd/system/firewalld.service "$1/etc/systemd/system/multi-user.target.wants/firewalld.service"
