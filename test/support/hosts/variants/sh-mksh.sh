#!/bin/sh
# /bin/sh is mksh. $1 is the root of the host.
ln -sf mksh "$1/usr/bin/sh"
