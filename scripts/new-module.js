// Copies the two templates for a module: `npm run new-module NAME`. NAME as Ansible spells it: `authorized_key`.
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const name = process.argv[2] ?? '';

if (!/^[a-z][a-z0-9_]*$/.test(name)) stop('usage: npm run new-module NAME (as Ansible spells it, e.g. authorized_key)');
const file = name.replaceAll('_', '-');
const camel = name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
const targets = { [`src/modules/${file}.ts`]: moduleSource(), [`test/modules/${file}.test.ts`]: testSource() };
for (const target of Object.keys(targets)) if (existsSync(join(root, target))) stop(`${target} is already there`);
for (const [target, text] of Object.entries(targets)) {
  writeFileSync(join(root, target), text);
  process.stdout.write(`made ${target}\n`);
}
process.stdout.write('next: say what it reads and plans, add rows to the test, then npm run gen\n');

function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(64);
}

/** A module that keeps one line in a file of its own: small, and whole. */
function moduleSource() {
  return `import type { ArgSpec } from '../model/args.ts';
import { contentOf } from '../model/content.ts';
import { defineModule, type Module } from '../model/module.ts';
import { filePiece, fileTrouble, type HostFile } from './support/host-file.ts';
import { readOf } from './support/piece.ts';
import { putFile } from './support/put-file.ts';

const ARGS = {
  path: { type: 'path', required: true, doc: 'The file.' },
  line: { type: 'str', required: true, doc: 'All that it holds.' },
} as const satisfies ArgSpec;

export const ${camel}: Module<typeof ARGS, HostFile> = defineModule({
  name: '${name}',
  summary: 'Keeps a file of one line.',
  args: ARGS,
  touches: (args) => [\`file:\${args.path}\`],
  // One script that only reads, and the pure function that makes state of what it printed.
  read: (args) => readOf(filePiece(args.path)),
  // Pure: what has to change; empty where all is so.
  plan(args, file) {
    const trouble = fileTrouble(file);
    if (trouble !== undefined) return { failed: trouble };
    const content = contentOf(\`\${args.line}\\n\`);
    if (file.content?.equals(content.bytes ?? Buffer.alloc(0))) return [];
    return [putFile({ file, content, wanted: {}, summary: \`write \${file.path}\`, backup: false })];
  },
});
`;
}

function testSource() {
  return `import { ${camel} } from '../../src/modules/${file}.ts';
import { testModule, testOnShells } from '../support/test-module.ts';

testModule(${camel}, [
  { name: 'no line', args: { path: '/a' }, invalid: 'missing required parameter: line' },
  { name: 'touches its file only', args: { path: '/a', line: 'x' }, touches: ['file:/a'] },
]);

testOnShells(${camel}, [
  { name: 'a new file', args: { path: '{root}/f', line: 'x' }, after: { f: 'x\\n' }, changes: ['write {root}/f'] },
  { name: 'already so', args: { path: '{root}/f', line: 'x' }, files: { f: 'x\\n' }, changes: [] },
  { name: 'another line', args: { path: '{root}/f', line: 'x' }, files: { f: 'y\\n' }, after: { f: 'x\\n' } },
]);
`;
}
