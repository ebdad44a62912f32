import { str } from './text.ts';
import { formatTime, isoText } from './time-format.ts';
import { Callable, Fault, float, type Py, Structure, typeName } from './values.ts';

/** A date and time without a zone, as Python's `datetime`. Microseconds since 1970 on its own clock. */
export class DateTime extends Structure {
  readonly micros: number;

  constructor(micros: number) {
    super(
      'datetime',
      (name) => this.#fact(name),
      () => isoText(micros, ' '),
    );
    this.micros = micros;
  }

  compareTo(other: Py): number {
    if (other instanceof DateTime) return this.micros - other.micros;
    throw new Fault(`can't compare datetime to ${typeName(other)}`);
  }

  #fact(name: string): Py {
    const date = new Date(Math.floor(this.micros / 1000));
    const fields: Readonly<Record<string, () => Py>> = {
      year: () => date.getUTCFullYear(),
      month: () => date.getUTCMonth() + 1,
      day: () => date.getUTCDate(),
      hour: () => date.getUTCHours(),
      minute: () => date.getUTCMinutes(),
      second: () => date.getUTCSeconds(),
      microsecond: () => ((this.micros % 1_000_000) + 1_000_000) % 1_000_000,
      isoformat: () => method(name, () => isoText(this.micros, 'T')),
      strftime: () => method(name, (format) => formatTime(str(format), { micros: this.micros })),
      timestamp: () => method(name, () => float(localEpoch(this.micros))),
      weekday: () => method(name, () => (date.getUTCDay() + 6) % 7),
      isoweekday: () => method(name, () => date.getUTCDay() || 7),
      date: () => method(name, () => new DateTime(Math.floor(this.micros / 86_400e6) * 86_400e6)),
    };
    return Object.hasOwn(fields, name) ? fields[name]?.() : undefined;
  }
}

/** Seconds since 1970 of a time without a zone, taken as local time, as Python takes it. */
function localEpoch(micros: number): number {
  const date = new Date(Math.floor(micros / 1000));
  const local = new Date(
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  );
  return local.getTime() / 1000 + (((micros % 1_000_000) + 1_000_000) % 1_000_000) / 1e6;
}

function method(name: string, run: (argument: Py) => Py): Callable {
  return new Callable(name, (_runtime, { positional }) => run(positional[0]));
}

/** A span between two times. */
class TimeDelta extends Structure {
  readonly micros: number;

  constructor(micros: number) {
    super(
      'timedelta',
      (name) => this.#fact(name),
      () => deltaText(micros),
    );
    this.micros = micros;
  }

  compareTo(other: Py): number {
    if (other instanceof TimeDelta) return this.micros - other.micros;
    throw new Fault(`can't compare timedelta to ${typeName(other)}`);
  }

  #fact(name: string): Py {
    const days = Math.floor(this.micros / 86_400e6);
    if (name === 'days') return days;
    if (name === 'seconds') return Math.floor((this.micros - days * 86_400e6) / 1e6);
    if (name === 'microseconds') return ((this.micros % 1e6) + 1e6) % 1e6;
    return name === 'total_seconds' ? method(name, () => float(this.micros / 1e6)) : undefined;
  }
}

function deltaText(micros: number): string {
  const days = Math.floor(micros / 86_400e6);
  const rest = micros - days * 86_400e6;
  const [hours, minutes, seconds] = [
    Math.floor(rest / 3600e6),
    Math.floor(rest / 60e6) % 60,
    Math.floor(rest / 1e6) % 60,
  ];
  const fraction = rest % 1e6 === 0 ? '' : `.${String(rest % 1e6).padStart(6, '0')}`;
  const clock = `${hours}:${String(minutes).padStart(2, '0')}:${String(seconds).padStart(2, '0')}${fraction}`;
  return days === 0 ? clock : `${days} day${Math.abs(days) === 1 ? '' : 's'}, ${clock}`;
}

/** Sums and differences of times; JS `undefined`: there is none. */
export function timeArithmetic(operator: string, left: Py, right: Py): Py {
  if (left instanceof DateTime && right instanceof DateTime && operator === '-')
    return new TimeDelta(left.micros - right.micros);
  if (!(right instanceof TimeDelta) || (operator !== '+' && operator !== '-')) return undefined;
  const sign = operator === '+' ? 1 : -1;
  if (left instanceof DateTime) return new DateTime(left.micros + sign * right.micros);
  return left instanceof TimeDelta ? new TimeDelta(left.micros + sign * right.micros) : undefined;
}
