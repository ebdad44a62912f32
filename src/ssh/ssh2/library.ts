/** The part of `ssh2` that is used; imported when the first host is dialled, since it costs 40 ms. */
export type Ssh2 = Pick<typeof import('ssh2'), 'Client' | 'utils' | 'BaseAgent' | 'OpenSSHAgent'>;

export async function loadSsh2(): Promise<Ssh2> {
  const { default: ssh2 } = await import('ssh2');
  return ssh2;
}
