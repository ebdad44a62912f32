import { joinScripts, type Script, sh } from '../../../shared/sh.ts';
import type { Algorithm } from '../checksum.ts';
import { sumOf } from '../checksum.ts';
import type { Fetcher } from './state.ts';

export interface Download {
  readonly url: string;
  readonly path: string;
  readonly fetcher: Exclude<Fetcher, 'none' | 'same'>;
  /** Seconds that connecting, and any silence, may last. */
  readonly timeout: number;
  readonly validateCerts: boolean;
  readonly useProxy: boolean;
  readonly clientCert?: string | undefined;
  readonly clientKey?: string | undefined;
  readonly tmpDest?: string | undefined;
  /** Ask only for what is newer than the file that is there. */
  readonly conditional: boolean;
  readonly checksum?: { readonly algorithm: Algorithm; readonly hex?: string; readonly url?: string } | undefined;
  readonly backup: boolean;
  /** Given to the new file, the old one's taken as a base. */
  readonly finish: readonly Script[];
}

/**
 * Fetches into a temporary file beside the target, compares, and renames. Options of curl or wget (headers, password) come
 * as lines on stdin, so that nobody sees them in `ps`. Prints `name=value` lines: status, changed, sha1, size, backup.
 * Exit status 22: the server refused, 60: wrong checksum, 61: the list of checksums has no such name.
 */
export function downloadScript(download: Download): Script {
  return joinScripts([
    sh`umask 077
kp_d=${download.path}
kp_t=$(mktemp ${{ script: temporary(download) }}) || exit 1
kp_c=$(mktemp "$kp_t.XXXXXX") || exit 1
kp_s=$(mktemp "$kp_t.XXXXXX") || exit 1
trap 'rm -f -- "$kp_t" "$kp_c" "$kp_s"' EXIT
cat >"$kp_c"
kp_status=200`,
    wantedSum(download),
    fetchScript(download, { url: download.url, into: sh`"$kp_t"`, conditional: download.conditional }),
    UNCHANGED,
    checkSum(download),
    REPORT,
    replaceScript(download),
  ]);
}

function temporary({ tmpDest }: Download): Script {
  return tmpDest === undefined ? sh`"$kp_d.XXXXXX"` : sh`${tmpDest}/kprep.XXXXXX`;
}

interface Fetch {
  readonly url: string;
  readonly into: Script;
  readonly conditional: boolean;
}

function fetchScript(download: Download, fetch: Fetch): Script {
  if (isFileUrl(fetch.url)) return sh`cat -- ${pathOf(fetch.url)} >${{ script: fetch.into }} || exit 22`;
  if (download.fetcher === 'curl') return curlScript(download, fetch);
  return download.fetcher === 'wget' ? wgetScript(download, fetch) : busyboxScript(download, fetch);
}

/** `file:///path`: a file of the host itself, for which no program of its own is needed (RFC 8089). */
export function isFileUrl(url: string): boolean {
  return /^file:\/\/\//i.test(url);
}

export function pathOf(url: string): string {
  const path = url.slice('file://'.length);
  try {
    return decodeURIComponent(path);
  } catch {
    // No UTF-8 in percent signs: then it is the name as it stands.
    return path;
  }
}

function curlScript(download: Download, { url, into, conditional }: Fetch): Script {
  const { timeout, clientCert, clientKey } = download;
  const options = [
    ...['-sS', '-L', '-f', '--connect-timeout', String(timeout), '--speed-time', String(timeout), '--speed-limit', '1'],
    ...(download.validateCerts ? [] : ['-k']),
    ...(download.useProxy ? [] : ['--noproxy', '*']),
    ...(clientCert === undefined ? [] : ['--cert', clientCert]),
    ...(clientKey === undefined ? [] : ['--key', clientKey]),
  ];
  const newer = conditional ? sh`-z "$kp_d"` : sh``;
  return sh`kp_status=$(curl ${options} -K "$kp_c" ${{ script: newer }} -w '%{http_code}' -o ${{ script: into }} -- ${url}) || exit 22`;
}

