import { describe, expect, test } from '@jest/globals';
import type { Value } from '../../../../src/model/value.ts';
import { KprepError } from '../../../../src/shared/errors.ts';
import { evaluate, HOST } from './support.ts';

describe('lookups', () => {
  test.each<readonly [string, Value]>([
    ["lookup('env', 'HOME')", '/home/me'],
    ["lookup('env', 'NOPE')", ''],
    ["lookup('env', 'NOPE', default='x')", 'x'],
    ["lookup('file', 'key.pub')", 'ssh-ed25519 AAAA'],
    ["lookup('file', 'key.pub', rstrip=false)", 'ssh-ed25519 AAAA\n\n'],
    ["lookup('file', 'nope', errors='ignore')", null],
    ["query('file', 'nope', errors='ignore')", []],
    ["lookup('pipe', 'date')", 'ran date'],
    ["lookup('fileglob', '*.conf')", '/play/files/a.conf,/play/files/b.conf'],
    ["query('fileglob', '*.conf')", ['/play/files/a.conf', '/play/files/b.conf']],
    ["lookup('first_found', ['a.conf', 'b.conf'])", '/play/files/b.conf'],
    ["lookup('first_found', {'files': ['a.conf', 'b.conf'], 'paths': []})", '/play/files/b.conf'],
    ["query('first_found', {'files': ['x'], 'skip': true})", []],
    ["lookup('ansible.builtin.vars', 'name')", 'me'],
    ["lookup('template', 't.j2')", 'hello me\n'],
    ["lookup('template', 't.j2', template_vars={'name': 'you'})", 'hello you\n'],
    ["now(utc=true, fmt='%Y-%m-%d %H:%M:%S')", '2024-01-02 03:04:05'],
    ["'%Y' | strftime(utc=true)", '2024'],
    ['10 | random', 5],
    ["'~/x' | expanduser", '/home/me/x'],
    ["'/' is directory", true],
    ["'/nonexistent/x' is exists", false],
    ["lookup('password', 'key.pub')", 'ssh-ed25519 AAAA'],
  ])('%s', (text, value) => {
    const loadTemplate = (name: string) =>
      name === 't.j2' ? { text: 'hello {{ name }}\n', at: { file: name, line: 1, column: 1 } } : undefined;
    expect(evaluate(`{{ ${text} }}`, { name: 'me' }, { lookups: HOST, loadTemplate })).toEqual(value);
  });

  test.each([
    "lookup('env', 'HOME')",
    "query('items', [1])",
    'now()',
    '10 | random',
    "'/' is directory",
    "'~' | expanduser",
    "'/x' | realpath",
  ])('are refused where this machine is not to be asked: %s', (text) => {
    expect(() => evaluate(`{{ ${text} }}`)).toThrow(KprepError);
    expect(() => evaluate(`{{ ${text} }}`)).toThrow(/here/);
  });

  test.each([
    ["lookup('file', 'nope')", /no such file: nope/],
    ["lookup('fil', 'x')", /there is no lookup named 'fil' \(did you mean file\?\)/],
    ["lookup('first_found', ['a', 'b'])", /found none of a, b/],
    ["lookup('password', 'nope')", /lookups write no files/],
    ["lookup('vars', 'nope')", /'nope' is undefined/],
    ["lookup('items', nope)", /'nope' is undefined/],
  ])('%s', (text, message) => {
    expect(() => evaluate(`{{ ${text} }}`, {}, { lookups: HOST })).toThrow(message);
  });
});

describe('yaml', () => {
  test('from_yaml reads with what it is given', () => {
    expect(evaluate("{{ 'a' | from_yaml }}", {}, { parseYaml: (text) => [text] })).toEqual(['a']);
    expect(() => evaluate("{{ 'a' | from_yaml }}")).toThrow(/not possible here/);
  });
  test('to_nice_yaml', () => {
    expect(evaluate('{{ v | to_nice_yaml(indent=2) }}', { v: { b: [1, { c: 'yes' }], a: null } })).toBe(
      "a: null\nb:\n- 1\n- c: 'yes'\n",
    );
  });
});

describe('password_hash', () => {
  test('with a salt, as crypt has it', () => {
    // The first vector of the specification of SHA-crypt.
    expect(evaluate("{{ 'Hello world!' | password_hash('sha512', 'saltstring', rounds=5000) }}")).toBe(
      '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
    );
  });
  test('without one', () => {
    expect(evaluate("{{ 'x' | password_hash('sha256', rounds=1000) }}")).toMatch(
      /^\$5\$rounds=1000\$[./0-9A-Za-z]{16}\$[./0-9A-Za-z]{43}$/,
    );
  });
});
