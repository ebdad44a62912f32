export interface RequestOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly agent: string;
  readonly decompress: boolean;
}

/** A curl configuration file (curl(1), -K): what must not be seen in `ps`. */
export function curlConfig({ headers, user, password, agent, decompress }: RequestOptions): string {
  const lines = Object.entries(headers).map(([name, value]) => `header = ${quoted(`${name}: ${value}`)}`);
  const login = user === undefined ? [] : [`user = ${quoted(`${user}:${password ?? ''}`)}`];
  return [...lines, ...login, `user-agent = ${quoted(agent)}`, ...(decompress ? ['compressed'] : []), ''].join('\n');
}

/** The same as a wgetrc (GNU Wget manual, 6). */
export function wgetConfig({ headers, user, password, agent }: RequestOptions): string {
  const lines = Object.entries(headers).map(([name, value]) => `header = ${name}: ${value}`);
  const login = user === undefined ? [] : [`user = ${user}`, `password = ${password ?? ''}`, 'auth_no_challenge = on'];
  return [...lines, ...login, `user_agent = ${agent}`, ''].join('\n');
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replaceAll('\t', '\\t')}"`;
}

/** `a:b,c:d`, as Ansible once took headers; undefined: not understood. */
export function parseHeaders(value: unknown): Readonly<Record<string, string>> | undefined {
  if (value === undefined || value === null || value === '') return {};
  if (typeof value === 'string') {
    const pairs = value.split(',').map((pair) => /^([^:]+):(.*)$/s.exec(pair));
    if (pairs.some((pair) => !pair)) return undefined;
    return Object.fromEntries(pairs.map((pair) => [pair?.[1]?.trim() ?? '', pair?.[2]?.trim() ?? '']));
  }
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
}
