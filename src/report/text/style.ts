import type { Outcome } from '../../model/event.ts';

/** How text is decorated. Colour is never the only sign: every outcome is a word as well. */
export interface Style {
  outcome(outcome: Outcome | 'ignored' | 'rescued', text: string): string;
  title(text: string): string;
  faint(text: string): string;
  added(text: string): string;
  removed(text: string): string;
}

const CODES: Readonly<Record<Outcome | 'ignored' | 'rescued', string>> = {
  ok: '32',
  changed: '33',
  skipped: '36',
  pending: '35',
  failed: '31;1',
  unreachable: '31;1',
  unknown: '31;1',
  cancelled: '31',
  ignored: '35',
  rescued: '35',
};

export function makeStyle(color: boolean): Style {
  const paint = (code: string, text: string): string =>
    color && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text;
  return {
    outcome: (outcome, text) => paint(CODES[outcome], text),
    title: (text) => paint('1', text),
    faint: (text) => paint('2', text),
    added: (text) => paint('32', text),
    removed: (text) => paint('31', text),
  };
}
