/**
 * The parts of a name from a host, fit to be joined to a directory of ours; or why it is refused. `./a//b/` is `a`, `b`.
 */
export function memberParts(path: string): readonly string[] | string {
  if (path.includes('\0')) return 'its name holds a NUL';
  if (path.startsWith('/')) return 'its name is absolute';
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return 'its name leads out with ".."';
  if (path.length > 4096 || parts.some((part) => Buffer.byteLength(part) > 255)) return 'its name is too long';
  return parts;
}

/**
 * Why a link would lead out of the tree whose directories `above` it are real; undefined where it cannot. `..` may only
 * come first: behind a name it could step through another link.
 */
export function linkProblem(target: string, above: number): string | undefined {
  if (target === '' || target.includes('\0')) return 'its target is no path';
  if (target.startsWith('/')) return 'it is a link to an absolute path';
  const parts = target.split('/').filter((part) => part !== '' && part !== '.');
  const up = parts.findIndex((part) => part !== '..');
  const leading = up < 0 ? parts.length : up;
  if (parts.slice(leading).includes('..')) return 'its target has ".." behind a name';
  return leading > above ? 'it is a link out of the tree' : undefined;
}

/** Whether a host's name can be a directory's. */
export function isDirectoryName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\u0000-\u001f\u007f]/.test(name) && name.length <= 255;
}
