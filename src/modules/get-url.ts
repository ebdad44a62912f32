import type { ArgSpec, ArgsOf } from '../model/args.ts';
import type { Change, RunChange, StepOutput } from '../model/change.ts';
import { contentOf } from '../model/content.ts';
import { type Decision, defineModule, type Module, type Refusal } from '../model/module.ts';
import type { JsonObject } from '../model/value.ts';
import type { Script } from '../shared/sh.ts';
import { type Algorithm, isAlgorithm } from './support/checksum.ts';
import { curlConfig, parseHeaders, type RequestOptions, wgetConfig } from './support/download/options.ts';
import { downloadScript, isFileUrl, pathOf } from './support/download/script.ts';
import { type DownloadState, downloadPiece } from './support/download/state.ts';
import { newOwnership } from './support/file/common.ts';
import { FILE_ARGS, fileArgsProblem, ownerResources } from './support/file-args.ts';
import { fileTrouble } from './support/host-file.ts';
import { octal } from './support/mode.ts';
import { ownershipChange } from './support/ownership.ts';
import { readOf } from './support/piece.ts';
import { ownershipResult, undoScript } from './support/put-file.ts';

const ARGS = {
  url: { type: 'str', required: true, doc: 'What is fetched: http, https or ftp.' },
  dest: {
    type: 'path',
    required: true,
    doc: 'Where it shall be. A directory: into it, under the name in the URL.',
    differs: 'The name is always that of the URL, not of a Content-Disposition header.',
  },
  checksum: {
    type: 'str',
    default: '',
    doc: '`sha256:HEX`, or `sha256:URL` of a list of checksums. Where the file that is there has it, nothing is fetched.',
  },
  force: {
    type: 'bool',
    default: false,
    aliases: ['thirsty'],
    doc: 'Fetch it each time, rather than only when it is newer than the file.',
  },
  backup: { type: 'bool', default: false, doc: 'Keep the old file beside it as `NAME.PID.DATE@TIME~`.' },
  tmp_dest: { type: 'path', doc: 'Directory of the host for the temporary file. Default: beside the target.' },
  timeout: {
    type: 'int',
    default: 10,
    doc: 'Seconds that connecting, or a silence, may last.',
    differs: 'Not obeyed where the host has only the wget of busybox.',
  },
  headers: { type: 'any', doc: 'Headers of the request, a mapping.' },
  url_username: { type: 'str', aliases: ['username'], doc: 'User for HTTP basic authentication.' },
  url_password: { type: 'str', aliases: ['password'], secret: true, doc: 'Its password.' },
  force_basic_auth: {
    type: 'bool',
    default: false,
    doc: 'Send the password with the first request.',
    differs: 'That is always done.',
  },
  http_agent: { type: 'str', default: 'ansible-httpget', doc: 'The User-Agent header.' },
  use_proxy: { type: 'bool', default: true, doc: 'Whether proxies of the environment are used.' },
  validate_certs: { type: 'bool', default: true, doc: 'Whether the certificate of the server must be valid.' },
  client_cert: { type: 'path', doc: 'Certificate on the host to show to the server, PEM.' },
  client_key: { type: 'path', doc: 'Its key on the host.' },
  decompress: {
    type: 'bool',
    default: true,
    doc: 'Whether a compressed answer is asked for and unpacked (curl only).',
  },
  unredirected_headers: {
    type: 'list',
    default: [],
    doc: 'Headers that are not sent after a redirect.',
    differs: 'Refused: curl and wget send them all.',
  },
  ciphers: { type: 'list', default: [], doc: 'TLS ciphers.', differs: 'Refused.' },
  use_gssapi: { type: 'bool', default: false, doc: 'Kerberos.', differs: 'Refused.' },
  use_netrc: { type: 'bool', default: true, doc: 'Whether `.netrc` of the host is used.', differs: 'It never is.' },
  ...FILE_ARGS,
} as const satisfies ArgSpec;

type Args = ArgsOf<typeof ARGS>;

export const getUrl: Module<typeof ARGS, DownloadState> = defineModule({
  name: 'get_url',
  summary: 'Fetches a file from a web server to the host, with the curl or wget of the host.',
  args: ARGS,
  validate: problemOf,
  touches: (args) => [`file:${args.dest}`, ...ownerResources(args)],
  read: (args) =>
    readOf(
      downloadPiece({
        ...args,
        ...sourceOf(args),
        name: nameOf(args.url),
        algorithm: checksumOf(args)?.algorithm ?? 'sha1',
      }),
    ),
  plan: planOf,
  result: resultOf,
});

