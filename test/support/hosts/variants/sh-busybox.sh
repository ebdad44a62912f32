#!/bin/sh
# /bin/sh is busybox's ash and the whole userland is busybox's. $1 is the root of the host.
cp -af "$1/opt/busybox/." "$1/"
