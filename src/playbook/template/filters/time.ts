import { truth } from '../runtime/compare.ts';
import { DateTime } from '../runtime/datetime.ts';
import { pythonFloat } from '../runtime/numbers.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { str } from '../runtime/text.ts';
import { type ClockTime, formatTime, parseTime } from '../runtime/time-format.ts';
import { Fault, isNumber, type Py, toNumber } from '../runtime/values.ts';
import { type Builtins, wantText } from './builtin.ts';
import { host } from './paths.ts';

/** Dates and times. */
export const timeFilters: Builtins = {
  strftime: ['string_format second? utc?', strftime],
  to_datetime: [
    'string format?',
    (_, text, format) => new DateTime(parseTime(wantText(text, 'to_datetime'), str(format ?? '%Y-%m-%d %H:%M:%S'))),
  ],
};

function strftime(runtime: Runtime, format: Py, second: Py, utc: Py): string {
  const seconds = second === undefined || second === null ? host(runtime, 'strftime').now() / 1000 : secondsOf(second);
  return formatTime(wantText(format, 'strftime'), clockOf(Math.floor(seconds) * 1e6, truth(utc ?? false)));
}

function secondsOf(value: Py): number {
  const seconds = isNumber(value) ? toNumber(value) : typeof value === 'string' ? pythonFloat(value) : undefined;
  if (seconds === undefined || !Number.isFinite(seconds))
    throw new Fault(`Invalid value for epoch value (${str(value)})`);
  return seconds;
}

/** A moment, in microseconds since 1970, as the clock of UTC or of this machine shows it. */
export function clockOf(micros: number, utc: boolean): Required<ClockTime> {
  if (utc) return { micros, zone: { offsetMinutes: 0, name: 'UTC' } };
  const date = new Date(Math.floor(micros / 1000));
  const offsetMinutes = -date.getTimezoneOffset();
  const part = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' }).formatToParts(date);
  const name = part.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return { micros: micros + offsetMinutes * 60e6, zone: { offsetMinutes, name } };
}