/** GNU wget reads its options from the file that WGETRC names. It has no conditional request for a name of our own. */
function wgetScript(download: Download, { url, into }: Fetch): Script {
  const { timeout, clientCert, clientKey } = download;
  const options = [
    ...['-q', '-T', String(timeout), '-t', '1'],
    ...(download.validateCerts ? [] : ['--no-check-certificate']),
    ...(download.useProxy ? [] : ['--no-proxy']),
    ...(clientCert === undefined ? [] : [`--certificate=${clientCert}`]),
    ...(clientKey === undefined ? [] : [`--private-key=${clientKey}`]),
  ];
  return sh`WGETRC=$kp_c wget ${options} -O ${{ script: into }} -- ${url} || { printf 'wget: %s could not be fetched\n' ${url} >&2; exit 22; }`;
}

/** Without `-T`: the wget of busybox 1.35 crashes with it (seen on Debian 12). */
function busyboxScript(download: Download, { url, into }: Fetch): Script {
  const options = ['-q', ...(download.validateCerts ? [] : ['--no-check-certificate'])];
  const off = download.useProxy ? sh`` : sh`-Y off`;
  return sh`wget ${options} ${{ script: off }} -O ${{ script: into }} -- ${url} || exit 22`;
}

/** The sum to expect in `$kp_want`: given, or the line for this file in a list that is fetched first. */
function wantedSum(download: Download): Script {
  const { checksum } = download;
  if (!checksum) return sh`:`;
  if (checksum.hex !== undefined) return sh`kp_want=${checksum.hex}`;
  const name = download.url.replace(/[?#].*/, '').replace(/.*\//, '');
  return joinScripts([
    fetchScript(download, { url: checksum.url ?? '', into: sh`"$kp_s"`, conditional: false }),
    // A list (`HEX  NAME`, `HEX *./NAME`), or one sum alone in its file.
    sh`kp_want=$(awk -v name=${name} 'NF == 1 && NR == 1 { only = $1 } NF > 1 { file = $2; sub(/^\*/, "", file); sub(/^\.\//, "", file); n = split(file, part, "/"); if (part[n] == name) { print $1; found = 1; exit } } END { if (!found && only != "") print only }' "$kp_s" | tr 'A-F' 'a-f')
[ -n "$kp_want" ] || exit 61
if [ -f "$kp_d" ]; then
  kp_is=$(${{ script: sumOf(checksum.algorithm, sh`"$kp_d"`) }})
  if [ "\${kp_is%% *}" = "$kp_want" ]; then printf 'status=200\nchanged=0\n'; exit 0; fi
fi`,
  ]);
}

/** `-z` was obeyed: the server has nothing newer. */
const UNCHANGED = sh`if [ "$kp_status" = 304 ]; then printf 'status=304\nchanged=0\n'; exit 0; fi`;

function checkSum({ checksum }: Download): Script {
  if (!checksum) return sh`:`;
  return sh`kp_is=$(${{ script: sumOf(checksum.algorithm, sh`"$kp_t"`) }})
if [ "\${kp_is%% *}" != "$kp_want" ]; then printf '%s %s\n' "\${kp_is%% *}" "$kp_want" >&2; exit 60; fi`;
}

const REPORT = sh`kp_1=$(sha1sum <"$kp_t")
printf 'status=%s\nsha1=%s\nsize=%s\n' "$kp_status" "\${kp_1%% *}" "$(wc -c <"$kp_t")"
if [ -f "$kp_d" ] && cmp -s "$kp_t" "$kp_d"; then printf 'changed=0\n'; exit 0; fi`;

function replaceScript({ backup, finish }: Download): Script {
  const keep = sh`if [ -f "$kp_d" ]; then
  kp_b="$kp_d.$$.$(date +%Y-%m-%d@%H:%M:%S)~"
  cp -p -- "$kp_d" "$kp_b" || exit 1
  printf 'backup=%s\n' "$kp_b"
fi`;
  return joinScripts([
    ...(backup ? [keep] : []),
    ...finish.map((step) => sh`${{ script: step }} || exit 1`),
    sh`mv -f -- "$kp_t" "$kp_d" || exit 1
printf 'changed=1\n'`,
  ]);
}
