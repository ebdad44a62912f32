import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { KEYWORDS } from '../../../src/playbook/keywords.ts';
import { builtinMap } from '../../../src/playbook/template/filters/builtin.ts';
import { FILTERS } from '../../../src/playbook/template/filters/index.ts';
import { TESTS } from '../../../src/playbook/template/tests/index.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const language = readFileSync(join(root, 'docs/language.md'), 'utf8');

/** The words in backquotes of the lines that begin with this text. */
function wordsOf(start: string): string[] {
  const lines = language.split('\n').filter((line) => line.startsWith(start));
  return lines.flatMap((line) => [...line.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''));
}

describe('docs/language.md', () => {
  test.each([
    ['filters', '- **filters**', [...builtinMap(FILTERS).keys()]],
    ['tests', '- **tests**', [...builtinMap(TESTS).keys()]],
  ])('names all %s, and no others', (_what, start, known) => {
    expect(wordsOf(start)).toEqual([...known].sort());
  });

  test('names every keyword', () => {
    const missing = Object.keys(KEYWORDS).filter((keyword) => !language.includes(`\`${keyword}\``));
    expect(missing.filter((keyword) => keyword !== 'role')).toEqual([]);
  });
});

describe('links', () => {
  const pages = ['.', 'docs', 'docs/modules'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  );

  test.each(pages)('%s: what it links to is there', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? '');
    const local = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(local.filter((link) => !existsSync(resolve(root, dirname(page), link)))).toEqual([]);
  });
});
