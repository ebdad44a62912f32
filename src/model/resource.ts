/** What a task reads or alters: `file:/etc/fstab`, `pkg:kubelet`, `unit:kubelet`, `sysctl:net.ipv4.ip_forward`, `swap:`. `pkg:*` means all of a kind. */
export type Resource = `${string}:${string}`;
