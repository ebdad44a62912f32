import { type Script, sh } from '../../../shared/sh.ts';
import type { FileArgs, FileState } from './state.ts';

/** `preserve`, `now`, or local time of the host as `touch -t` takes it: `YYYYMMDDhhmm.ss`. */
export type WantedTime = 'preserve' | 'now' | { readonly stamp: string };

export interface WantedTimes {
  readonly mtime: WantedTime;
  readonly atime: WantedTime;
}

/** What the task wants, or what is wrong with a time. Absent means `now` for touch and `preserve` for everything else. */
export function wantedTimes(args: FileArgs): WantedTimes | string {
  const fallback = args.state === 'touch' ? 'now' : 'preserve';
  const mtime = parseTime(args.modification_time ?? fallback, args.modification_time_format);
  const atime = parseTime(args.access_time ?? fallback, args.access_time_format);
  if (typeof mtime === 'object' && 'problem' in mtime) return mtime.problem;
  if (typeof atime === 'object' && 'problem' in atime) return atime.problem;
  return { mtime, atime };
}

const DIRECTIVES: Readonly<Record<string, { readonly pattern: string; readonly field: string }>> = {
  '%Y': { pattern: '(\\d{4})', field: 'Y' },
  '%m': { pattern: '(\\d{1,2})', field: 'm' },
  '%d': { pattern: '(\\d{1,2})', field: 'd' },
  '%H': { pattern: '(\\d{1,2})', field: 'H' },
  '%M': { pattern: '(\\d{1,2})', field: 'M' },
  '%S': { pattern: '(\\d{1,2})', field: 'S' },
};

/** Python's `strptime` for the directives that stand for numbers of a date. */
function parseTime(text: string, format: string): WantedTime | { readonly problem: string } {
  if (text === 'preserve' || text === 'now') return text;
  const problem = `Error while obtaining timestamp for time ${text} using format ${format}`;
  const parts = format.match(/%.|[^%]+/g) ?? [];
  const unknown = parts.find((part) => part.startsWith('%') && !(part in DIRECTIVES));
  if (unknown !== undefined) return { problem: `${problem}: ${unknown} is not supported` };
  const pattern = parts
    .map((part) => DIRECTIVES[part]?.pattern ?? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('');
  const match = new RegExp(`^${pattern}$`).exec(text);
  if (!match) return { problem };
  const fields = parts.flatMap((part) => DIRECTIVES[part]?.field ?? []);
  const value = (name: string, other: number) => {
    const found = match[fields.indexOf(name) + 1];
    return fields.includes(name) && found !== undefined ? Number(found) : other;
  };
  const numbers = [value('Y', 1900), value('m', 1), value('d', 1), value('H', 0), value('M', 0), value('S', 0)];
  const [year = 0, ...rest] = numbers;
  if (!isRealDate(numbers)) return { problem };
  const [month, day, hour, minute, second] = rest.map((number) => String(number).padStart(2, '0'));
  return { stamp: `${String(year).padStart(4, '0')}${month}${day}${hour}${minute}.${second}` };
}

function isRealDate([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0]: readonly number[]): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 62;
}

/** Script that sets the times which differ; undefined when none does. `now` always differs. */
export function timesScript(path: string, wanted: WantedTimes, times: FileState['times']): Script | undefined {
  const mtime = differs(wanted.mtime, times?.mtime);
  const atime = differs(wanted.atime, times?.atime);
  if (mtime && atime && wanted.mtime === 'now' && wanted.atime === 'now') return sh`touch -c -- ${path}`;
  const steps = [
    ...(mtime ? [touchScript('-m', wanted.mtime, path)] : []),
    ...(atime ? [touchScript('-a', wanted.atime, path)] : []),
  ];
  if (steps.length === 0) return undefined;
  return steps.reduce((all, step) => sh`${{ script: all }} && ${{ script: step }}`);
}

function touchScript(which: '-m' | '-a', wanted: WantedTime, path: string): Script {
  if (typeof wanted === 'object') return sh`touch -c ${which} -t ${wanted.stamp} -- ${path}`;
  return sh`touch -c ${which} -- ${path}`;
}

function differs(wanted: WantedTime, now: string | undefined): boolean {
  if (typeof wanted === 'string') return wanted === 'now';
  const [, date = '', clock = '', fraction = '0'] = /^(\S+) (\d\d:\d\d:\d\d)(?:\.(\d+))?/.exec(now ?? '') ?? [];
  const [hour, minute, second] = clock.split(':');
  return `${date.replaceAll('-', '')}${hour}${minute}.${second}` !== wanted.stamp || Number(fraction) !== 0;
}

/** Sets both times back to what they were, as exactly as the host's `touch` can. */
export function restoreTimes(path: string, times: { readonly mtime: number; readonly atime: number }): Script {
  return sh`{ touch -c -m -d ${`@${times.mtime.toFixed(6)}`} -- ${path} && touch -c -a -d ${`@${times.atime.toFixed(6)}`} -- ${path}; } 2>/dev/null ||
{ touch -c -m -d ${`@${Math.floor(times.mtime)}`} -- ${path} && touch -c -a -d ${`@${Math.floor(times.atime)}`} -- ${path}; }`;
}
