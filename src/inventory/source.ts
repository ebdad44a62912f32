import { nearName } from '../shared/problem.ts';
import type { YamlFile, YamlNode } from '../shared/yaml/node.ts';
import type { Draft } from './draft.ts';
import { readDynamic } from './dynamic.ts';
import { detectFormat, type InventoryFormat, isProgram } from './format.ts';
import { readHostList } from './host-list.ts';
import { readIni, type SourceFile } from './ini.ts';
import { parseJson } from './json.ts';
import { makeReporter, reasonOf } from './problems.ts';
import { readPssh } from './pssh.ts';
import { decode, type ReadContext } from './text-file.ts';
import { readYamlInventory } from './yaml-inventory.ts';
import { parseText } from './yaml-text.ts';

export interface SourceContext extends ReadContext {
  readonly draft: Draft;
  readonly format?: InventoryFormat;
  /** The source is the hosts themselves. */
  readonly isList: boolean;
}

/** Reads one source into the draft. Gives the directory that `group_vars/` and `host_vars/` are looked for in. */
export async function readSource(source: string, context: SourceContext): Promise<string | undefined> {
  if (context.isList) {
    readHostList(source, context.draft, context.io.absolute('.'));
    return undefined;
  }
  const kind = context.io.stat(source);
  if (kind === undefined) {
    makeReporter(source, '', context.problems).error(
      undefined,
      'there is no such inventory',
      missingHint(source, context),
    );
    return undefined;
  }
  await (kind === 'directory' ? readDirectory(source, context) : readFile(source, context));
  return kind === 'directory' ? source : dirOf(source);
}

function missingHint(source: string, { io }: SourceContext): string | undefined {
  const name = source.slice(source.lastIndexOf('/') + 1);
  const dir = dirOf(source);
  const near = io.stat(dir) === 'directory' ? nearName(name, io.readDir(dir)) : undefined;
  return near ? `did you mean ${near}?` : `a host on the command line needs a comma: '${name},'`;
}

function dirOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

/** What Ansible leaves out of a directory (INVENTORY_IGNORE_EXTS and the names that have another meaning). */
const IGNORED =
  /^\.|^(?:host_vars|group_vars|vars_plugins)$|(?:\.pyc|\.pyo|\.swp|\.bak|~|\.rpm|\.md|\.txt|\.rst|\.orig|\.ini|\.cfg|\.retry)$/;

async function readDirectory(path: string, context: SourceContext): Promise<void> {
  const { io, problems } = context;
  const reporter = makeReporter(path, '', problems);
  let names: readonly string[];
  try {
    names = [...io.readDir(path)].sort();
  } catch (error) {
    reporter.error(undefined, `cannot be read: ${reasonOf(error)}`);
    return;
  }
  const wanted = names.filter((name) => !IGNORED.test(name));
  for (const name of wanted) {
    const full = path.endsWith('/') ? path + name : `${path}/${name}`;
    const kind = io.stat(full);
    if (kind === 'directory') await readDirectory(full, context);
    else if (kind === 'file') await readFile(full, context);
    else reporter.warning(undefined, `${name} is no file, and is not read`);
  }
  if (wanted.length === 0) reporter.warning(undefined, 'no file in this directory is an inventory', ignoredHint(names));
}

function ignoredHint(names: readonly string[]): string | undefined {
  const ini = names.find((name) => name.endsWith('.ini'));
  return ini ? `as in Ansible, ${ini} is only read when it is named itself` : undefined;
}

async function readFile(path: string, context: SourceContext): Promise<void> {
  const { io, problems } = context;
  let bytes: Uint8Array;
  try {
    bytes = io.readFile(path);
  } catch (error) {
    makeReporter(path, '', problems).error(undefined, `cannot be read: ${reasonOf(error)}`);
    return;
  }
  const runs =
    context.format === 'script' || (context.format === undefined && io.isExecutable(path) && isProgram(bytes));
  if (runs) {
    await readProgram(path, context);
    return;
  }
  const text = decode(path, bytes, context)?.replace(/^\ufeff/, '');
  if (text === undefined) return;
  const file = sourceFile(path, text, context);
  const format = context.format ?? detectFormat(path, text);
  if (format === 'ini') readIni(file);
  else if (format === 'pssh') readPssh(file, path.slice(path.lastIndexOf('/') + 1));
  else await readTree(file, parseText(text, path));
}

function sourceFile(path: string, text: string, { draft, problems }: SourceContext): SourceFile {
  return { text, draft, origin: { source: path, dir: dirOf(path) }, reporter: makeReporter(path, text, problems) };
}

/** YAML, or what a program printed, kept in a file: the latter has `_meta`. */
async function readTree(file: SourceFile, { root, problems }: YamlFile): Promise<void> {
  file.draft.problems.push(...problems);
  if (!root && problems.some(({ level }) => level === 'error')) return;
  if (!root || (root.kind === 'scalar' && root.value === null)) file.reporter.warning(undefined, 'this file is empty');
  else if (root.kind === 'mapping' && root.entries.some(({ key }) => key.value === '_meta')) {
    await readDynamic(file, root, () => Promise.resolve(undefined));
  } else readYamlInventory(file, root);
}

async function readProgram(path: string, context: SourceContext): Promise<void> {
  const list = await askProgram(path, ['--list'], context);
  if (!list) return;
  const file = sourceFile(path, list.text, context);
  await readDynamic(file, list.root, async (host) => (await askProgram(path, ['--host', host], context))?.root);
}

/** The JSON that the program prints; positions count in that output. */
async function askProgram(
  path: string,
  args: readonly string[],
  context: SourceContext,
): Promise<{ root: YamlNode; text: string } | undefined> {
  const reporter = makeReporter(path, '', context.problems);
  try {
    const text = await context.io.run(path, args);
    if (text.trim() === '' && args[0] === '--host') return undefined;
    const { root, problems } = parseJson(text, `${path} ${args.join(' ')}`);
    context.problems.push(...problems);
    return root && { root, text };
  } catch (error) {
    const hint =
      args[0] === '--list' ? 'a hosts file must not be executable: chmod -x, or --inventory-format' : undefined;
    reporter.error(undefined, `the inventory program ${args.join(' ')} ${reasonOf(error)}`, hint);
    return undefined;
  }
}
