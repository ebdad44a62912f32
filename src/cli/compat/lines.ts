/** How one host's run ended, for its line and for the exit status. */
export interface TaskEnd {
  /** 0–255 as the process exited, negative: killed by that signal, null: interrupted or never started. */
  readonly status: number | null;
  /** What the line says of a failure; none is a success. */
  readonly failures: readonly string[];
}

export interface LineStyle {
  readonly colour: boolean;
}

/** `[1] 17:09:11 [SUCCESS] host`; local time. Without a newline. */
export function reportLine(
  { number, host, at, failures }: { number: number; host: string; at: number; failures: readonly string[] },
  { colour }: LineStyle,
): string {
  const paint = (text: string, code: number): string => (colour ? painted(text, code) : text);
  const strong = (text: string): string => (colour ? bold(text) : text);
  const head = [paint(`[${strong(String(number))}]`, 36), clock(at)];
  if (failures.length === 0) return [...head, paint(`[${strong('SUCCESS')}]`, 32), host].join(' ');
  return [...head, paint(`[${strong('FAILURE')}]`, 31), host, paint(strong(failures.join(', ')), 31)].join(' ');
}

export function stderrLabel({ colour }: LineStyle): string {
  return colour ? painted('Stderr: ', 31) : 'Stderr: ';
}

/** A status as the line puts it. */
export function failuresOf(status: number): readonly string[] {
  if (status < 0) return [`Killed by signal ${-status}`];
  return status > 0 ? [`Exited with error code ${status}`] : [];
}

export interface ExitRule {
  /** pscp and prsync know 4 only. */
  readonly copies: boolean;
}

/** 3 one was killed, else 4 one ended with 255 (pscp, prsync: with any but 0), else 5 one failed. */
export function exitStatusOf(ends: readonly TaskEnd[], { copies }: ExitRule): number {
  const statuses = ends.map(({ status }) => status);
  if (statuses.some((status) => status !== null && status < 0)) return 3;
  if (copies) return statuses.some((status) => status !== 0) ? 4 : 0;
  if (statuses.includes(255)) return 4;
  return statuses.some((status) => status !== 0) ? 5 : 0;
}

function clock(at: number): string {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

function painted(text: string, code: number): string {
  return `\u001b[${code}m\u001b[49m${text}\u001b[39m\u001b[49m`;
}

function bold(text: string): string {
  return `\u001b[1m${text}\u001b[22m`;
}
