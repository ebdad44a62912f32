/** What a server says, fit for a message: no control characters, no escape sequences, one line each, not endless. */
export function sanitise(text: string, longest = 500): string {
  const plain = text
    // CSI, OSC and the two-character escapes of ECMA-48.
    .replace(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g, '')
    .replace(/[^\P{C}\n]/gu, '')
    .trim();
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain;
}

/** The last line that says something. */
export function lastLine(text: string): string {
  return sanitise(text.replaceAll('\r', '\n')).split('\n').at(-1)?.trim() ?? '';
}
