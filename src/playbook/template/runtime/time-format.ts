import { Fault } from './values.ts';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** A moment on its own clock, and how far that is from UTC, where that is known. */
export interface ClockTime {
  readonly micros: number;
  readonly zone?: { readonly offsetMinutes: number; readonly name: string };
}

const two = (value: number): string => String(value).padStart(2, '0');
const blank = (value: number): string => String(value).padStart(2, ' ');

type Directive = (date: Date, time: ClockTime) => string;

const DIRECTIVES: Readonly<Record<string, Directive>> = {
  '%': () => '%',
  a: (date) => (DAYS[date.getUTCDay()] ?? '').slice(0, 3),
  A: (date) => DAYS[date.getUTCDay()] ?? '',
  b: (date) => (MONTHS[date.getUTCMonth()] ?? '').slice(0, 3),
  B: (date) => MONTHS[date.getUTCMonth()] ?? '',
  c: (date, time) => expand('%a %b %e %H:%M:%S %Y', date, time),
  C: (date) => two(Math.floor(date.getUTCFullYear() / 100)),
  d: (date) => two(date.getUTCDate()),
  D: (date, time) => expand('%m/%d/%y', date, time),
  e: (date) => blank(date.getUTCDate()),
  f: (_date, { micros }) => String(((micros % 1e6) + 1e6) % 1e6).padStart(6, '0'),
  F: (date, time) => expand('%Y-%m-%d', date, time),
  G: (date) => String(isoWeek(date).year),
  h: (date, time) => expand('%b', date, time),
  H: (date) => two(date.getUTCHours()),
  I: (date) => two(date.getUTCHours() % 12 || 12),
  j: (date) => String(dayOfYear(date) + 1).padStart(3, '0'),
  k: (date) => blank(date.getUTCHours()),
  l: (date) => blank(date.getUTCHours() % 12 || 12),
  m: (date) => two(date.getUTCMonth() + 1),
  M: (date) => two(date.getUTCMinutes()),
  n: () => '\n',
  p: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  r: (date, time) => expand('%I:%M:%S %p', date, time),
  R: (date, time) => expand('%H:%M', date, time),
  s: (_date, { micros, zone }) => String(Math.floor(micros / 1e6) - (zone?.offsetMinutes ?? 0) * 60),
  S: (date) => two(date.getUTCSeconds()),
  t: () => '\t',
  T: (date, time) => expand('%H:%M:%S', date, time),
  u: (date) => String(date.getUTCDay() || 7),
  U: (date) => two(Math.floor((dayOfYear(date) + 7 - date.getUTCDay()) / 7)),
  V: (date) => two(isoWeek(date).week),
  w: (date) => String(date.getUTCDay()),
  W: (date) => two(Math.floor((dayOfYear(date) + 7 - ((date.getUTCDay() + 6) % 7)) / 7)),
  x: (date, time) => expand('%m/%d/%y', date, time),
  X: (date, time) => expand('%H:%M:%S', date, time),
  y: (date) => two(date.getUTCFullYear() % 100),
  Y: (date) => String(date.getUTCFullYear()),
  z: (_date, { zone }) => (zone ? offsetText(zone.offsetMinutes) : ''),
  Z: (_date, { zone }) => zone?.name ?? '',
};

/** `strftime` in the C locale. */
export function formatTime(format: string, time: ClockTime): string {
  return expand(format, new Date(Math.floor(time.micros / 1000)), time);
}

function expand(format: string, date: Date, time: ClockTime): string {
  return format.replace(/%([-_0^#]?)([\s\S])/g, (whole, flag: string, letter: string) => {
    const directive = Object.hasOwn(DIRECTIVES, letter) ? DIRECTIVES[letter] : undefined;
    if (!directive) return whole;
    const text = directive(date, time);
    if (flag === '-') return text.replace(/^[0 ]+(?=.)/, '');
    if (flag === '_') return text.replace(/^0+(?=.)/, (zeros) => ' '.repeat(zeros.length));
    return flag === '^' ? text.toUpperCase() : text;
  });
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000);
}

/** The week with the year's first Thursday is week 1. */
function isoWeek(date: Date): { readonly year: number; readonly week: number } {
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * 86_400_000);
  return { year: thursday.getUTCFullYear(), week: Math.floor(dayOfYear(thursday) / 7) + 1 };
}

