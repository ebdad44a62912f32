import { describe, expect, test } from '@jest/globals';
import { MASK, makeSecrets } from '../../../src/shared/secrets.ts';

function redact(secret: string, text: string): string {
  const secrets = makeSecrets();
  secrets.add(secret);
  return secrets.redact(text);
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('secrets', () => {
  const rows: readonly (readonly [string, string, string, string])[] = [
    ['the value', 'hunter22', 'password is hunter22!', `password is ${MASK}!`],
    ['every occurrence', 'hunter22', 'hunter22hunter22', `${MASK}${MASK}`],
    ['characters that mean something in a pattern', 'a.b*c(d', 'x a.b*c(d y aXb', `x ${MASK} y aXb`],
    ['each line of a longer one', 'line one\nline two\n', 'got: line two', `got: ${MASK}`],
    ['as JSON spells it', 'quo"te\\d', JSON.stringify({ a: 'quo"te\\d' }), `{"a":"${MASK}"}`],
    ['short values are not masked by value', 'abc', 'abc', 'abc'],
  ];
  test.each(rows)('%s', (_name, secret, text, expected) => {
    expect(redact(secret, text)).toBe(expected);
  });

  test.each(['', '\n', ' and more'])('as base64, with %j behind it', (tail) => {
    const encoded = base64(`correct horse battery${tail}`);
    expect(redact('correct horse battery', encoded)).toContain(MASK);
  });

  test('deep in data, in keys too', () => {
    const secrets = makeSecrets();
    secrets.add('hunter22');
    expect(secrets.redactDeep({ hunter22: ['a hunter22', 1, null, { b: 'hunter22' }] })).toEqual({
      [MASK]: [`a ${MASK}`, 1, null, { b: MASK }],
    });
  });
});
