import { join } from 'node:path';
import type { ConnectionTarget } from '../../model/connection.ts';
import { shellWords } from '../../playbook/shell-words.ts';
import { printable } from '../../shared/text.ts';
import type { Io } from '../io.ts';
import type { Askpass } from './askpass.ts';
import { childRunner } from './child-job.ts';
import { hostDirectory, rsyncCommand, safeHost, scpCommand } from './copy-commands.ts';
import { makeDirectory } from './host-output.ts';
import type { HostEntry } from './hosts.ts';
import type { Job, RunJob } from './manager.ts';
import type { FamilyOptions } from './options.ts';
import { remoteRunner } from './remote-job.ts';
import { firstContact, sshCommand } from './ssh-command.ts';
import { readSshOptions, type SshAsked } from './ssh-options.ts';
import type { ToolName } from './tools.ts';

export interface RunnerRequest {
  readonly io: Io;
  readonly options: FamilyOptions;
  readonly entries: readonly HostEntry[];
  readonly input: Buffer | undefined;
  /** Of `-A`. */
  readonly password: string | undefined;
  readonly askpass: Askpass | undefined;
}

export interface Runner {
  readonly run: RunJob;
  close(): Promise<void>;
}

/** How a tool does one host's turn. @throws OptionError for ssh options that make no sense. */
export async function makeRunner(tool: ToolName, request: RunnerRequest): Promise<Runner> {
  const { words } = request.options;
  switch (tool) {
    case 'pssh':
      return shellRunner(request, words.join(' '));
    case 'pnuke':
      return shellRunner(request, `pkill -9 ${words.join(' ')}`);
    case 'pscp':
      return request.options.download ? downloadRunner(request, 'pscp') : uploadRunner(request);
    case 'pslurp':
      return downloadRunner(request, 'pslurp');
    case 'prsync':
      return syncRunner(request);
  }
}

async function shellRunner(request: RunnerRequest, typed: string): Promise<Runner> {
  const { io, options } = request;
  const asked = readSshOptions([...options.options.flatMap((option) => ['-o', option]), ...options.extra]);
  const command = [...asked.words, ...(typed === '' ? [] : [typed])].join(' ');
  const input = asked.noInput ? undefined : request.input;
  const foreign = asked.foreign.length > 0;
  if (options.verbose && (foreign || asked.terminal)) {
    const why = asked.terminal ? 'a terminal on the host' : asked.foreign.join(', ');
    io.stderr.write(`kprep: the system's ssh is used: ${printable(why)}\n`);
  }
  if (asked.terminal || (foreign && request.password !== undefined)) {
    return children(request, async (job) => {
      const ssh = sshOptions(job.entry, options, asked);
      const more = await firstContact(safeHost(job.entry), ssh);
      return sshCommand(job, { options: [...ssh, ...more], terminal: asked.terminal, command, input });
    });
  }
  return await connectedRunner(request, { asked, command, input });
}

interface Connected {
  readonly asked: SshAsked;
  readonly command: string;
  readonly input: Buffer | undefined;
}

async function connectedRunner(request: RunnerRequest, { asked, command, input }: Connected): Promise<Runner> {
  const { io, password } = request;
  const { makeConnect } = await import('../../ssh/index.ts');
  const connect = makeConnect({
    env: (name) => io.env[name],
    home: io.home,
    user: io.user,
    warn: (message) => io.stderr.write(`kprep: warning: ${printable(message)}\n`),
    ...(asked.configFile === undefined ? {} : { configFile: asked.configFile }),
    random: io.random,
    sleep: io.sleep,
  });
  const transport = asked.foreign.length > 0 ? 'openssh' : 'ssh';
  return remoteRunner({
    connect,
    target({ entry, pretty }): ConnectionTarget {
      return {
        name: pretty,
        address: transport === 'openssh' ? safeHost(entry) : entry.host,
        privateKeyFiles: [],
        transport,
        sshArgs: orderedOptions(entry, transport === 'openssh' ? asked.all : asked.own, request.options),
        ...(password === undefined ? {} : { password, privateKeyPassphrase: password }),
      };
    },
    command,
    input,
    bare: Boolean(io.env.KPREP_PSSH_BARE),
  });
}

