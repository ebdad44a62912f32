import { joinScripts, type Script, sh } from '../../../shared/sh.ts';
import type { Sections } from '../sections.ts';
import { type AptAction, parseSimulation } from './apt-simulation.ts';
import type { PackageRequest } from './request.ts';

export interface AptState {
  /** Epoch seconds on the host. */
  readonly clock: number;
  /** When the lists were last updated; 0: never. */
  readonly listsTime: number;
  readonly installed: readonly DpkgRow[];
  /** Names as given that are not as asked. */
  readonly missing: readonly string[];
  /** Of the missing: those that apt's candidate is too old for. */
  readonly old: readonly string[];
  /** What apt would do; undefined where nothing needed to be asked. */
  readonly simulated?: { readonly status: number; readonly text: string; readonly actions: readonly AptAction[] };
  /** Names that begin as the missing ones do. */
  readonly near: readonly string[];
  /** Of `deb`: its package and version, where it is a file on the host. */
  readonly deb?: { readonly name: string; readonly version: string };
  /** `.deb` files in apt's cache. */
  readonly cached: number;
}

export interface DpkgRow {
  readonly name: string;
  readonly arch: string;
  readonly version: string;
  /** install, hold, deinstall, purge. */
  readonly want: string;
  /** installed, config-files, half-configured … */
  readonly status: string;
}

/** A name as Ansible's apt takes it: `kubelet`, `kubelet=1.36.*`, `kubelet>=1.36`, `libc6:arm64`, `kube*`. */
export interface AptSpec {
  readonly given: string;
  readonly name: string;
  readonly op: '' | '=' | 'ge';
  readonly version: string;
}

export function aptSpec(given: string): AptSpec {
  const [, name = given, op, version = ''] = /^([^=<>]+?)\s*(>=|=)\s*(\S+)$/.exec(given.trim()) ?? [];
  return { given, name: name.trim(), op: op === '>=' ? 'ge' : op === '=' ? '=' : '', version };
}

/** Prints what is installed and, only where that is not as asked, what apt would do about it. */
export function aptReadScript(request: PackageRequest): Script {
  const specs = request.names.filter((name) => name !== '*').map(aptSpec);
  const checks = specs.length > 0 && request.state !== 'absent' && request.state !== 'build-dep';
  const removals = request.state === 'absent' ? simulatedRemovals(specs) : [];
  return joinScripts([
    sh`kp_say clock "$(date +%s)"
for kp_f in /var/lib/apt/periodic/update-success-stamp /var/lib/apt/lists; do
  [ -e "$kp_f" ] && { kp_say lists "$(stat -c %Y "$kp_f" 2>/dev/null)"; break; }
done
# shellcheck disable=SC2034 # what follows depends on the task
kp_need='' kp_words=''`,
    ...(request.apt.deb?.startsWith('/') || checks || removals.length > 0 ? [WANT] : []),
    ...(removals.length > 0 ? [GONE, ...removals.map((spec) => sh`kp_gone ${spec.name}`)] : []),
    ...(checks ? [CHECK] : []),
    ...(specs.length > 0 ? [installedScript(specs)] : []),
    ...(request.state === 'absent'
      ? []
      : specs.map((spec) => sh`kp_check ${spec.given} ${spec.name} ${spec.op} ${spec.version} ${aptWord(spec)}`)),
    ...(request.apt.deb?.startsWith('/') ? [debScript(request.apt.deb)] : []),
    ...(request.apt.clean
      ? [sh`kp_say cached "$(find /var/cache/apt/archives -name '*.deb' 2>/dev/null | wc -l)"`]
      : []),
    simulateScript(request, specs),
  ]);
}

