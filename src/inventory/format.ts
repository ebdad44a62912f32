import { isIPv6 } from './address.ts';

/** How a source is read. `json` and `yaml` take the YAML tree and what an inventory program prints. */
export type InventoryFormat = 'ini' | 'yaml' | 'json' | 'pssh' | 'script';

/**
 * The format of a file that is not executable: by its ending, else INI where a line is `[name]` alone or has `key=value`
 * behind the host, else a hosts file of pssh.
 */
export function detectFormat(path: string, text: string): InventoryFormat {
  if (/\.ya?ml$/.test(path)) return 'yaml';
  if (path.endsWith('.json')) return 'json';
  return text.split(/\r\n|\n|\r/).some(isIniLine) ? 'ini' : 'pssh';
}

function isIniLine(line: string): boolean {
  const text = line.trim();
  if (text === '' || text.startsWith('#') || text.startsWith(';')) return false;
  const section = /^\[(.*)\]\s*(?:#.*)?$/.exec(text);
  if (section) return !isIPv6(section[1] ?? '');
  return /\s[^\s#=]+=/.test(text.replace(/(^|\s)#.*/, ''));
}

/** Whether the system would start a file that is executable: text without `#!` it would not, whatever its mode says. */
export function isProgram(bytes: Uint8Array): boolean {
  return (bytes[0] === 0x23 && bytes[1] === 0x21) || bytes.subarray(0, 512).includes(0);
}
