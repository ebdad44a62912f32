import { str } from '../runtime/text.ts';
import { dictGet, Fault, isDict, type Py } from '../runtime/values.ts';

/** The parts of a URL, as `urllib.parse.urlsplit` has them. */
export function splitUrl(url: string, part: Py): Py {
  const parts = urlParts(url);
  if (part === undefined || part === '') return parts;
  const value = isDict(parts) ? dictGet(parts, part) : undefined;
  if (value === undefined) throw new Fault(`urlsplit: unknown URL component: ${str(part)}`);
  return value;
}

function urlParts(url: string): Readonly<Record<string, Py>> {
  const [, scheme = '', afterScheme = ''] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(.*)$/s.exec(url.trim()) ?? [];
  const [, netloc = '', rest = ''] = /^(?:\/\/([^/?#]*))?(.*)$/s.exec(afterScheme) ?? [];
  const [, path = '', query = '', fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(rest) ?? [];
  const { hostname, port } = hostOf(netloc);
  const { username, password } = userOf(netloc);
  return { fragment, hostname, netloc, password, path, port, query, scheme: scheme.toLowerCase(), username };
}

function hostOf(netloc: string): { readonly hostname: Py; readonly port: Py } {
  const place = netloc.slice(netloc.lastIndexOf('@') + 1);
  const [, bracketed, plain = '', port = ''] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/.exec(place) ?? [];
  if (port !== '' && !/^\d+$/.test(port)) throw new Fault(`urlsplit: ${port} is no port`);
  return { hostname: (bracketed ?? plain).toLowerCase() || null, port: port === '' ? null : Number(port) };
}

function userOf(netloc: string): { readonly username: Py; readonly password: Py } {
  const at = netloc.lastIndexOf('@');
  if (at < 0) return { username: null, password: null };
  const [, username = '', password] = /^([^:]*)(?::(.*))?$/s.exec(netloc.slice(0, at)) ?? [];
  return { username, password: password ?? null };
}
