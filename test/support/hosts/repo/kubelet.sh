#!/bin/sh
# Stands for the kubelet on a test host: like the real one it ends at once while kubeadm has not written its configuration.
if [ "${1-}" = --version ]; then
  echo 'Kubernetes v@VERSION@'
  exit 0
fi
if [ ! -e /var/lib/kubelet/config.yaml ]; then
  echo 'E0101 00:00:00.000000       1 run.go:72] "command failed" err="failed to load kubelet config file, path: /var/lib/kubelet/config.yaml, error: failed to load Kubelet config file /var/lib/kubelet/config.yaml, error failed to read kubelet config file \"/var/lib/kubelet/config.yaml\", error: open /var/lib/kubelet/config.yaml: no such file or directory"' >&2
  exit 1
fi
exec sleep infinity
