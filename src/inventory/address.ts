/** A host as operators write it: `[user@]host[:port]`. */
export interface Address {
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
}

/** What is wrong, in words. */
export interface Refusal {
  readonly problem: string;
  readonly hint?: string;
}

/**
 * Splits `user@host:port`. An IPv6 address may stand bare (then it has no port) or in brackets; ranges (`node[01:20]:22`)
 * stay in the host.
 */
export function splitAddress(text: string): Address | Refusal {
  const plain = PLAIN.exec(text);
  if (plain) {
    const [, user, host = '', port] = plain;
    return withPort(user === undefined ? { host } : { host, user }, port);
  }
  const at = text.lastIndexOf('@');
  if (at === 0) return { problem: `${text} has no user before the @` };
  const user = at > 0 ? { user: text.slice(0, at) } : {};
  const rest = text.slice(at + 1);
  const bracketed = /^\[([^[\]]*)\](?::(\d+))?$/.exec(rest);
  if (bracketed && isIPv6(bracketed[1] ?? '')) return withPort({ host: bracketed[1] ?? '', ...user }, bracketed[2]);
  if (isIPv6(rest.replace(/\[[^\]]*\]/g, '1'))) return { host: rest, ...user };
  const port = /^((?:[^:[\]]|\[[^\]]*\])*):(\d+)$/.exec(rest);
  if (port) return withPort({ host: port[1] ?? '', ...user }, port[2]);
  if (/:/.test(rest.replace(/\[[^\]]*\]/g, ''))) {
    const hint = rest.endsWith(':') ? yamlHint(rest) : 'an IPv6 address with a port is written [2001:db8::1]:22';
    return { problem: `${text} is neither a host nor host:port`, hint };
  }
  return { host: rest, ...user };
}

/** Most entries of most inventories. */
const PLAIN = /^(?:([\w.-]+)@)?([\w.-]+)(?::(\d+))?$/;

function yamlHint(text: string): string {
  return `a port must follow ${text} (the name of a YAML inventory ends in .yaml or .yml)`;
}

function withPort(address: Address, digits: string | undefined): Address | Refusal {
  if (digits === undefined) return address;
  const port = Number(digits);
  if (port < 1 || port > 65535) return { problem: `${digits} is no port; ports are 1 to 65535` };
  return { ...address, port };
}

/** An IPv6 address in any spelling of RFC 4291, a zone (`%eth0`) too. */
export function isIPv6(text: string): boolean {
  if (!text.includes(':')) return false;
  const [address = '', zone, ...more] = text.split('%');
  if (more.length > 0 || (zone !== undefined && !/^[\w.-]+$/.test(zone))) return false;
  const halves = address.split('::');
  if (halves.length > 2) return false;
  const fields = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = fields.at(-1) ?? '';
  const embedded = last.includes('.') && !address.endsWith('::');
  if (embedded && !isIPv4(last)) return false;
  const hex = embedded ? fields.slice(0, -1) : fields;
  if (!hex.every((field) => /^[0-9a-fA-F]{1,4}$/.test(field))) return false;
  const count = hex.length + (embedded ? 2 : 0);
  return halves.length === 2 ? count <= 7 : count === 8;
}

function isIPv4(text: string): boolean {
  const fields = text.split('.');
  return fields.length === 4 && fields.every((field) => /^\d{1,3}$/.test(field) && Number(field) <= 255);
}

/**
 * Why a host may not have this name, or undefined. Names become file names (`LOCALDIR/host`), arguments of programs and
 * text on terminals.
 */
export function refuseHostName(name: string): Refusal | undefined {
  if (SAFE.test(name) && !name.includes('..')) return undefined;
  const shown = JSON.stringify(name);
  if (name === '') return { problem: 'a host needs a name' };
  if (name === '---') return { problem: '--- is no host', hint: 'the name of a YAML inventory ends in .yaml or .yml' };
  if (name.startsWith('-')) return { problem: `${shown} is no host name: a program could take it for an option` };
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Z}\ufffd]/u.test(name)) {
    return { problem: `${shown} is no host name: it holds a blank or an invisible character` };
  }
  if (/[/\\]/.test(name) || name.includes('..') || name === '.') {
    return { problem: `${shown} is no host name: it could be a path` };
  }
  if (name.length > LONGEST) return { problem: `a host name of ${name.length} characters is too long` };
  if (name.includes('@')) return { problem: `${shown} is no host name`, hint: atHint(name) };
  if (/[[\],!&~*?;|<>()`$"'{}#]/.test(name)) return { problem: `${shown} is no host name: it holds ${special(name)}` };
  return undefined;
}

const SAFE = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}$/;
/** RFC 1035, and what file systems take. */
const LONGEST = 253;

function special(name: string): string {
  return /[[\],!&~*?;|<>()`$"'{}#]/.exec(name)?.[0] ?? '';
}

function atHint(name: string): string {
  const index = name.lastIndexOf('@');
  return `write ${name.slice(index + 1)} ansible_user=${name.slice(0, index)}`;
}
