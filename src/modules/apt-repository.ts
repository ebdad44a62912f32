import type { ArgsOf } from '../model/args.ts';
import type { Change } from '../model/change.ts';
import { type Decision, defineModule, type Module } from '../model/module.ts';
import { joinScripts, sh } from '../shared/sh.ts';
import { modeProblem } from './system/file-attributes.ts';
import { updateApt } from './system/packages/apt-update.ts';
import { parseSections, sectionScript } from './system/sections.ts';
import { byteText, editText, removeText, textIn } from './system/text-file.ts';

interface SourcesState {
  readonly apt: boolean;
  /** Every one-line sources file, by path. */
  readonly files: ReadonlyMap<string, Buffer>;
  readonly unreadable: readonly string[];
}

const ARGS = {
  repo: {
    type: 'str',
    required: true,
    doc: 'The line: `deb [signed-by=/etc/apt/keyrings/x.gpg] https://… suite component`.',
    differs: 'PPAs (`ppa:…`) are refused: write the line, and bring its key.',
  },
  state: { type: 'str', default: 'present', choices: ['present', 'absent'], doc: 'Whether a file has the line.' },
  filename: { type: 'str', doc: 'File in sources.list.d, without .list; made from the address where it is absent.' },
  mode: { type: 'mode', doc: 'Mode of a new file; 0644 where it is absent.' },
  update_cache: {
    type: 'bool',
    default: true,
    aliases: ['update-cache'],
    doc: 'Fetch the package lists after a change; where that fails, the change is taken back.',
  },
  update_cache_retries: { type: 'int', default: 5, doc: 'Tries after a fetch failed for a cause that may pass.' },
  update_cache_retry_max_delay: { type: 'int', default: 12, doc: 'Longest pause between two tries, in seconds.' },
  validate_certs: { type: 'bool', default: true, doc: 'Of PPAs only.' },
  codename: { type: 'str', doc: 'Of PPAs only.' },
  install_python_apt: { type: 'bool', default: true, doc: 'Accepted; nothing is needed on the host.' },
} as const;

type Args = ArgsOf<typeof ARGS>;

const LIST = '/etc/apt/sources.list';
const PARTS = '/etc/apt/sources.list.d';

export const aptRepository: Module<typeof ARGS, SourcesState> = defineModule({
  name: 'apt_repository',
  summary: 'Sources of apt, one line each.',
  args: ARGS,
  validate: (args) => {
    if (args.repo.startsWith('ppa:'))
      return 'PPAs are not supported: write the deb line, and bring its key with get_url or copy';
    if (sourceOf(args.repo) === undefined) return `Invalid repository string: ${args.repo}`;
    return modeProblem(args.mode);
  },
  touches: (args) => [`file:${fileOf(args)}`, `file:${LIST}`, `repo:${sourceOf(args.repo)?.source ?? args.repo}`],
  read: (args) => ({
    script: sectionScript(sh`if command -v apt-get >/dev/null 2>&1; then kp_say apt yes; fi
kp_n=0
for kp_f in ${LIST} /etc/apt/sources.list.d/*.list ${fileOf(args)}; do
  if [ -f "$kp_f" ]; then kp_n=$((kp_n + 1)); kp_say "path$kp_n" "$kp_f"; kp_file "file$kp_n" "$kp_f"; fi
done`),
    parse: (out) => {
      const sections = parseSections(out.stdout);
      const files = new Map<string, Buffer>();
      const unreadable: string[] = [];
      for (let index = 1; sections.lines(`path${index}`); index++) {
        const path = sections.lines(`path${index}`)?.[0] ?? '';
        const bytes = sections.file(`file${index}`);
        if (bytes) files.set(path, bytes);
        else unreadable.push(path);
      }
      return { now: { apt: sections.say('apt') === 'yes', files, unreadable } };
    },
  }),
  plan: decide,
  result: (args) => ({ repo: args.repo, state: args.state }),
});

interface SourceLine {
  readonly enabled: boolean;
  /** Blanks made one. */
  readonly source: string;
}

