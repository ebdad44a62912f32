/**
 * A regular expression for a shell pattern, with the meaning of Python's `fnmatch`: `*`, `?`, `[seq]`, `[!seq]`; case counts.
 * A bracket that is not closed is a character like others.
 */
export function globPattern(glob: string): RegExp {
  let source = '';
  for (let index = 0; index < glob.length; ) {
    const end = glob[index] === '[' ? classEnd(glob, index) : -1;
    if (end >= 0) source += classSource(glob.slice(index + 1, end));
    else if (glob[index] !== '*' || glob[index - 1] !== '*') source += characterSource(glob[index] ?? '');
    index = Math.max(index, end) + 1;
  }
  return new RegExp(`^${source}$`, 's');
}

function characterSource(character: string): string {
  if (character === '*') return '.*';
  return character === '?' ? '.' : character.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
}

/** A `]` right behind the opening, or behind its `!`, is a member. */
function classEnd(glob: string, start: number): number {
  let index = start + 1;
  if (glob[index] === '!') index++;
  if (glob[index] === ']') index++;
  return glob.indexOf(']', index);
}

function classSource(inner: string): string {
  const negated = inner.startsWith('!');
  const members = negated ? inner.slice(1) : inner;
  let source = '';
  for (let index = 0; index < members.length; index++) {
    const [from = '', dash, to] = members.slice(index, index + 3);
    if (dash === '-' && to !== undefined) {
      index += 2;
      // A range that runs backwards holds nothing.
      if (from <= to) source += `${escapeMember(from)}-${escapeMember(to)}`;
    } else source += escapeMember(from);
  }
  return source === '' && !negated ? '(?!)' : `[${negated ? '^' : ''}${source}]`;
}

function escapeMember(character: string): string {
  return /[\\\]^[-]/.test(character) ? `\\${character}` : character;
}