/** apt-get takes stars for regular expressions, so what has one is not shown to it: the plan expands them by what is installed. */
function simulatedRemovals(specs: readonly AptSpec[]): readonly AptSpec[] {
  return specs.some((spec) => /[*?[]/.test(spec.name) || spec.op !== '') ? [] : specs;
}

const WANT: Script = sh`kp_want() {
  dpkg-query -W -f '\${db:Status-Status} \${Version}\n' -- "$1" 2>/dev/null | while read -r kp_s kp_v; do
    [ "$kp_s" = installed ] || continue
    # shellcheck disable=SC2254 # the version asked for may hold a star
    case $2 in
      '') echo y ;;
      =) case $kp_v in $3) echo y ;; esac ;;
      *) dpkg --compare-versions "$kp_v" "$2" "$3" && echo y ;;
    esac
  done | grep -q y
}`;

const GONE: Script = sh`kp_gone() {
  if kp_want "$1" '' ''; then kp_words="$kp_words $1"; kp_need=1; fi
}`;

const CHECK: Script = sh`kp_provided() {
  dpkg-query -W -f '\${db:Status-Status} , \${Provides},\n' 2>/dev/null | grep -F -- "$1" | while read -r kp_s kp_v; do
    [ "$kp_s" = installed ] || continue
    case $kp_v in *" $1,"*|*" $1 ("*) echo y ;; esac
  done | grep -q y
}
kp_check() {
  kp_want "$2" "$3" "$4" && return 0
  if [ -z "$3" ] && kp_provided "$2"; then return 0; fi
  kp_say missing "$1"
  kp_need=1; kp_words="$kp_words $5"
  [ "$3" = ge ] || return 0
  kp_candidate=$(apt-cache policy -- "$2" 2>/dev/null | sed -n 's/^ *Candidate: //p')
  dpkg --compare-versions "$kp_candidate" ge "$4" 2>/dev/null || kp_say old "$1"
}`;

function installedScript(specs: readonly AptSpec[]): Script {
  return sh`dpkg-query -W -f '\${Package}\t\${Architecture}\t\${Version}\t\${db:Status-Want}\t\${db:Status-Status}\n' -- ${specs.map((spec) => spec.name)} 2>/dev/null | kp_text installed`;
}

function debScript(path: string): Script {
  return sh`if [ -f ${path} ]; then
  kp_deb=$(dpkg-deb -f ${path} Package 2>/dev/null); kp_debv=$(dpkg-deb -f ${path} Version 2>/dev/null)
  kp_say deb "$kp_deb $kp_debv"
  kp_want "$kp_deb" = "$kp_debv" || { kp_say missing ${path}; kp_need=1; }
else kp_say nodeb yes; fi`;
}

function simulateScript(request: PackageRequest, specs: readonly AptSpec[]): Script {
  const command = aptCommand(request, request.state === 'latest' || request.state === 'build-dep' ? specs : []);
  if (command === undefined) return sh`:`;
  const always =
    request.state === 'build-dep' ||
    request.state === 'latest' ||
    request.state === 'fixed' ||
    request.names.includes('*') ||
    request.apt.upgrade !== 'no' ||
    (request.names.length === 0 && request.autoremove);
  const open = request.state !== 'latest' && request.state !== 'build-dep' && specs.length > 0 ? sh`$kp_words` : sh``;
  const firsts = [...new Set(specs.map((spec) => spec.name.slice(0, 4)))];
  const near =
    firsts.length === 0
      ? sh`:`
      : sh`case $kp_sim in
    *'Unable to locate'*)
      # shellcheck disable=SC2043 # there may be one name
      for kp_n in ${firsts}; do apt-cache pkgnames "$kp_n" 2>/dev/null; done | head -n 500 | kp_text near ;;
  esac`;
  return sh`${{ script: always ? sh`kp_need=1` : sh`:` }}
if [ -n "$kp_need" ]; then
  set -f
  # shellcheck disable=SC2086 # names without blanks, split on purpose
  kp_sim=$(apt-get -s -y -q ${command} ${{ script: open }} 2>&1); kp_say status "$?"
  set +f
  printf '%s\n' "$kp_sim" | kp_text sim
  ${{ script: near }}
fi`;
}

/** The arguments of apt-get for the whole of what is asked; undefined: nothing to install (or to be seen only from what is installed). */
export function aptCommand(request: PackageRequest, specs: readonly AptSpec[]): readonly string[] | undefined {
  const { apt, state, names } = request;
  const words = specs.map(aptWord);
  if (apt.upgrade !== 'no' || names.includes('*')) {
    return [...apt.flags, ...(apt.upgrade === 'dist' ? ['dist-upgrade'] : ['upgrade', '--with-new-pkgs'])];
  }
  if (state === 'fixed') return [...apt.flags, '-f', 'install', ...words];
  if (state === 'build-dep') return [...apt.flags, 'build-dep', '--', ...words];
  if (apt.deb?.startsWith('/')) return [...apt.flags, 'install', '--', apt.deb];
  if (names.length === 0) return request.autoremove ? [...apt.flags, ...purging(request), 'autoremove'] : undefined;
  if (state === 'absent') return removeWords(request);
  return [...apt.flags, ...(apt.onlyUpgrade ? ['--only-upgrade'] : []), 'install', '--', ...words];
}

function purging(request: PackageRequest): readonly string[] {
  return request.apt.purge ? ['--purge'] : [];
}

export function removeWords(request: PackageRequest): readonly string[] {
  return [...request.apt.flags, ...purging(request), ...(request.autoremove ? ['--auto-remove'] : []), 'remove', '--'];
}

/** What apt-get takes for it: it knows no `>=`, and there takes its candidate, which the read script compares. */
function aptWord(spec: AptSpec): string {
  return spec.op === '=' ? `${spec.name}=${spec.version}` : spec.name;
}

export function parseApt(sections: Sections): AptState {
  const status = sections.say('status');
  const text = (sections.lines('sim') ?? []).join('\n');
  const [debName, debVersion] = sections.say('deb').split(' ');
  return {
    clock: Number(sections.say('clock')),
    listsTime: Number(sections.say('lists') || 0),
    installed: (sections.lines('installed') ?? []).map(dpkgRow),
    missing: sections.lines('missing') ?? [],
    old: sections.lines('old') ?? [],
    near: sections.lines('near') ?? [],
    cached: Number(sections.say('cached') || 0),
    ...(status === '' ? {} : { simulated: { status: Number(status), text, actions: parseSimulation(text) } }),
    ...(debName && debVersion ? { deb: { name: debName, version: debVersion } } : {}),
  };
}

function dpkgRow(line: string): DpkgRow {
  const [name = '', arch = '', version = '', want = '', status = ''] = line.split('\t');
  return { name, arch, version, want, status };
}
