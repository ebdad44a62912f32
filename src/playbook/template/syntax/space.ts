/** One character of white space, as Python's `\s` knows it. */
export const PY_SPACE = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';

const ONLY = new RegExp(`^${PY_SPACE}+$`);

/** Whether the text is white space and not empty. */
export function isPySpace(text: string): boolean {
  return ONLY.test(text);
}
