// Rewrites what is made from the module declarations: src/modules/index.ts and docs/modules/. With --check it writes nothing
// and exits with 1 when something is stale.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { indexPage, modulePage } from './module-page.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const check = process.argv.includes('--check');
const stale = [];

put('src/modules/index.ts', registrySource());
await withBuild(async ({ modules }) => {
  const sorted = [...modules].sort((a, b) => (a.name < b.name ? -1 : 1));
  const pages = new Map(sorted.map((module) => [`${module.name}.md`, modulePage(module)]));
  pages.set('README.md', indexPage(sorted));
  for (const [name, text] of pages) put(`docs/modules/${name}`, text);
  for (const name of readdirSync(join(root, 'docs/modules'))) if (!pages.has(name)) remove(`docs/modules/${name}`);
});

if (check && stale.length > 0) {
  process.stderr.write(`stale, run \`npm run gen\`:\n${stale.map((name) => `  ${name}\n`).join('')}`);
  process.exitCode = 1;
}

/** Every exported const of a module file that is declared as Module or Action, or made by defineModule or defineAction. */
function registrySource() {
  const files = readdirSync(join(root, 'src/modules')).filter((name) => name.endsWith('.ts') && name !== 'index.ts');
  const found = files.sort(byBaseName).map((file) => {
    const source = readFileSync(join(root, 'src/modules', file), 'utf8');
    const pattern =
      /^export const (\w+)(?:: (?:Module|Action|AnyModule|AnyAction)\b|(?:: [^=\n]+)? = define(?:Module|Action)\()/gm;
    return { file, names: [...source.matchAll(pattern)].map((match) => match[1]) };
  });
  const empty = found.filter(({ names }) => names.length === 0);
  if (empty.length > 0) throw new Error(`no module in ${empty.map(({ file }) => file).join(', ')}`);
  const names = found.flatMap((one) => one.names);
  return `${[
    '// Written by `npm run gen` from the files beside it; not edited by hand.',
    "import type { AnyAction, AnyModule, Registry } from '../model/module.ts';",
    ...found.map(importLine),
    '',
    '/** Every module and action, in the order of their file names. */',
    'export const modules: readonly (AnyModule | AnyAction)[] = [',
    ...names.map((name) => `  ${name},`),
    '];',
    '',
    '/** Modules and actions by short name and alias. */',
    'export const registry: Registry = new Map(',
    '  modules.flatMap((module) => [module.name, ...(module.aliases ?? [])].map((name) => [name, module] as const)),',
    ');',
  ].join('\n')}\n`;
}

/** `apt` before `apt-key`, as the formatter wants imports. */
function byBaseName(a, b) {
  return a.slice(0, -3) < b.slice(0, -3) ? -1 : 1;
}

function importLine({ file, names }) {
  const line = `import { ${[...names].sort().join(', ')} } from './${file}';`;
  return line.length <= 120
    ? line
    : `import {\n${[...names]
        .sort()
        .map((name) => `  ${name},\n`)
        .join('')}} from './${file}';`;
}

/** The declarations as plain JavaScript, compiled into a directory of its own. */
async function withBuild(use) {
  const out = mkdtempSync(join(tmpdir(), 'kprep-gen-'));
  try {
    writeFileSync(join(out, 'package.json'), '{ "type": "module" }\n');
    writeFileSync(
      join(out, 'tsconfig.json'),
      JSON.stringify({
        extends: join(root, 'tsconfig.json'),
        compilerOptions: {
          noEmit: false,
          noCheck: true,
          rootDir: join(root, 'src'),
          outDir: join(out, 'js'),
          typeRoots: [],
          types: [],
        },
        files: [join(root, 'src/modules/index.ts')],
        include: [],
      }),
    );
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const built = spawnSync(process.execPath, [tsc, '-p', out], { encoding: 'utf8' });
    if (built.status !== 0) throw new Error(`${built.stdout}${built.stderr}`);
    await use(await import(pathToFileURL(join(out, 'js/modules/index.js')).href));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function put(name, text) {
  if (current(name) === text) return;
  stale.push(name);
  if (check) return;
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

function remove(name) {
  stale.push(`${name} (belongs to no module)`);
  if (!check) unlinkSync(join(root, name));
}

function current(name) {
  try {
    return readFileSync(join(root, name), 'utf8');
  } catch {
    return undefined;
  }
}
