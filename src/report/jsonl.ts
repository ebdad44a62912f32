import type { Event } from '../model/event.ts';

/** The stream itself, a line an event (`-o jsonl`). Newlines inside values are escaped by JSON. */
export function toJsonLine(event: Event): string {
  return `${JSON.stringify(event)}\n`;
}
