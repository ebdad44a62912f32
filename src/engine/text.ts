/** Lines as Python's `str.splitlines` makes them, which is how `stdout_lines` is made. */
export function splitLines(text: string): string[] {
  const lines = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Bytes of a host as text; what is not UTF-8 is replaced. Line ends at the end are dropped, as Ansible does. */
export function outputText(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/[\r\n]+$/, '');
}

/** `2024-05-06 07:08:09.123000`, in UTC, as Ansible writes `start` and `end`. */
export function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1).replace('T', ' ')}000`;
}

/** `0:00:01.234000`, as Ansible writes `delta`. */
export function deltaText(ms: number): string {
  const whole = Math.floor(ms / 1000);
  const two = (number: number): string => String(number).padStart(2, '0');
  const fraction = String(Math.round(ms % 1000)).padStart(3, '0');
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}.${fraction}000`;
}
