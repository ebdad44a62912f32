import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Runs a program to its end. Never throws for a status; `status` is null where a signal ended it. */
export async function run(argv, { input = '', env } = {}) {
  const child = spawn(argv[0], argv.slice(1), { stdio: 'pipe', ...(env && { env: { ...process.env, ...env } }) });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  // A program that reads no input closes its end early; that is no failure.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [status, signal] = await once(child, 'close');
  return { status, signal, stdout: stdout(), stderr: stderr() };
}

/** As `run`, and throws with the program's own words unless it ended with 0. Returns its output. */
export async function must(argv, options) {
  const result = await run(argv, options);
  if (result.status === 0) return result.stdout;
  const how = result.signal ?? `status ${result.status}`;
  throw new Error(`${argv.join(' ')}: ${how}\n${result.stderr}${result.stdout}`.trimEnd());
}

/** Holds a lock on `file` while `body` runs; the kernel gives it back if this process dies. */
export async function locked(file, body) {
  const holder = spawn('flock', [file, 'sh', '-c', 'echo held; cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = once(holder, 'close');
  try {
    await firstLine(holder);
    return await body();
  } finally {
    holder.stdin.end();
    await gone;
  }
}

/** The first line that a program prints; throws when it ends without one. */
export async function firstLine(child) {
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error(`${child.spawnargs.join(' ')} ended before it said anything`);
}

function collect(stream) {
  const chunks = [];
  stream.on('data', (chunk) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}
