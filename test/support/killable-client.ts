import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';
import type { ConnectionTarget, Identity } from '../../src/model/connection.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface ClientOrder {
  readonly target: ConnectionTarget;
  readonly identity: Identity;
  readonly script: string;
  readonly killable: boolean;
  readonly spoolAs?: string;
  readonly watchSeconds?: number;
}

/** kprep's connection in a process of its own, so that a test can kill it in the middle of a frame. */
export interface KillableClient {
  readonly child: ChildProcess;
  /** The next line that the frame printed, or `status N`, or `error KIND`. */
  line(): Promise<string>;
  /** As `kill -9`, to its end. */
  kill(): Promise<void>;
}

export function startClient(order: ClientOrder): KillableClient {
  const child = spawn(process.execPath, [join(compiled(), 'client.js')], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(order));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    line: async () => String((await lines.next()).value),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

let made: string | undefined;

/** The sources as JavaScript beside a small program. */
function compiled(): string {
  if (made !== undefined && existsSync(made)) return made;
  made = mkdtempSync(join(tmpdir(), 'kprep-client-'));
  for (const layer of ['ssh', 'model', 'shared']) {
    for (const name of readdirSync(join(root, 'src', layer), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts')) continue;
      const { code } = transformSync(readFileSync(join(root, 'src', layer, name), 'utf8'), {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
      });
      const file = join(made, layer, name.replace(/\.ts$/, '.js'));
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, code.replace(/(from |import\()(['"])(\.[^'"]+)\.ts\2/g, '$1$2$3.js$2'));
    }
  }
  writeFileSync(join(made, 'package.json'), '{"type":"module"}');
  writeFileSync(join(made, 'client.js'), PROGRAM);
  symlinkSync(join(root, 'node_modules'), join(made, 'node_modules'));
  const directory = made;
  process.once('exit', () => execFileSync('rm', ['-rf', directory]));
  return made;
}

const PROGRAM = `
import { text } from 'node:stream/consumers';
import { makeConnect } from './ssh/index.js';
const { target, identity, watchSeconds, ...frame } = JSON.parse(await text(process.stdin));
const connect = makeConnect({
  env: () => undefined, home: '/nonexistent', user: 'root', warn: () => undefined, configFile: 'none',
  knownHostsFiles: ['/dev/null'], hostKeyChecking: 'no', ...(watchSeconds ? { watchSeconds } : {}),
});
try {
  const shell = await (await connect(target, {})).shell(identity);
  const { status } = await shell.run({ ...frame, environment: 'engine', onOutput: (_, chunk) => process.stdout.write(chunk) });
  console.log('status ' + status);
} catch (error) {
  console.log('error ' + error.kind);
}
process.exit();
`;
