import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Connection, Identity, Shell } from '../../model/connection.ts';
import type { Content } from '../../model/content.ts';
import { KprepError } from '../../shared/errors.ts';
import { quote, type Script, sh } from '../../shared/sh.ts';
import type { Answer, FrameLimits } from './frames.ts';
import { runOwn } from './frames.ts';
import { pathWord } from './survey.ts';

export interface ReceiveRequest {
  readonly connection: Connection;
  readonly identity: Identity;
  readonly shell: Shell;
  readonly base: string;
  /** How the stream is made: `tar`, or our own framing for hosts without tar. */
  readonly format: 'tar' | 'own';
  /** The whole stream; read once, as fast as the host takes it. */
  readonly stream: AsyncIterable<Buffer>;
  readonly limits: FrameLimits;
}

/** What goes into one frame needs no channel of its own. */
const INLINE = 12 * 1024;

/**
 * Hands a stream to the receiving script and gives what the script said. Large streams come through a channel of their own
 * into a named pipe, so that the script is a step like any other: guarded, bounded in time, killed with all it started.
 * @throws what `stream` throws; KprepError `lost`, `cancelled`, `timeout`, `unreachable`.
 */
export async function receive(request: ReceiveRequest): Promise<Answer> {
  const { shell, stream, limits } = request;
  const iterator = stream[Symbol.asyncIterator]();
  const start = await readAhead(iterator);
  if (start.done) {
    const stdin = inMemory(Buffer.concat(start.chunks));
    return await runOwn(shell, { script: scriptOf(request, undefined), stdin, ...limits });
  }
  return await throughDoor(request, both(start.chunks, iterator));
}

async function readAhead(iterator: AsyncIterator<Buffer>): Promise<{ chunks: Buffer[]; done: boolean }> {
  const chunks: Buffer[] = [];
  for (let size = 0; size <= INLINE; ) {
    const next = await iterator.next();
    if (next.done) return { chunks, done: true };
    chunks.push(next.value);
    size += next.value.length;
  }
  return { chunks, done: false };
}

