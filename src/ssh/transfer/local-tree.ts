import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  symlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { KprepError } from '../../shared/errors.ts';
import { linkProblem, memberParts } from './member.ts';
import type { TarHeader, TarSink } from './tar-read.ts';

/** What came of a stream of members. */
export interface Kept {
  readonly files: number;
  readonly bytes: number;
  /** Files whose content was the same here already. */
  readonly same: number;
  /** Members that were not taken, with the reason. */
  readonly refused: readonly string[];
}

export interface LocalTree extends TarSink {
  /** Makes the links, then sets modes and times of directories. */
  close(): Kept;
  /** Removes what is half-written. */
  abandon(): void;
}

export interface LocalTreeOptions {
  /** Exists, or is made with the first member. */
  readonly root: string;
  /** All content together may be so large. */
  readonly maxBytes: number;
}

/**
 * Writes what an untrusted host sends below one directory, and nothing anywhere else: no absolute names, no `..`, nothing
 * through links, no devices, no setuid, setgid or sticky bits. Each file is complete before it has its name. Writing is
 * synchronous: what came is on its way to the disk before more is taken from the host.
 */
export function makeLocalTree(options: LocalTreeOptions): LocalTree {
  return new Tree(options);
}

interface Open {
  readonly header: TarHeader;
  readonly path: string;
  readonly temporary: string;
  readonly file: number;
}

class Tree implements LocalTree {
  private readonly options: LocalTreeOptions;
  private readonly refused: string[] = [];
  private readonly real = new Set<string>();
  private readonly written = new Set<string>();
  private readonly directories = new Map<string, TarHeader>();
  private readonly links: { parts: readonly string[]; header: TarHeader }[] = [];
  private open: Open | undefined;
  private readonly count = { files: 0, bytes: 0, same: 0 };

  constructor(options: LocalTreeOptions) {
    this.options = options;
  }

  begin(header: TarHeader): void {
    const parts = memberParts(header.path);
    if (typeof parts === 'string') this.refuse(header, parts);
    else if (header.type === 'other') this.refuse(header, 'it is a device, a pipe or a socket');
    else if (header.type === 'link') this.links.push({ parts, header });
    else if (header.type === 'directory') this.directory(parts, header);
    else this.file(parts, header);
  }

  data(bytes: Buffer): void {
    this.count.bytes += bytes.length;
    if (this.count.bytes > this.options.maxBytes) {
      throw new KprepError('task', `the host sends more than ${this.options.maxBytes} bytes`, {
        remedy: 'allow more with --max-size, or fetch less',
      });
    }
    if (!this.open) return;
    for (let done = 0; done < bytes.length; ) done += writeSync(this.open.file, bytes, done);
  }

  end(): void {
    const { open } = this;
    if (!open) return;
    this.open = undefined;
    closeSync(open.file);
    this.place(open);
  }

  close(): Kept {
    this.abandon();
    for (const { parts, header } of this.links) this.link(parts, header);
    for (const [path, { mode, mtime }] of [...this.directories].reverse()) {
      chmodSync(path, (mode & 0o777) | 0o700);
      utimesSync(path, mtime, mtime);
    }
    return { ...this.count, refused: this.refused };
  }

  abandon(): void {
    if (!this.open) return;
    closeSync(this.open.file);
    rmSync(this.open.temporary, { force: true });
    this.open = undefined;
  }

  private refuse({ path }: TarHeader, why: string): void {
    this.refused.push(`${path}: ${why}`);
  }

  private directory(parts: readonly string[], header: TarHeader): void {
    const path = this.enter(parts, header);
    if (path !== undefined && parts.length > 0) this.directories.set(path, header);
  }

  private file(parts: readonly string[], header: TarHeader): void {
    const path = this.target(parts, header);
    if (path === undefined) return;
    const temporary = `${join(path, '..')}/.kprep-${randomBytes(6).toString('hex')}`;
    if (header.type === 'hardlink') {
      this.hardLink(path, temporary, header);
      return;
    }
    this.open = { header, path, temporary, file: openSync(temporary, 'wx', 0o600) };
  }

  /** A second name of a file that came before: it becomes a file of its own. */
  private hardLink(path: string, temporary: string, header: TarHeader): void {
    const first = memberParts(header.target);
    const from = typeof first === 'string' ? undefined : join(this.options.root, ...first);
    if (from === undefined || !this.written.has(from)) {
      this.refuse(header, 'it is a second name of a file that was not sent');
      return;
    }
    copyFileSync(from, temporary);
    this.place({ header, path, temporary, file: -1 });
  }

  private place({ header, path, temporary }: Pick<Open, 'header' | 'path' | 'temporary' | 'file'>): void {
    chmodSync(temporary, header.mode & 0o777);
    utimesSync(temporary, header.mtime, header.mtime);
    if (sameContent(path, temporary)) this.count.same += 1;
    renameSync(temporary, path);
    this.written.add(path);
    this.count.files += 1;
  }

  private link(parts: readonly string[], header: TarHeader): void {
    const problem = linkProblem(header.target, parts.length - 1);
    if (problem !== undefined) {
      this.refuse(header, problem);
      return;
    }
    const path = this.target(parts, header);
    if (path === undefined) return;
    const temporary = `${join(path, '..')}/.kprep-${randomBytes(6).toString('hex')}`;
    symlinkSync(header.target, temporary);
    lutimesSync(temporary, header.mtime, header.mtime);
    renameSync(temporary, path);
    this.count.files += 1;
  }

  /** Where a file or link may be put; its directory is made. */
  private target(parts: readonly string[], header: TarHeader): string | undefined {
    if (parts.length === 0) {
      this.refuse(header, 'it has no name');
      return undefined;
    }
    const parent = this.enter(parts.slice(0, -1), header);
    if (parent === undefined) return undefined;
    const path = join(parent, parts.at(-1) ?? '');
    if (!look(path)?.isDirectory()) return path;
    this.refuse(header, `${path} is a directory here`);
    return undefined;
  }

  /** A real directory below the root, made where it is missing; never entered through a link. */
  private enter(parts: readonly string[], header: TarHeader): string | undefined {
    let path = this.options.root;
    if (!this.real.has(path)) mkdirSync(path, { recursive: true });
    this.real.add(path);
    for (const part of parts) {
      path = join(path, part);
      if (this.real.has(path)) continue;
      const there = look(path);
      if (!there) mkdirSync(path, 0o755);
      else if (!there.isDirectory()) {
        this.refuse(header, `${path} is no directory here`);
        return undefined;
      }
      this.real.add(path);
    }
    return path;
  }
}

function look(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function sameContent(path: string, other: string): boolean {
  const [one, two] = [look(path), look(other)];
  if (!one?.isFile() || !two || one.size !== two.size) return false;
  const files = [openSync(path, 'r'), openSync(other, 'r')] as const;
  const buffers = [Buffer.alloc(256 * 1024), Buffer.alloc(256 * 1024)] as const;
  try {
    for (;;) {
      const size = readSync(files[0], buffers[0]);
      if (readSync(files[1], buffers[1]) !== size) return false;
      if (size === 0) return true;
      if (!buffers[0].subarray(0, size).equals(buffers[1].subarray(0, size))) return false;
    }
  } finally {
    for (const file of files) closeSync(file);
  }
}
