import { joinScripts, type Script, sh } from '../../../shared/sh.ts';
import type { Sections } from '../sections.ts';
import type { PackageRequest } from './request.ts';
import { compareEvr, type Evr, parseEvr } from './rpm-version.ts';

export interface RpmState {
  /** For each name as asked, the packages that answer to it. */
  readonly answers: readonly (readonly RpmRow[])[];
  /** For each name, the packages of its bare name, whatever their version. */
  readonly bare: readonly (readonly RpmRow[])[];
  /** `none`: the cached metadata knows no newer version; `some`; `unknown`: there is no metadata. */
  readonly updates: 'none' | 'some' | 'unknown';
  readonly updateLines: readonly string[];
}

export interface RpmRow extends Evr {
  readonly name: string;
  readonly arch: string;
}

/** A name as Ansible's dnf takes it: `kubelet`, `kubelet-1.36.1`, `kubelet-1.36.*`, `kubelet >= 1.36`, `/path`, URL, `@group`. */
export interface RpmSpec {
  readonly given: string;
  readonly kind: 'name' | 'group' | 'file' | 'url';
  /** What rpm is asked. */
  readonly query: string;
  /** The bare name, where a version or comparison was given; else the query. */
  readonly bare: string;
  /** A version with stars, matched here: rpm takes what follows the last dot for an architecture. */
  readonly glob?: string;
  readonly op?: '=' | '>=' | '<=' | '>' | '<';
  readonly evr?: Evr;
}