/** `-O` first, then `-l` and `-p`, then the extra arguments: ssh takes the first value that it meets. */
function orderedOptions({ user, port }: HostEntry, asked: readonly string[], { options }: FamilyOptions): string[] {
  const split = countOfSettings(asked, options);
  return [
    ...asked.slice(0, split),
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', port]),
    ...asked.slice(split),
  ];
}

/** How many words of `asked` come from `-O`. */
function countOfSettings(asked: readonly string[], options: readonly string[]): number {
  let at = 0;
  for (const option of options) if (asked[at] === '-o' && asked[at + 1] === option) at += 2;
  return at;
}

function sshOptions(entry: HostEntry, options: FamilyOptions, asked: SshAsked): string[] {
  const config = asked.configFile === undefined ? [] : ['-F', asked.configFile];
  return [...config, ...orderedOptions(entry, asked.all, options)];
}

function children({ io, askpass }: RunnerRequest, command: Parameters<typeof childRunner>[0]['command']): Runner {
  return {
    run: childRunner({ command, env: { ...io.env, ...askpass?.env }, cwd: io.cwd }),
    close: () => Promise.resolve(),
  };
}

function uploadRunner(request: RunnerRequest): Runner {
  const { options } = request;
  return children(request, (job) =>
    scp(job, options, { from: options.words.slice(0, -1), to: options.words.at(-1) ?? '', download: false }),
  );
}

/** pslurp: `DIR/host/LOCAL`. pscp --download: `[DIR/]LOCAL/host/`. */
function downloadRunner(request: RunnerRequest, tool: 'pscp' | 'pslurp'): Runner {
  const { options, entries } = request;
  const { localdir, words } = options;
  const local = words.at(-1) ?? '';
  const parent = tool === 'pslurp' ? localdir : join(localdir ?? '', local);
  const target = (entry: HostEntry): string =>
    tool === 'pslurp' ? `${hostDirectory(parent, entry)}/${local}` : `${hostDirectory(parent, entry)}/`;
  for (const entry of entries) makeDirectory(hostDirectory(parent, entry));
  return children(request, (job) =>
    scp(job, options, { from: words.slice(0, -1), to: target(job.entry), download: true }),
  );
}

interface Paths {
  readonly from: readonly string[];
  readonly to: string;
  readonly download: boolean;
}

async function scp(job: Job, { options, extra, recursive }: FamilyOptions, paths: Paths) {
  const ssh = [...options.flatMap((option) => ['-o', option]), ...settingsAmong(extra)];
  const sshDefaults = await firstContact(safeHost(job.entry), ssh);
  return scpCommand({ entry: job.entry, options, extra, sshDefaults, recursive, ...paths });
}

/** `-o` and `-F` among the arguments of scp. */
function settingsAmong(extra: readonly string[]): string[] {
  return extra.flatMap((word, at) => {
    if (word === '-o' || word === '-F') return [word, extra[at + 1] ?? ''];
    return /^-[oF]./s.test(word) ? [word] : [];
  });
}

function syncRunner(request: RunnerRequest): Runner {
  const { options, entries } = request;
  const { words, download, sshArgs } = options;
  const local = words.at(-1) ?? '';
  if (download) for (const entry of entries) makeDirectory(hostDirectory(local, entry));
  const given = [...options.options.flatMap((option) => ['-o', option]), ...shellWords(sshArgs ?? '')];
  return children(request, async ({ entry }) =>
    rsyncCommand({
      ...options,
      entry,
      from: words.slice(0, -1),
      to: download ? hostDirectory(local, entry) : local,
      sshDefaults: await firstContact(safeHost(entry), given),
    }),
  );
}
