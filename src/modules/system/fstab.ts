/** One line of an fstab; `entry` where it is one (fstab(5)), its fields decoded. */
export interface FstabLine {
  readonly raw: string;
  readonly entry?: FstabEntry;
}

export interface FstabEntry {
  /** Device, UUID=, LABEL=, file. */
  readonly spec: string;
  /** Mount point. */
  readonly file: string;
  readonly vfstype: string;
  readonly opts: string;
  readonly freq: string;
  readonly passno: string;
}

export function parseFstab(text: string): readonly FstabLine[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map(parseLine);
}

function parseLine(raw: string): FstabLine {
  const fields = raw.trim().split(/[ \t]+/);
  const [spec = '', file, vfstype, opts = 'defaults', freq = '0', passno = '0'] = fields;
  if (spec === '' || spec.startsWith('#') || file === undefined || vfstype === undefined) return { raw };
  const numbers = /^\d+$/.test(freq)
    ? { freq, passno: /^\d+$/.test(passno) ? passno : '0' }
    : { freq: '0', passno: '0' };
  return {
    raw,
    entry: {
      spec: decodeField(spec),
      file: decodeField(file),
      vfstype,
      opts: opts.startsWith('#') ? 'defaults' : opts,
      ...numbers,
    },
  };
}

/** The text again; lines that were not touched are as they were, byte for byte. */
export function renderFstab(lines: readonly FstabLine[]): string {
  return lines.map((line) => `${line.raw}\n`).join('');
}

/** The line with the fields of `entry`, its blanks, tabs and what follows the sixth field kept. */
export function withFields(line: FstabLine, entry: FstabEntry): FstabLine {
  const wanted = wordsOf(entry);
  const parts = line.raw.split(/([ \t]+)/);
  let index = -1;
  const kept = parts.map((part) => {
    if (part === '' || /^[ \t]/.test(part)) return part;
    index += 1;
    return wanted[index] ?? part;
  });
  const missing = wanted.slice(index + 1);
  const raw = [kept.join('').trimEnd(), ...missing].join(' ');
  return { raw: index >= 5 ? kept.join('') : raw, entry };
}

export function newLine(entry: FstabEntry): FstabLine {
  return { raw: wordsOf(entry).join(' '), entry };
}

export function sameEntry(a: FstabEntry, b: FstabEntry): boolean {
  return (
    a.spec === b.spec &&
    a.file === b.file &&
    a.vfstype === b.vfstype &&
    a.opts === b.opts &&
    Number(a.freq) === Number(b.freq) &&
    Number(a.passno) === Number(b.passno)
  );
}

function wordsOf(entry: FstabEntry): string[] {
  return [encodeField(entry.spec), encodeField(entry.file), entry.vfstype, entry.opts, entry.freq, entry.passno];
}

/** `\040` is a blank, as getmntent(3) and the kernel's lists of mounts and swaps write it. */
export function decodeField(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

export function encodeField(field: string): string {
  return field.replace(/[ \t\n\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
