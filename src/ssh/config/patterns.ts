/** Whether a name matches a list like `*.example.com,!bad.example.com` (ssh_config(5), PATTERNS): negation beats all. */
export function matchesPatternList(name: string, list: string): boolean {
  let matched = false;
  for (const item of list.split(',')) {
    const negated = item.startsWith('!');
    if (!matchesPattern(name, negated ? item.slice(1) : item)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

/** `*` is any text, `?` one character. Linear in both lengths, whatever the pattern. */
export function matchesPattern(name: string, pattern: string): boolean {
  let [at, star, mark] = [0, -1, 0];
  let index = 0;
  while (index < name.length) {
    const char = pattern[at];
    if (char === '*') {
      star = at++;
      mark = index;
    } else if (char !== undefined && (char === '?' || char === name[index])) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++mark;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
