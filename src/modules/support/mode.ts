/** Umask that new files and modes without a "who" (`+x`) are made with. */
export const UMASK = 0o022;

export interface ModeBase {
  /** Permission bits as they are. */
  readonly mode: number;
  readonly directory: boolean;
}

/** Octal digits of a mode as `chmod` would make it of `base`: `u=rw,g=r`, `a+rX`, `0644`. */
export function resolveMode(mode: string, base: ModeBase): string {
  const bits = /^[0-7]+$/.test(mode) ? Number.parseInt(mode, 8) & 0o7777 : symbolic(mode, base);
  return octal(bits);
}

/** Four octal digits, as Ansible reports modes. */
export function octal(bits: number): string {
  return `0${(bits & 0o7777).toString(8).padStart(3, '0')}`;
}

type Who = 'u' | 'g' | 'o';
const SHIFT = { u: 6, g: 3, o: 0 } as const;
const SPECIAL = { u: 0o4000, g: 0o2000, o: 0o1000 } as const;

function symbolic(text: string, base: ModeBase): number {
  let mode = base.mode;
  for (const clause of text.split(',')) {
    const who = /^[ugoa]*/.exec(clause)?.[0] ?? '';
    const users: readonly Who[] = who === '' || who.includes('a') ? ['u', 'g', 'o'] : ([...who] as Who[]);
    for (const [, operator = '', perms = ''] of clause.slice(who.length).matchAll(/([-+=])([rwxXstugo]*)/g)) {
      for (const user of users) {
        mode = applied({ mode, operator, user, bits: bitsOf(perms, user, { base, umask: who === '' ? UMASK : 0 }) });
      }
    }
  }
  return mode;
}

interface Step {
  readonly mode: number;
  readonly operator: string;
  readonly user: Who;
  readonly bits: number;
}

function applied({ mode, operator, user, bits }: Step): number {
  if (operator === '+') return mode | bits;
  if (operator === '-') return mode & ~bits;
  return (mode & ~((7 << SHIFT[user]) | SPECIAL[user])) | bits;
}

interface Granting {
  readonly base: ModeBase;
  readonly umask: number;
}

function bitsOf(perms: string, user: Who, granting: Granting): number {
  return [...perms].reduce((bits, letter) => bits | bitsOfLetter(letter, user, granting), 0);
}

function bitsOfLetter(letter: string, user: Who, { base, umask }: Granting): number {
  const plain = (value: number) => (value << SHIFT[user]) & ~umask;
  switch (letter) {
    case 'r':
      return plain(4);
    case 'w':
      return plain(2);
    case 'x':
      return plain(1);
    case 'X':
      return base.directory || base.mode & 0o111 ? 1 << SHIFT[user] : 0;
    case 's':
      return user === 'o' ? 0 : SPECIAL[user];
    case 't':
      return user === 'o' ? SPECIAL.o : 0;
    default:
      return ((base.mode >> SHIFT[letter as Who]) & 7) << SHIFT[user];
  }
}