export function rpmSpec(given: string): RpmSpec {
  const text = given.trim();
  if (text.startsWith('@')) return { given, kind: 'group', query: text, bare: text };
  if (/^(https?|ftp|file):\/\//.test(text)) return { given, kind: 'url', query: text, bare: text };
  if (text.startsWith('/') && text.endsWith('.rpm')) return { given, kind: 'file', query: text, bare: text };
  const [, name, op, version] = /^(\S+?)\s*(>=|<=|==|=|>|<)\s*(\S+)$/.exec(text) ?? [];
  if (name !== undefined && op !== undefined && version !== undefined) {
    const exact = op === '==' || op === '=';
    return { given, kind: 'name', query: name, bare: name, op: exact ? '=' : (op as '>='), evr: parseEvr(version) };
  }
  const [, globName] = /^(.+?)-(?=\d[^-]*[*?[]|\d.*-.*[*?[])/.exec(text) ?? [];
  if (globName !== undefined && !/[*?[]/.test(globName)) {
    const floor = text.slice(globName.length + 1).replace(/[.-]?[*?[].*$/, '');
    return { given, kind: 'name', query: globName, bare: globName, glob: text, evr: parseEvr(floor) };
  }
  return { given, kind: 'name', query: text, ...bareOf(text) };
}

/**
 * Splits `name-version[-release][.arch]` where it plainly is one: a version with a dot in it, a release that begins with a
 * digit. `java-11-openjdk` and `gcc-toolset-12` are names.
 */
function bareOf(text: string): { readonly bare: string; readonly evr?: Evr } {
  const plain = text.replace(/\.(x86_64|aarch64|noarch|i[3-6]86|ppc64le|s390x|armv7hl)$/, '');
  const [, name, epoch = '', version, release = ''] =
    /^(.+?)-(?:(\d+):)?(\d[^-]*\.[^-]*|\d[^-]*(?=-\d))(?:-(\d[^-]*))?$/.exec(plain) ?? [];
  if (name === undefined || version === undefined) return { bare: text };
  return { bare: name, evr: { epoch, version, release } };
}

/** Prints what rpm knows of each name, and for `latest` what the metadata that is already here would update. */
export function rpmReadScript(request: PackageRequest): Script {
  const specs = request.names.filter((name) => name !== '*').map(rpmSpec);
  const root = request.rpm.installroot === '/' ? [] : ['--root', request.rpm.installroot];
  return joinScripts([
    sh`kp_q() { rpm ${root} --qf '%{NAME}\t%|EPOCH?{%{EPOCH}}:{}|\t%{VERSION}\t%{RELEASE}\t%{ARCH}\n' "$@" 2>/dev/null; }
kp_ask() {
  case $2 in
    *[*?[]*) kp_q -qa -- "$2" ;;
    *.rpm) kp_n=$(rpm -qp --qf '%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}' -- "$2" 2>/dev/null) && kp_q -q -- "$kp_n" ;;
    *) kp_q -q -- "$2" || kp_q -q --whatprovides -- "$2" ;;
  esac | grep "$(printf '\t')" | kp_text "$1"
}`,
    ...specs.flatMap((spec, index) =>
      spec.kind === 'name' || spec.kind === 'file'
        ? [
            sh`kp_ask ${`answer${index}`} ${spec.query.replace(/-\d+:/, '-')}`,
            ...(spec.bare === spec.query ? [] : [sh`kp_ask ${`bare${index}`} ${spec.bare}`]),
          ]
        : [],
    ),
    ...(request.state === 'latest' ? [updatesScript(specs)] : []),
  ]);
}

/** `check-update` from the cache only: 0 nothing, 100 something, else there is no metadata. */
function updatesScript(specs: readonly RpmSpec[]): Script {
  const names = specs.filter((spec) => spec.kind === 'name').map((spec) => spec.query);
  return sh`case $kp_manager in
  dnf5) kp_u=$(dnf5 -C -q check-upgrade ${names} 2>/dev/null) ;;
  *) kp_u=$("$kp_manager" -C -q check-update ${names} 2>/dev/null) ;;
esac
kp_say updates "$?"
printf '%s\n' "$kp_u" | kp_text update`;
}

export function parseRpm(sections: Sections, count: number): RpmState {
  const rows = (name: string) => (sections.lines(name) ?? []).map(rpmRow);
  const status = sections.say('updates');
  return {
    answers: Array.from({ length: count }, (_, index) => rows(`answer${index}`)),
    bare: Array.from({ length: count }, (_, index) =>
      rows(sections.lines(`bare${index}`) ? `bare${index}` : `answer${index}`),
    ),
    updates: status === '0' ? 'none' : status === '100' ? 'some' : 'unknown',
    updateLines: (sections.lines('update') ?? []).filter((line) => /^\S+\s+\S+\s+\S+$/.test(line)),
  };
}

function rpmRow(line: string): RpmRow {
  const [name = '', epoch = '', version = '', release = '', arch = ''] = line.split('\t');
  return { name, epoch, version, release, arch };
}

/** Those of the packages that are what the name asks for. */
export function answering(spec: RpmSpec, rows: readonly RpmRow[]): readonly RpmRow[] {
  const { op, evr, glob } = spec;
  if (glob !== undefined) return rows.filter((row) => spellings(row).some((text) => globMatches(glob, text)));
  if (op === undefined || evr === undefined) return rows;
  return rows.filter((row) => holdsFor(op, compareEvr(row, evr)));
}

function holdsFor(op: NonNullable<RpmSpec['op']>, order: number): boolean {
  if (order === 0) return op.endsWith('=');
  return order > 0 ? op.startsWith('>') : op.startsWith('<');
}

/** What dnf matches a glob against. */
function spellings({ name, epoch, version, release, arch }: RpmRow): readonly string[] {
  const short = [`${name}-${version}`, `${name}-${version}-${release}`, `${name}-${version}-${release}.${arch}`];
  return epoch === '' ? short : [...short, ...short.map((text) => text.replace(`${name}-`, `${name}-${epoch}:`))];
}

function globMatches(glob: string, text: string): boolean {
  const source = glob
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(text);
}

/** Whether something newer than the version asked for is installed. */
export function hasNewer(spec: RpmSpec, bare: readonly RpmRow[]): boolean {
  const { evr } = spec;
  if (evr === undefined || spec.op === '<' || spec.op === '<=') return false;
  return bare.some((row) => compareEvr(row, { ...evr, epoch: evr.epoch || row.epoch }) > 0);
}
