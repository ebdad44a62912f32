import { joinScripts, quote, type Script, sh } from '../../shared/sh.ts';

/**
 * A path of the host as one shell word. `~`, `~user`, `$NAME` and `${NAME}` mean what they mean on the host; a name that is
 * not set there stays as written (Ansible's type `path`: Python's `expanduser(expandvars(…))`). Everything else is literal.
 */
export function remoteWord(path: string): Script {
  const home = /^~([A-Za-z_][\w.-]*)?(?=\/|$)/.exec(path)?.[0];
  const rest = home === undefined ? path : path.slice(home.length);
  const words = rest
    .split(/(\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\}))/)
    .map((part, index) => (index % 2 === 1 ? variable(part) : part === '' ? ('' as Script) : quote(part)));
  const start = home === undefined ? [] : [home === '~' ? sh`"\${HOME:-/}"` : (home as Script)];
  return joinScripts([...start, ...words], '') || quote('');
}

/** Whether the path can only be known on the host. */
export function isExpanded(path: string): boolean {
  return remoteWord(path) !== quote(path);
}

/** A variable's value, or its spelling where it is not set. */
function variable(part: string): Script {
  const name = part.replace(/[${}]/g, '');
  return `"\${${name}-\\${part.replace('}', '\\}')}}"` as Script;
}

/**
 * A glob pattern as one shell word: `*`, `?` and plain bracket expressions stay alive, everything else is literal.
 * `~` and variables at the front mean what they mean on the host.
 */
export function globWord(pattern: string): Script {
  const parts = pattern.split(/(\*|\?|\[!?[\w.-]+\])/);
  const words = parts.map((part, index) => {
    if (index % 2 === 1) return part as Script;
    if (part === '') return '' as Script;
    return index === 0 ? remoteWord(part) : quote(part);
  });
  return joinScripts(words, '') || quote('');
}

export function hasGlob(pattern: string): boolean {
  return /[*?]|\[!?[\w.-]+\]/.test(pattern);
}
