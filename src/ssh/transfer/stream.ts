import { KprepError } from '../../shared/errors.ts';
import { type Script, sh } from '../../shared/sh.ts';
import type { Adjusted, PutAttributes, PutPlan } from './decide.ts';
import type { Sources } from './sources.ts';
import { type TarMember, tarStream } from './tar-write.ts';

export interface StreamRequest {
  readonly plan: PutPlan;
  readonly sources: Pick<Sources, 'read' | 'small'>;
  readonly attributes: PutAttributes;
  readonly format: 'tar' | 'own';
  /** Called with the bytes of each member of a file once it was sent. */
  readonly onSent: (bytes: number) => void;
}

/** Everything that a plan sends: the members under `t/`, then `plan`, whose presence says that all arrived. */
export function streamOf(request: StreamRequest): AsyncGenerator<Buffer> {
  const members = membersOf(request);
  return request.format === 'tar' ? tarStream(members) : framedStream(members);
}

async function* membersOf({ plan, sources, attributes, onSent }: StreamRequest): AsyncGenerator<TarMember> {
  for (const { entry, path, mode } of plan.send) {
    const { type, mtime, size, target } = entry;
    const base = { path: `t/${path}`, type, mtime, size, ...(target === undefined ? {} : { target }) };
    // What is in them has to get in first: their own modes are set at the end.
    if (type === 'directory') yield { ...base, mode: (mode & 0o777) | 0o700 };
    else if (type === 'file') {
      yield { ...base, mode, content: sources.small(entry) ?? sources.read(entry) };
      onSent(size);
    } else yield { ...base, mode: 0o777 };
  }
  const script = Buffer.from(planScript(plan, attributes));
  yield { path: 'plan', type: 'file', mode: 0o600, mtime: 0, size: script.length, content: script };
}

/** Our own framing for hosts without tar: a line of numbers, the name, what a link says, then the content. */
async function* framedStream(members: AsyncIterable<TarMember>): AsyncGenerator<Buffer> {
  for await (const { type, mode, mtime, size, path, target, content } of members) {
    if (`${path}${target ?? ''}`.includes('\n')) {
      throw new KprepError('task', `a name with a line break needs tar on the host: ${JSON.stringify(path.slice(2))}`);
    }
    yield Buffer.from(`${LETTER[type]} ${mode.toString(8)} ${mtime} ${size}\n${path}\n${target ?? ''}\n`);
    if (Buffer.isBuffer(content)) yield content;
    else if (content) yield* content;
  }
}

const LETTER = { file: 'f', directory: 'd', link: 'l' } as const;

/** Calls of the functions that the receiving script defines. */
function planScript(plan: PutPlan, attributes: PutAttributes): Script {
  const owner = ownerWord(attributes);
  const moves = [...byParent(plan.moves)].flatMap(([parent, names]) =>
    batches(names).map((batch) => sh`kp_mv ${`./${parent}`} ${batch}`),
  );
  const removals = batches(plan.remove).map((batch) => sh`kp_rm ${batch.map((path) => `./${path}`)}`);
  const lines = [...stagedOwners(plan, owner), ...moves, ...removals, ...plan.adjust.map((one) => setCall(one, owner))];
  return `${lines.join('\n')}\n` as Script;
}

/** Before anything is moved. chown takes setuid and setgid away: they are set again. */
function stagedOwners(plan: PutPlan, owner: string): Script[] {
  const all = owner === '' ? [] : batches(plan.moves).map((paths) => sh`kp_own ${owner} ${paths}`);
  const kept = [...plan.keepOwner].map(([path, who]) => sh`kp_own ${who} ${path}`);
  const bits = plan.send
    .filter(({ entry, mode }) => entry.type === 'file' && (mode & 0o6000) !== 0)
    .filter(({ path }) => owner !== '' || plan.keepOwner.has(path))
    .map(({ path, mode }) => sh`kp_pre ${octal(mode)} ${path}`);
  return [...all, ...kept, ...bits];
}

function setCall({ entry, path, mode, isNew }: Adjusted, owner: string): Script {
  const isLink = entry.type === 'link';
  const values = isLink ? ['-', '-'] : [octal(mode), String(entry.mtime)];
  return sh`kp_set ${`./${path}`} ${values} ${isNew ? '' : owner}`;
}

function ownerWord({ owner, group }: PutAttributes): string {
  if (owner === undefined && group === undefined) return '';
  return group === undefined ? (owner ?? '') : `${owner ?? ''}:${group}`;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

function byParent(paths: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const cut = path.lastIndexOf('/');
    const parent = cut < 0 ? '' : path.slice(0, cut);
    const names = groups.get(parent) ?? [];
    groups.set(parent, names);
    names.push(path.slice(cut + 1));
  }
  return groups;
}

/** Few enough words for one program (a name has at most 255 bytes, a path 4096; Linux takes 128 KiB a word, 2 MiB in all). */
function batches(paths: readonly string[]): string[][] {
  const lists: string[][] = [];
  for (let at = 0; at < paths.length; at += 200) lists.push(paths.slice(at, at + 200));
  return lists;
}