async function* both(chunks: readonly Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield* chunks;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

function inMemory(bytes: Buffer): Content {
  return { size: bytes.length, bytes, sha256: '', sha1: '', stream: () => Readable.from([bytes]) };
}

async function throughDoor(request: ReceiveRequest, stream: AsyncIterable<Buffer>): Promise<Answer> {
  const { connection, shell, identity, limits } = request;
  const stop = new AbortController();
  const signal = limits.signal ? AbortSignal.any([limits.signal, stop.signal]) : stop.signal;
  const door: Door = { names: [hex(), hex()], open: identity.method !== 'none' };
  let sending: Promise<Error | undefined> | undefined;
  let heard = '';
  const begin = (): void => {
    const path = /^kprep-door (\S+)\n/m.exec(heard)?.[1];
    if (path === undefined || sending !== undefined) return;
    sending = send({ connection, path, stream, signal: stop.signal }).then((error) => {
      // Without its sender the script would wait for ever.
      if (error) stop.abort();
      return error;
    });
  };
  const running = runOwn(shell, {
    script: scriptOf(request, door),
    ...limits,
    signal,
    onOutput: (from, chunk) => {
      if (from !== 'stdout' || sending !== undefined) return;
      heard += chunk.toString('latin1');
      begin();
    },
  });
  const answer = await running.catch((error: Error) => error);
  stop.abort();
  const error = await sending;
  if (error) throw error;
  if (answer instanceof Error) throw answer;
  return answer;
}

function hex(): string {
  return randomBytes(16).toString('hex');
}

interface Sending {
  readonly connection: Connection;
  readonly path: string;
  readonly stream: AsyncIterable<Buffer>;
  readonly signal: AbortSignal;
}

/** Constant: `ps` shows it to everybody. The path is the first line of the input, the second wakes the reader. */
const FEEDER = sh`IFS= read -r p && exec cat >"$p"`;

/** Gives the error of the source, or of a channel that cannot be had; what the host makes of it is said by the script. */
async function send({ connection, path, stream, signal }: Sending): Promise<Error | undefined> {
  let broken: Error | undefined;
  async function* input(): AsyncGenerator<Buffer> {
    yield Buffer.from(`${path}\n\n`);
    try {
      yield* stream;
    } catch (error) {
      // Given up because the other end went: its own words tell why.
      if ((error as NodeJS.ErrnoException).code !== 'ABORT_ERR') broken = error as Error;
    }
  }
  const stdin: Content = { size: 0, sha256: '', sha1: '', stream: () => Readable.from(input()) };
  const command = `exec /bin/sh -c ${quote(FEEDER)}`;
  try {
    await connection.exec(command, { stdin, signal, maxOutput: 4096 });
  } catch (error) {
    // That the connection went, the script's own end says.
    if (!(error instanceof KprepError && error.kind === 'lost')) broken ??= error as Error;
  }
  return broken;
}

interface Door {
  readonly names: readonly [string, string];
  /** Others than the shell's user must get in: by a name that cannot be guessed or listed. */
  readonly open: boolean;
}

function scriptOf({ base, format }: ReceiveRequest, door: Door | undefined): Script {
  return sh`kp_base=${pathWord(base)}
${{ script: PREAMBLE }}
${{ script: door === undefined ? sh`exec 8<&0` : doorScript(door) }}
mkdir "$kp_stage/t" || exit 1
${{ script: format === 'tar' ? UNTAR : UNFRAME }}
[ -f "$kp_stage/plan" ] || kp_fail "not all of it arrived; nothing was changed"
${{ script: FUNCTIONS }}`;
}

const PREAMBLE = sh`kp_fail() { printf 'kprep: %s\n' "$1" >&2; exit 1; }
kp_stage= kp_door=
kp_bye() {
  trap "" HUP INT TERM
  [ -z "$kp_stage" ] || rm -rf "$kp_stage"
  [ -z "$kp_door" ] || rm -rf "$kp_door"
}
trap kp_bye EXIT
trap 'exit 143' HUP INT TERM
cd "$kp_base" || kp_fail "cannot enter $kp_base"
kp_said=$(mktemp -d ./.kprep.XXXXXX 2>&1) || kp_fail "cannot make a temporary directory in $kp_base: \${kp_said##*: }"
kp_stage=$kp_said
# Where even this shell is killed: one outside of its group, which nobody kills, removes what is left.
if command -v setsid >/dev/null 2>&1; then setsid /bin/sh -c 'trap "" HUP INT TERM
while kill -0 "$1"; do sleep 1; done
rm -rf "$2"' sh "$$" "$kp_stage" >/dev/null 2>&1 </dev/null & fi`;

/** Opened for both directions first: neither side waits for the other, and the end is not seen before there was a begin. */
function doorScript({ names: [outer, inner], open }: Door): Script {
  return sh`kp_dir=.kprep-${outer}
mkdir -m ${open ? '711' : '700'} "/tmp/$kp_dir" 2>/dev/null && kp_door=/tmp/$kp_dir
if [ -z "$kp_door" ]; then mkdir -m ${open ? '711' : '700'} "/var/tmp/$kp_dir" && kp_door=/var/tmp/$kp_dir || exit 1; fi
mkfifo -m ${open ? '622' : '600'} "$kp_door/${{ script: inner as Script }}" || exit 1
exec 7<>"$kp_door/${{ script: inner as Script }}" 8<"$kp_door/${{ script: inner as Script }}"
printf 'kprep-door %s\n' "$kp_door/${{ script: inner as Script }}"
IFS= read -r kp_line <&8 || exit 1
exec 7>&-
rm -rf "$kp_door"; kp_door=`;
}

/** Busybox opens files with their modes and leaves it at that; nobody can enter the directory around them. */
const UNTAR = sh`(umask 0; exec tar -xpof - -C "$kp_stage") <&8 || exit 1`;

/** A line for each member, the content behind it. dd reads no byte too many, in coreutils and in busybox. */
const UNFRAME = sh`kp_bytes() {
  if [ "$1" -ge 65536 ]; then dd bs=65536 count="$(($1 / 65536))" iflag=fullblock 2>/dev/null <&8 || return 1; fi
  if [ "$(($1 % 65536))" -gt 0 ]; then dd bs="$(($1 % 65536))" count=1 iflag=fullblock 2>/dev/null <&8 || return 1; fi
}
while IFS=' ' read -r kp_type kp_mode kp_mtime kp_size <&8; do
  IFS= read -r kp_name <&8 && IFS= read -r kp_target <&8 || exit 1
  kp_to=$kp_stage/$kp_name
  # Directories that are at the final place already are not sent.
  [ -d "\${kp_to%/*}" ] || mkdir -p "\${kp_to%/*}" || exit 1
  case $kp_type in
  d) mkdir -m "$kp_mode" "$kp_to" || exit 1 ;;
  l) ln -s "$kp_target" "$kp_to" || exit 1 ;;
  f)
    kp_bytes "$kp_size" >"$kp_to" || kp_fail "cannot write $kp_name: no space left on device"
    [ "$(($(wc -c <"$kp_to")))" -eq "$kp_size" ] || kp_fail "not all of it arrived; nothing was changed"
    chmod "$kp_mode" "$kp_to" && touch -d "@$kp_mtime" "$kp_to" || exit 1 ;;
  esac
done`;

/**
 * What the plan calls; it is read twice: first everything is checked, then it is done. A target that is a directory by now
 * is refused; were it swapped later still, mv refuses: it is given the directory around the target, never the target.
 */
const FUNCTIONS = sh`kp_t=$kp_stage/t
kp_own() { :; }; kp_pre() { :; }; kp_set() { :; }; kp_rm() { :; }
kp_mv() {
  kp_to=$1; shift
  [ -d "$kp_to" ] && [ ! -L "$kp_to" ] || kp_fail "$kp_to is no directory any more; nothing was changed"
  for kp_n; do
    if [ -d "$kp_to/$kp_n" ] && [ ! -L "$kp_to/$kp_n" ]; then kp_fail "$kp_base/$kp_to/$kp_n is a directory; nothing was changed"; fi
  done
}
. "$kp_stage/plan"
kp_own() { kp_o=$1; shift; for kp_n; do chown -hR "$kp_o" "$kp_t/$kp_n" || exit 1; done; }
kp_pre() { chmod "$1" "$kp_t/$2" || exit 1; }
kp_mv() {
  kp_to=$1; shift
  for kp_n; do shift; set -- "$@" "$kp_t/$kp_to/$kp_n"; done
  mv -f "$@" "$kp_to/" </dev/null || exit 1
}
kp_set() {
  [ -z "$4" ] || chown -h "$4" "$1" || exit 1
  [ "$2" = - ] || chmod "$2" "$1" || exit 1
  [ "$3" = - ] || touch -c -d "@$3" "$1" || exit 1
}
kp_rm() { rm -rf "$@" || exit 1; }
. "$kp_stage/plan"
if [ -e /sys/fs/selinux/enforce ] && command -v restorecon >/dev/null 2>&1; then
  kp_mv() { kp_to=$1; shift; for kp_n; do restorecon -R "$kp_to/$kp_n" 2>/dev/null; done; }
  kp_own() { :; }; kp_pre() { :; }; kp_set() { :; }; kp_rm() { :; }
  . "$kp_stage/plan"
fi
exit 0`;