function problemOf(args: Args): string | undefined {
  if (!/^((https?|ftp):\/\/|file:\/\/\/)[^\s]+$/i.test(args.url))
    return `${args.url} is no http, https, ftp or file URL`;
  if (args.checksum !== '' && !checksumOf(args))
    return `The checksum format is "algorithm:checksum" or "algorithm:URL": ${args.checksum}`;
  if (args.unredirected_headers.length > 0)
    return 'unredirected_headers is not supported: curl and wget send every header';
  if (args.ciphers.length > 0) return 'ciphers is not supported';
  if (args.use_gssapi) return 'use_gssapi is not supported';
  const headers = parseHeaders(args.headers);
  if (!headers) return 'headers must be a mapping';
  const texts = [...Object.entries(headers).flat(), args.url_username, args.url_password, args.http_agent];
  if (texts.some((text) => text !== undefined && /[\r\n\0]/.test(text)))
    return 'a header or password cannot hold a newline';
  if (nameOf(args.url) === '' && args.dest.endsWith('/')) return 'the URL names no file: dest must do so';
  return fileArgsProblem(args);
}

interface Checksum {
  readonly algorithm: Algorithm;
  readonly hex?: string;
  readonly url?: string;
}

function checksumOf({ checksum }: Args): Checksum | undefined {
  const [, name = '', rest = ''] = /^(\w+):(.+)$/s.exec(checksum.trim()) ?? [];
  const algorithm = name.toLowerCase();
  if (!isAlgorithm(algorithm)) return undefined;
  if (/^(https?|ftp):\/\//.test(rest)) return { algorithm, url: rest };
  const hex = rest.replace(/\W+/g, '').toLowerCase();
  return /^[0-9a-f]+$/.test(hex) ? { algorithm, hex } : undefined;
}

/** A `file:` URL can be compared before anything is done. */
function sourceOf({ url }: Args): { source?: string } {
  return isFileUrl(url) ? { source: pathOf(url) } : {};
}

function nameOf(url: string): string {
  const path = url.replace(/^\w+:\/\/[^/?#]*/, '').replace(/[?#].*/, '');
  return path.slice(path.lastIndexOf('/') + 1);
}

function planOf(args: Args, state: DownloadState): Decision {
  const trouble = troubleOf(args, state);
  if (trouble) return trouble;
  const checksum = checksumOf(args);
  const matches = checksum?.hex !== undefined && state.checksum === checksum.hex;
  if (state.file.stat && (state.fetcher === 'same' || (matches && !args.force))) {
    const { path, stat } = state.file;
    const change = ownershipChange({ path, stat, wanted: args, ids: state.ids, follow: true });
    return change ? [change] : [];
  }
  return [changeOf(args, state), ...ownershipAfter(args, state)];
}

function troubleOf(args: Args, { fetcher, file, parentExists }: DownloadState): Refusal | undefined {
  if (fetcher === 'none' && !isFileUrl(args.url)) {
    return { failed: 'the host has neither curl nor wget', remedy: 'install one, or fetch the file here and use copy' };
  }
  const secret = args.url_username !== undefined || Object.keys(parseHeaders(args.headers) ?? {}).length > 0;
  const special = secret || args.client_cert !== undefined || args.client_key !== undefined;
  if (fetcher === 'busybox' && special) {
    return {
      failed: 'the wget of busybox on the host cannot send headers, passwords or certificates safely',
      remedy: 'install curl',
    };
  }
  const dir = file.path.replace(/\/[^/]*$/, '') || '/';
  if (!parentExists) return { failed: `Destination ${dir} does not exist` };
  const trouble = file.kind === 'large' ? undefined : fileTrouble(file);
  return trouble === undefined ? undefined : { failed: trouble };
}

/** A file that turns out to be the same keeps its ownership, so what differs there is set apart. */
function ownershipAfter(args: Args, { file, ids }: DownloadState): RunChange[] {
  const change = file.stat && ownershipChange({ path: file.path, stat: file.stat, wanted: args, ids, follow: true });
  return change ? [change] : [];
}

function changeOf(args: Args, state: DownloadState): RunChange {
  const { file, fetcher } = state;
  const there = file.stat !== undefined;
  const checksum = checksumOf(args);
  return {
    kind: 'run',
    summary: `fetch ${args.url} to ${file.path}${there && !checksum ? ' where it is newer' : ''}`,
    script: downloadScript({
      url: args.url,
      path: file.path,
      fetcher: fetcher === 'none' || fetcher === 'same' ? 'curl' : fetcher,
      timeout: args.timeout,
      validateCerts: args.validate_certs,
      useProxy: args.use_proxy,
      clientCert: args.client_cert,
      clientKey: args.client_key,
      tmpDest: args.tmp_dest,
      conditional: there && !args.force && !checksum,
      checksum,
      backup: args.backup,
      finish: finishScripts(args, state),
    }),
    stdin: contentOf(configOf(args, fetcher)),
    changed: (output) => fieldsOf(output).get('changed') === '1',
    ...(there && checksum?.hex === undefined ? { maybe: true } : {}),
    explain: (output) => explain(args, output),
    undo: undoOf(file, checksum),
    killable: true,
  };
}

/** Only what is known to be the file that was fetched is taken away again. */
function undoOf(file: DownloadState['file'], checksum: Checksum | undefined): Change | 'none' {
  if (checksum?.algorithm !== 'sha256' || checksum.hex === undefined) return 'none';
  return undoScript(file, checksum.hex, true);
}

/** The new file has the old one's owner and mode unless the task says otherwise. */
function finishScripts(args: Args, { file: { stat } }: DownloadState): readonly Script[] {
  const old = stat ? { owner: String(stat.uid), group: String(stat.gid), mode: octal(stat.mode) } : { mode: '0644' };
  const { owner, group, mode } = args;
  const wanted = {
    ...old,
    ...(owner === undefined ? {} : { owner }),
    ...(group === undefined ? {} : { group }),
    ...(mode === undefined ? {} : { mode }),
  };
  return newOwnership({ word: '"$kp_t"' as Script }, wanted, { base: stat?.mode });
}

function configOf(args: Args, fetcher: DownloadState['fetcher']): string {
  const options: RequestOptions = {
    headers: parseHeaders(args.headers) ?? {},
    user: args.url_username,
    password: args.url_password,
    agent: args.http_agent,
    decompress: args.decompress,
  };
  return fetcher === 'wget' ? wgetConfig(options) : curlConfig(options);
}

function explain(
  { url, checksum }: Args,
  { status, stderr }: StepOutput,
): { message: string; remedy?: string } | undefined {
  const last = stderr.toString('utf8').trim().split('\n').at(-1) ?? '';
  if (status === 22) return { message: `Request failed: ${last || url}` };
  if (status === 60) {
    const [is = '', want = ''] = last.split(' ');
    return { message: `The checksum for the download did not match ${want}; it was ${is}.` };
  }
  if (status === 61)
    return { message: `Unable to find a checksum for file '${nameOf(url)}' in '${checksum.replace(/^\w+:/, '')}'` };
  return undefined;
}

/** The `name=value` lines of the script. */
function fieldsOf(output: StepOutput | undefined): ReadonlyMap<string, string> {
  const lines = output?.stdout.toString('utf8').split('\n') ?? [];
  return new Map(
    lines
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

function resultOf(args: Args, { file, ids }: DownloadState, outputs: readonly StepOutput[]): JsonObject {
  const output = outputs[0];
  const fields = fieldsOf(output);
  const size = Number(fields.get('size') ?? file.size ?? 0);
  const status = fields.get('status');
  const sum = fields.get('sha1');
  const backup = fields.get('backup');
  return {
    url: args.url,
    dest: file.path,
    msg: !output ? 'file already exists' : status === '304' ? 'HTTP Error 304: Not Modified' : `OK (${size} bytes)`,
    ...(status === undefined ? {} : { status_code: Number(status) }),
    ...(sum === undefined ? {} : { checksum_dest: sum, checksum_src: sum }),
    ...(output ? { elapsed: Math.floor((output.endedAt - output.startedAt) / 1000) } : {}),
    ...(backup === undefined ? {} : { backup_file: backup }),
    size,
    state: 'file',
    ...ownershipResult({ stat: file.stat, directory: false }, args, ids),
  };
}