function sourceOf(line: string): SourceLine | undefined {
  const [, off = '', body = ''] = /^\s*((?:#\s*)*)(.*?)\s*$/.exec(line) ?? [];
  const source = body
    .replace(/\s#.*$/, '')
    .trim()
    .split(/\s+/)
    .join(' ');
  return /^deb(-src)? (\[[^\]]*\] ?)?\S+ \S+/.test(source) ? { enabled: off === '', source } : undefined;
}

/** As Ansible names it: letters and digits of the address, without protocol, options and password. */
function fileOf(args: Args): string {
  if (args.filename?.includes('/')) return `${args.filename}${args.filename.endsWith('.list') ? '' : '.list'}`;
  if (args.filename !== undefined) return `${PARTS}/${args.filename.replace(/\.list$/, '')}.list`;
  const bare = args.repo.replace(/\[[^\]]+\]/, '').replace(/\w+:\/\//, '');
  const [address = ''] = bare.split(/\s+/).filter((word) => word !== '' && word !== 'deb' && word !== 'deb-src');
  const name = address
    .replace(/^[^/@]*@/, '')
    .replace(/[^a-zA-Z0-9]+/g, ' ')
    .trim()
    .split(' ')
    .join('_');
  return `${PARTS}/${name}.list`;
}

function decide(args: Args, now: SourcesState): Decision {
  if (!now.apt) return { failed: 'this host has no apt' };
  const [unreadable] = now.unreadable;
  if (unreadable !== undefined) return { failed: `${unreadable} cannot be read` };
  const source = byteText(sourceOf(args.repo)?.source ?? args.repo);
  const edits = args.state === 'absent' ? removals(now, source) : additions(args, now, source);
  if (edits.length === 0 || !args.update_cache) return edits.map((edit) => edit.change);
  return [...edits.map((edit) => edit.change), updateOrRevert(args, edits)];
}

interface Edit {
  readonly change: Change;
  readonly path: string;
  readonly before: Buffer | undefined;
}

function additions(args: Args, now: SourcesState, source: string): readonly Edit[] {
  const found = linesOf(now, source);
  if (found.some((one) => one.enabled)) return [];
  const [off] = found;
  if (off)
    return [
      edit(
        now,
        off.path,
        off.lines.map((line, index) => (index === off.index ? source : line)),
        `enable ${source} in ${off.path}`,
      ),
    ];
  const path = fileOf(args);
  const before = now.files.get(path);
  const lines = [...splitLines(before), source];
  const summary = `add ${source} to ${path}`;
  const change = editText({
    path,
    before,
    after: `${lines.join('\n')}\n`,
    summary,
    mode: before ? undefined : (args.mode ?? '0644'),
  });
  return [{ change, path, before }];
}

function removals(now: SourcesState, source: string): readonly Edit[] {
  const paths = new Set(linesOf(now, source).flatMap((one) => (one.enabled ? [one.path] : [])));
  return [...paths].map((path) => {
    const lines = splitLines(now.files.get(path)).filter((line) => {
      const parsed = sourceOf(line);
      return !(parsed?.enabled && parsed.source === source);
    });
    return edit(now, path, lines, `remove ${source} from ${path}`);
  });
}

function edit(now: SourcesState, path: string, lines: readonly string[], summary: string): Edit {
  const before = now.files.get(path);
  if (lines.length === 0 && before && path !== LIST) return { change: removeText(path, before, summary), path, before };
  return {
    change: editText({ path, before, after: lines.length === 0 ? '' : `${lines.join('\n')}\n`, summary }),
    path,
    before,
  };
}

function linesOf(now: SourcesState, source: string) {
  return [...now.files].flatMap(([path, bytes]) => {
    const lines = splitLines(bytes);
    return lines.flatMap((line, index) => {
      const parsed = sourceOf(line);
      return parsed?.source === source ? [{ path, lines, index, enabled: parsed.enabled }] : [];
    });
  });
}

function splitLines(bytes: Buffer | undefined): string[] {
  const lines = textIn(bytes).split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** A source that cannot be fetched would break every later apt run on the host, and the next run would find nothing to do. */
function updateOrRevert(args: Args, edits: readonly Edit[]): Change {
  const update = updateApt(
    { lockTimeout: 60, updateRetries: args.update_cache_retries, updateDelay: args.update_cache_retry_max_delay },
    true,
  );
  const reverts = edits.map(({ path, before }) =>
    before === undefined ? sh`rm -f -- ${path}` : sh`printf %s ${before.toString('base64')} | base64 -d > ${path}`,
  );
  return {
    ...update,
    script: sh`(
${{ script: update.script }}
)
kp_status=$?
[ "$kp_status" -ne 0 ] || exit 0
${{ script: joinScripts(reverts) }}
exit "$kp_status"`,
  };
}