function offsetText(minutes: number): string {
  const total = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(total / 60))}${two(total % 60)}`;
}

/** `2024-01-31 12:00:00`, with microseconds where there are some. */
export function isoText(micros: number, separator: string): string {
  const fraction = ((micros % 1e6) + 1e6) % 1e6 === 0 ? '' : '.%f';
  return formatTime(`%Y-%m-%d${separator}%H:%M:%S${fraction}`, { micros });
}

const PARTS: Readonly<Record<string, readonly [pattern: string, field: string]>> = {
  d: ['(3[01]|[12]\\d|0[1-9]|[1-9]| [1-9])', 'day'],
  f: ['(\\d{1,6})', 'micro'],
  H: ['(2[0-3]|[01]\\d|\\d)', 'hour'],
  I: ['(1[0-2]|0[1-9]|[1-9])', 'hour12'],
  j: ['(36[0-6]|3[0-5]\\d|[12]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9])', 'yearday'],
  m: ['(1[0-2]|0[1-9]|[1-9])', 'month'],
  M: ['([0-5]\\d|\\d)', 'minute'],
  S: ['(6[01]|[0-5]\\d|\\d)', 'second'],
  y: ['(\\d\\d)', 'year2'],
  Y: ['(\\d{4})', 'year'],
  z: ['([+-]\\d\\d:?[0-5]\\d|Z)', 'zone'],
  b: [`(${MONTHS.map((month) => month.slice(0, 3)).join('|')})`, 'monthName'],
  B: [`(${MONTHS.join('|')})`, 'monthName'],
  a: [`(?:${DAYS.map((day) => day.slice(0, 3)).join('|')})`, ''],
  A: [`(?:${DAYS.join('|')})`, ''],
  p: ['(AM|PM)', 'half'],
  '%': ['%', ''],
};
const COMPOUND: Readonly<Record<string, string>> = {
  c: '%a %b %d %H:%M:%S %Y',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
  T: '%H:%M:%S',
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  R: '%H:%M',
};

/**
 * `datetime.strptime`: microseconds since 1970 on the clock that the text shows.
 * @throws Fault where the text does not fit the format.
 */
export function parseTime(text: string, format: string): number {
  const fields: string[] = [];
  const whole = format.replace(/%([cxXTDFR])/g, (_, letter: string) => COMPOUND[letter] ?? '');
  const pattern = whole.replace(/%([\s\S])|\s+|([.*+?^${}()|[\]\\/-])/g, (_, letter?: string, special?: string) => {
    if (special !== undefined) return `\\${special}`;
    if (letter === undefined) return '\\s+';
    const part = Object.hasOwn(PARTS, letter) ? PARTS[letter] : undefined;
    if (!part) throw new Fault(`'${letter}' is a bad directive in format '${format}'`);
    if (part[1] !== '') fields.push(part[1]);
    return part[0];
  });
  const match = new RegExp(`^${pattern}$`, 'i').exec(text);
  if (!match) throw new Fault(`time data '${text}' does not match format '${format}'`);
  return assembled(new Map(fields.map((field, index) => [field, match[index + 1] ?? ''])), text);
}

function assembled(fields: ReadonlyMap<string, string>, text: string): number {
  const number = (name: string, usual: number) => Number(fields.get(name) ?? usual);
  const month = fields.has('monthName') ? monthNumber(fields.get('monthName') ?? '') : number('month', 1);
  const yearday = fields.get('yearday');
  const day = yearday === undefined ? number('day', 1) : Number(yearday);
  const date = new Date(0);
  date.setUTCFullYear(yearOf(fields), yearday === undefined ? month - 1 : 0, day);
  if (yearday === undefined && date.getUTCDate() !== day) throw new Fault(`day is out of range for month: '${text}'`);
  date.setUTCHours(hourOf(fields), number('minute', 0), Math.min(59, number('second', 0)));
  return date.getTime() * 1000 + Number((fields.get('micro') ?? '').padEnd(6, '0'));
}

function yearOf(fields: ReadonlyMap<string, string>): number {
  const short = fields.get('year2');
  if (short !== undefined) return Number(short) + (Number(short) < 69 ? 2000 : 1900);
  return Number(fields.get('year') ?? 1900);
}

function hourOf(fields: ReadonlyMap<string, string>): number {
  const twelve = fields.get('hour12');
  if (twelve === undefined) return Number(fields.get('hour') ?? 0);
  return (Number(twelve) % 12) + (fields.get('half')?.toUpperCase() === 'PM' ? 12 : 0);
}

function monthNumber(name: string): number {
  return MONTHS.findIndex((month) => month.slice(0, 3).toLowerCase() === name.slice(0, 3).toLowerCase()) + 1;
}
