import type { Connection, Identity } from '../../model/connection.ts';
import { KprepError } from '../../shared/errors.ts';
import { sh } from '../../shared/sh.ts';
import { printableLine } from '../../shared/text.ts';
import { sanitise } from '../sanitise.ts';
import { type Answer, type FrameLimits, failureOf, runOwn } from './frames.ts';
import { type Kept, makeLocalTree } from './local-tree.ts';
import { makeTarReader } from './tar-read.ts';

export interface GetOptions extends FrameLimits {
  /** Links of the host: `keep` them (default), or `follow` them and fetch what they lead to. */
  readonly links?: 'keep' | 'follow';
  /** Bytes of all files together; more is refused. Default 4 GiB. */
  readonly maxBytes?: number;
}

export interface GetRequest {
  readonly connection: Connection;
  readonly identity: Identity;
  /** Paths of the host, with `*`, `?` and `[…]`; relative to the login directory, `~/` is the user's home. */
  readonly paths: readonly string[];
  /** The directory of this host: everything goes below it, under its whole path. */
  readonly localDir: string;
  readonly options?: GetOptions;
}

const MAX_BYTES = 4 * 1024 ** 3;

/**
 * Fetches files and trees of a host as one tar stream, read by our own reader. What came whole is kept even where something
 * else failed.
 * @throws KprepError `task` with the host's words, or naming what was refused; `unreachable`, `become`, `timeout`, `cancelled`.
 */
export async function getTree(request: GetRequest): Promise<Kept> {
  const { connection, identity, paths, localDir, options = {} } = request;
  const shell = await connection.shell(identity);
  const tree = makeLocalTree({ root: localDir, maxBytes: options.maxBytes ?? MAX_BYTES });
  const reader = makeTarReader(tree);
  const stop = new AbortController();
  let broken: Error | undefined;
  const take = (chunk: Buffer): void => {
    if (broken) return;
    try {
      reader.push(chunk);
    } catch (error) {
      broken = localError(error as Error);
      stop.abort();
    }
  };
  const { timeout, signal } = options;
  const running = runOwn(shell, {
    script: scriptOf(paths, options),
    ...(timeout === undefined ? {} : { timeout }),
    signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
    maxOutput: KEPT_WORDS,
    onOutput: (stream, chunk) => {
      if (stream === 'stdout') take(chunk);
    },
  });
  try {
    const answer = await running;
    return judge(answer, tree.close(), reader.complete);
  } catch (error) {
    throw broken ?? (isLost(error) ? lostFetching(error) : error);
  } finally {
    tree.abandon();
  }
}

/** Of each stream: what the host says on stderr. */
const KEPT_WORDS = 64 * 1024;

function judge(answer: Answer, kept: Kept, complete: boolean): Kept {
  const { status, stderr } = answer;
  const [refused, ...more] = kept.refused;
  if (refused !== undefined) {
    const rest = more.length > 0 ? `, and ${more.length} more` : '';
    throw new KprepError('task', `not everything was taken: ${printableLine(refused)}${rest}`, {
      remedy: 'What is safe was fetched. --links follow fetches what links lead to.',
    });
  }
  const words = sanitise(stderr)
    .split('\n')
    .map((line) => line.replace(/^tar: /, ''))
    .filter((line) => !/exit(?:ing)? (?:with|delayed)|due to previous errors/i.test(line));
  const first = /^kprep: (.*)$/m.exec(words.join('\n'))?.[1] ?? words[0];
  if (status !== 0) throw first ? new KprepError('task', `cannot fetch all of it: ${first}`) : failureOf(answer, 'tar');
  if (!complete) throw new KprepError('task', 'what the host sent ended early');
  return kept;
}

/** Fetching changes nothing there: what came of it is known. */
const lostFetching = (cause: unknown): KprepError =>
  new KprepError('unreachable', 'the connection was lost while files were on their way', {
    remedy: 'what came whole was kept; run again',
    cause,
  });

function isLost(error: unknown): boolean {
  return error instanceof KprepError && error.kind === 'lost';
}

function localError(error: Error): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof KprepError || code === undefined) return error;
  return new KprepError('task', `cannot write on this machine: ${error.message}`, { cause: error });
}

/** An empty IFS: names are expanded as patterns and not split. `./` keeps tar from taking a name for an option. */
function scriptOf(paths: readonly string[], { links }: GetOptions) {
  return sh`kp_fail() { printf 'kprep: %s\n' "$1" >&2; exit 1; }
command -v tar >/dev/null 2>&1 || kp_fail "there is no tar on the host"
kp_home=$HOME; kp_old=$IFS; kp_here=$(pwd -P); kp_missing=; IFS=
set -- ${paths}
kp_count=$#
for kp_p; do
  shift
  case $kp_p in "~/"*) kp_p=$kp_home/\${kp_p#"~/"} ;; esac
  kp_any=
  for kp_m in $kp_p; do
    if [ ! -e "$kp_m" ] && [ ! -L "$kp_m" ]; then continue; fi
    kp_any=yes
    case $kp_m in /*) set -- "$@" ".$kp_m" ;; *) set -- "$@" ".$kp_here/$kp_m" ;; esac
  done
  if [ -z "$kp_any" ]; then kp_missing=$kp_p; fi
done
IFS=$kp_old
[ -z "$kp_missing" ] || printf 'kprep: nothing on the host is called %s\n' "$kp_missing" >&2
if [ "$#" -eq 0 ]; then exit 1; fi
tar -c${{ script: links === 'follow' ? sh`h` : sh`` }}f - -C / "$@" || exit 1
[ -z "$kp_missing" ]`;
}
