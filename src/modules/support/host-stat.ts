/**
 * For `stat -c` of coreutils and of busybox: both know these. One field a line; user and group names come last but two, since
 * they may hold blanks.
 */
export const STAT_FORMAT = '%f %u %g %s %X %Y %Z %i %d %h %b %t %T\n%U\n%G\n%x\n%y\n%z';

/** One file as `stat` sees it. Times are epoch seconds with a fraction where the host tells it. */
export interface HostStat {
  readonly type: 'file' | 'directory' | 'link' | 'character' | 'block' | 'fifo' | 'socket';
  /** Permission bits, setuid and sticky included. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** `UNKNOWN` where the id has no name. */
  readonly user: string;
  readonly group: string;
  readonly size: number;
  readonly atime: number;
  readonly mtime: number;
  readonly ctime: number;
  readonly inode: number;
  readonly device: number;
  readonly links: number;
  /** Of 512 bytes. */
  readonly blocks: number;
  /** Of a device file. */
  readonly major: number;
  readonly minor: number;
}

const TYPES: ReadonlyMap<number, HostStat['type']> = new Map([
  [0o100000, 'file'],
  [0o040000, 'directory'],
  [0o120000, 'link'],
  [0o020000, 'character'],
  [0o060000, 'block'],
  [0o010000, 'fifo'],
  [0o140000, 'socket'],
]);

/** What `stat -c STAT_FORMAT` printed; undefined where it printed nothing. */
export function parseStat(text: string): HostStat | undefined {
  const [numbers = '', user = '', group = '', atime = '', mtime = '', ctime = ''] = text.split('\n');
  const words = numbers.split(' ');
  if (words.length !== 13) return undefined;
  const hex = (index: number) => Number.parseInt(words[index] ?? '0', 16);
  const decimal = (index: number) => Number(words[index]);
  const raw = hex(0);
  const type = TYPES.get(raw & 0o170000);
  if (!type) return undefined;
  return {
    type,
    mode: raw & 0o7777,
    uid: decimal(1),
    gid: decimal(2),
    user,
    group,
    size: decimal(3),
    atime: decimal(4) + fraction(atime),
    mtime: decimal(5) + fraction(mtime),
    ctime: decimal(6) + fraction(ctime),
    inode: decimal(7),
    device: decimal(8),
    links: decimal(9),
    blocks: decimal(10),
    major: hex(11),
    minor: hex(12),
  };
}

/** coreutils writes `2024-01-02 03:04:05.678900000 +0100`, busybox without the fraction. */
function fraction(time: string): number {
  const digits = /:\d\d\.(\d+)/.exec(time)?.[1];
  return digits === undefined ? 0 : Number(`0.${digits}`);
}

/** A file under the names that Ansible's `stat` and `find` give. Times are epoch seconds. */
export function statValues(stat: HostStat): Record<string, string | number | boolean> {
  const { mode, type } = stat;
  const bits = (names: readonly string[], who: string, shift: number) =>
    names.map((name, index) => [`${name}${who}`, ((mode >> shift) & (4 >> index)) !== 0]);
  return {
    mode: `0${mode.toString(8).padStart(3, '0')}`,
    isdir: type === 'directory',
    ischr: type === 'character',
    isblk: type === 'block',
    isreg: type === 'file',
    isfifo: type === 'fifo',
    islnk: type === 'link',
    issock: type === 'socket',
    uid: stat.uid,
    gid: stat.gid,
    size: stat.size,
    inode: stat.inode,
    dev: stat.device,
    nlink: stat.links,
    atime: stat.atime,
    mtime: stat.mtime,
    ctime: stat.ctime,
    ...Object.fromEntries(bits(['r', 'w', 'x'], 'usr', 6)),
    ...Object.fromEntries(bits(['r', 'w', 'x'], 'grp', 3)),
    ...Object.fromEntries(bits(['r', 'w', 'x'], 'oth', 0)),
    isuid: (mode & 0o4000) !== 0,
    isgid: (mode & 0o2000) !== 0,
    ...(stat.user === 'UNKNOWN' ? {} : { pw_name: stat.user }),
    ...(stat.group === 'UNKNOWN' ? {} : { gr_name: stat.group }),
  };
}
