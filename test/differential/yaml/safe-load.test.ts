import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { PyFloat, type Value, VaultText } from '../../../src/model/value.ts';
import { toValue } from '../../../src/model/yaml-value.ts';
import { parseYaml } from '../../../src/shared/yaml/parse.ts';

/** Reads documents with yaml.safe_load; floats as {"float": "repr"}, what fails as {"error": true}. */
const LOADER = `
import sys, json, yaml, datetime
def tag(v):
    if isinstance(v, bool) or v is None or isinstance(v, str): return v
    if isinstance(v, int): return {"int": str(v)}
    if isinstance(v, float): return {"float": v.hex() if v == v and abs(v) != float("inf") else str(v)}
    if isinstance(v, (datetime.date, datetime.datetime)): return {"time": True}
    if isinstance(v, list): return [tag(x) for x in v]
    if isinstance(v, dict): return {"map": [[str(k), tag(x)] for k, x in v.items()]}
    raise ValueError(type(v))
out = []
for text in json.load(sys.stdin):
    try: out.append({"value": tag(yaml.safe_load(text))})
    except Exception as e: out.append({"error": str(e).splitlines()[0]})
json.dump(out, sys.stdout)
`;

type Answer = { readonly value?: unknown; readonly error?: string };

function python(texts: readonly string[]): Answer[] {
  const out = execFileSync('/usr/bin/python3', ['-c', LOADER], { input: JSON.stringify(texts), maxBuffer: 1 << 28 });
  return JSON.parse(out.toString('utf8')) as Answer[];
}

function ours(text: string): Answer {
  const { root, problems } = parseYaml(text, 'x.yaml');
  const error = problems.find((problem) => problem.level === 'error');
  if (error) return { error: error.message };
  return { value: root ? tag(toValue(root, { templates: false })) : null };
}

function tag(value: Value): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return { int: value.toString() };
  if (typeof value === 'number') return Number.isInteger(value) ? { int: String(value) } : { float: hex(value) };
  if (value instanceof PyFloat) return { float: hex(value.value) };
  if (value instanceof VaultText) return value.ciphertext;
  if (Array.isArray(value)) return value.map(tag);
  return { map: Object.entries(value).map(([key, item]) => [key, tag(item as Value)]) };
}

/** Python's float.hex. */
function hex(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  if (size === 0) return `${sign}0x0.0p+0`;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, size);
  const bits = view.getBigUint64(0);
  const exponent = Number(bits >> 52n) - 1023;
  const mantissa = (bits & 0xfffffffffffffn).toString(16).padStart(13, '0');
  return `${sign}0x1.${mantissa}p${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
}

/** A timestamp is text here, and a date there. */
function same(theirs: Answer, mine: Answer): boolean {
  if ('error' in theirs || 'error' in mine) return 'error' in theirs && 'error' in mine;
  return equal(theirs.value, mine.value);
}

function equal(theirs: unknown, mine: unknown): boolean {
  if (typeof theirs === 'object' && theirs !== null && 'time' in theirs) return typeof mine === 'string';
  if (Array.isArray(theirs)) {
    return Array.isArray(mine) && mine.length === theirs.length && theirs.every((item, i) => equal(item, mine[i]));
  }
  if (typeof theirs === 'object' && theirs !== null && 'map' in theirs) {
    return (
      typeof mine === 'object' && mine !== null && 'map' in mine && equal(theirs.map, sorted(mine.map, theirs.map))
    );
  }
  return JSON.stringify(theirs) === JSON.stringify(mine);
}

/** JS puts keys that look like array indices first; the order of the others must be Python's. */
function sorted(mine: unknown, theirs: unknown): unknown {
  const place = new Map((theirs as [string, unknown][]).map(([key], index) => [key, index]));
  const index = (key: string) => (/^\d+$/.test(key) ? (place.get(key) ?? -1) : undefined);
  const entries = mine as [string, unknown][];
  return entries.some(([key]) => index(key) !== undefined)
    ? [...entries].sort(([a], [b]) => (place.get(a) ?? 0) - (place.get(b) ?? 0))
    : entries;
}

/**
 * Where we know to differ. Refused here and read there: never a wrong value. Taken here and refused there: harmless
 * spellings. U+0085 and U+2028 are not line ends for us.
 */
const KNOWN: ReadonlySet<string> = new Set([
  ...[
    'a: [\n1,\n2\n]\n',
    'a: {b: 1,\nc: 2}\n',
    'a: "x\\\ny"\n',
    'a: "b\nc"\n',
    "a: 'b\nc'\n",
    "a: 'x'#y\n",
    'a: [-]\n',
    'a: {b: -}\n',
  ],
  ...[
    '--- |\nx\n',
    'a: &x 1\nb: &x 2\nc: *x\n',
    'a:\tb\n',
    'a: \tb\n',
    '-\ta\n',
    'a: b\t# c\n',
    '...\n',
    'a: [?x, :y]\n',
  ],
  ...['a: {b: ?a}\n', 'a: [:a]\n', 'a: {b: :a}\n', 'a: [::1]\n', 'a: {b: ::1}\n', 'a: [!!str]\n', 'a: {b: !!str}\n'],
  ...['?\n', '- ?\n', 'a: [?]\n', 'a: [?a]\n', 'a: "\u0085"\n', 'a: \u2028b\n', '&a: 1\n'],
  ...['-0.0: 1\n', '2001-12-14t21:59:43.10-05:00: 1\n', '2001-12-14T21:59:43Z: 1\n'],
  ...[
    '2024-99-99\n',
    'a: 2024-99-99\n',
    '- 2024-99-99\n',
    'a: [2024-99-99]\n',
    'a: {b: 2024-99-99}\n',
    '2024-99-99: 1\n',
  ],
]);

function differences(texts: readonly string[]): string[] {
  const answers = python(texts);
  return texts.flatMap((text, index) => {
    const theirs = answers[index] ?? {};
    const mine = ours(text);
    return same(theirs, mine) !== KNOWN.has(text)
      ? []
      : [`${JSON.stringify(text)}\n  PyYAML ${JSON.stringify(theirs)}\n  kprep  ${JSON.stringify(mine)}`];
  });
}

const SCALARS =
  `0 1 12 -1 +1 00 007 0644 0755 +0644 -0644 08 09 0o644 0O644 0b101 -0b1 0b 0b2 0x1F 0X1f 0x 0x_ 1_000 1__0 _1 1_ 0_ 0_7 0_8
1:30 1:60 1:5 12:30:45 -1:30 +1:30 1:30.5 01:30 1:30:99 190:20:30.15 1.0 1. .5 -.5 +.5 . .. 1.5 1.5.6 1e3 1e+3 1.0e3 1.0e+3 1.0e-3 1.E+3 1E3 .1e+3 1_0.5 1._5 -1.5e+10
.inf -.inf +.inf .Inf .INF .iNF .nan .NaN .NAN -.nan 9007199254740991 9007199254740993 -9007199254740993 123456789012345678901234567890 1e400 0.1 0.30000000000000004 100.0 1e22
yes Yes YES yEs no No NO on On ON oN off Off OFF true True TRUE tRUE false False FALSE y Y n N t f T F null Null NULL nULL ~ none None nil undefined
2001-12-14 2001-1-1 2001-12-14t21:59:43.10-05:00 2001-12-14T21:59:43Z 2001-12-15 2024-99-99 20011214
= == =a <<a a<< <a >a - -a -- --- . .a ? ?a : :a a: a:b a:b:c a:1 http://x.y:80/z a# a#b #a @a \`a %a &a *a !a |a ,a ]a }a a] a} a, a[b] a{b} {} [] "" ''
1.2.3 1.2.3.4 10.0.0.1 10.0.0.1/24 ::1 fe80::1 00:1A:2B 12:34:56:78:9a:bc 1/2 50% 10MB 1,000 +a -1a 0x1G 0b12 1_a 0.0 -0 -0.0 +0 ~a ~/x $x {{a}} '{{a}}' "{{a}}" v1.30 1.30 1.10 0777 '0777' "0777" !!str\u00a01`
    .split(/[\s]+/)
    .filter(Boolean);

const WRITTEN: readonly string[] = [
  '',
  '\n',
  '# only\n',
  '---\n',
  '--- \n...\n',
  '---\na: 1\n...\n',
  '--- a\n',
  '---\na\n---\nb\n',
  '%YAML 1.1\n---\na: 1\n',
  '%YAML 1.2\n---\na: yes\n',
  'a: 1\nb: 2\n',
  'a:\n- 1\n- 2\n',
  'a:\n  - 1\n  - 2\n',
  '- a: 1\n  b: 2\n- c\n',
  '- - 1\n  - 2\n- 3\n',
  'a:\n  b:\n    c: d\n',
  '  a: 1\n  b: 2\n',
  ' - 1\n - 2\n',
  'a: 1\n b: 2\n',
  'a:\n  b: 1\n c: 2\n',
  'a:\n  - 1\n - 2\n',
  '- 1\n  - 2\n',
  '- 1\n2\n',
  'a: b: c\n',
  'a: "b" c\n',
  "a: 'b' c\n",
  'a: "b\n',
  'a: [1, 2\n',
  'a: {b: 1\n',
  'a: ]\n',
  'a\nb: 1\n',
  'a: 1\nb\n',
  'a: [1, 2, 3]\n',
  'a: [1,2,]\n',
  'a: [,]\n',
  'a: [1,,2]\n',
  'a: [a, b: c]\n',
  'a: {a: 1, b}\n',
  'a: {a, b}\n',
  'a: {a: , b: }\n',
  'a: {a:1}\n',
  'a: {"a":1}\n',
  "a: {'a':1, b: 2}\n",
  'a: [a:1]\n',
  'a: [http://x:1/y]\n',
  'a: {u: http://x:1/y}\n',
  'a: [{b: 1}, [c]]\n',
  'a: [\n1,\n2\n]\n',
  'a: [\n  1,\n  2\n  ]\n',
  'a: {\n  b: 1,\n  c: 2\n}\n',
  'a: {b: 1,\nc: 2}\n',
  '{a: 1, b: [x, y]}\n',
  '[1, 2]\n',
  '{}',
  '[]',
  'a: |\n  x\n  y\n',
  'a: |-\n  x\n  y\n',
  'a: |+\n  x\n\n\nb: 1\n',
  'a: >\n  x\n  y\n\n  z\n',
  'a: >-\n  x\n   y\n  z\n',
  'a: >+\n  x\n\n',
  'a: |2\n   x\n  y\n',
  'a: |2-\n   x\n',
  'a: |-2\n   x\n',
  'a: |\n\n  x\n',
  'a: |\n   x\n  y\n',
  'a: |\n  x\n y\n',
  'a: | # c\n  x\n',
  'a: |x\n  y\n',
  'a: |\nb: 1\n',
  'a: |\n  # no comment\n  x # y\n',
  '- |\n  x\n- >\n  y\n  z\n',
  'a: >\n  x\n    - y\n    - z\n  w\n',
  'a: |\n  x\n\ty\n',
  'a: |\n  \tx\n',
  'a: |',
  'a: |\n  x',
  'a: >\n  x',
  'a: |+\n  x\n\n\n',
  'a: |0\n  x\n',
  '|\n  x\n',
  '--- |\nx\n',
  '- |1\n  x\n',
  'a:\n  - |\n    x\n    y\n  - z\n',
  'a: >\n\n\n  x\n',
  'a: >\n  x\n\n\n  y\n',
  'a: |\n  x  \n  y\t\n',
  'a: >\n  x  \n  y\n',
  'a: b\n  c\n',
  'a: b\n  c\n\n  d\n',
  'a:\n  b\n  c\n',
  'a: "b\n  c"\n',
  'a: "b\n\n  c"\n',
  'a: "b\\\n  c"\n',
  "a: 'b\n  c'\n",
  "a: 'b\n\n\n  c'\n",
  'a: b # c\n',
  'a: b#c\n',
  'a: "b" # c\n',
  "a: 'it''s'\n",
  'a: "\\t\\n\\"\\\\\\x41\\u00e9\\U0001F600\\e\\0\\a\\b\\v\\f\\r\\N\\_\\L\\P\\/\\ "\n',
  'a: "\\q"\n',
  "a: '\\n'\n",
  'a: "\\d+"\n',
  'a: "x\\\ny"\n',
  'a: "b\nc"\n',
  "a: 'b\nc'\n",
  'a: "  b  "\n',
  'a: "b \n c"\n',
  'a: b\n# c\n  d\n',
  'a: b\n\n# c\n\nd: 1\n',
  'a: &x 1\nb: *x\n',
  'a: &x {y: 1}\nb: *x\n',
  'a: &x [1]\nb: [*x, *x]\n',
  'a: *x\n',
  '&a a: b\nc: *a\n',
  'a: &x 1\nb: &x 2\nc: *x\n',
  '? *x\n: 1\n',
  'a: &x\n  y: 1\nb:\n  <<: *x\n  z: 2\n',
  'a: &x {y: 1, z: 2}\nb:\n  z: 3\n  <<: *x\n',
  'a: &x {y: 1}\nb: &w {y: 2, v: 3}\nc:\n  <<: [*x, *w]\n',
  'b: {<<: {a: 1}, c: 2}\n',
  'b:\n  <<: 1\n',
  'b:\n  <<: [1]\n',
  'b:\n  "<<": {a: 1}\n',
  'b:\n  <<: {a: 1}\n  <<: {b: 2}\n',
  'b:\n  <<:\n',
  'a: &x {b: 1, <<: {c: 2}}\nd:\n  <<: *x\n  b: 2\n',
  'a: 1\na: 2\n',
  'a: 1\nb: 3\na: 2\n',
  '1: a\n2: b\n',
  'yes: 1\n',
  'null: 1\n',
  '~: 1\n',
  '1.5: a\n',
  '1.0: a\n',
  '0644: a\n',
  '? a\n: b\n',
  '? a\n',
  '? [a]\n: b\n',
  '{[a]: b}\n',
  '{{a}}: b\n',
  'a: {{ b }}\n',
  'a: {{ b }}/c\n',
  'a: "{{ b }}"\n',
  "a: '{{ b }}'\n",
  'a: x {{ b }}\n',
  'a: x {% if b %}y{% endif %}\n',
  '- {{ a }}\n',
  'a: %b\n',
  'a: @b\n',
  'a: `b`\n',
  'a: !!str 1\n',
  'a: !!int "1"\n',
  'a: !!float 1\n',
  'a: !!bool "yes"\n',
  'a: !!null ""\n',
  'a: !!int x\n',
  'a: ! 1\n',
  'a: !foo 1\n',
  'a: !!map {b: 1}\n',
  'a: !!seq [1]\n',
  'a: !!seq {b: 1}\n',
  '!!str a: 1\n',
  'a: !foo {b: 1}\n',
  'a: !foo [b]\n',
  'a: !!python/object:x {}\n',
  'a:\tb\n',
  'a: \tb\n',
  '\ta: 1\n',
  'a:\n\tb: 1\n',
  'a:\n  b: 1\n\tc: 2\n',
  '- a\n\t- b\n',
  '-\ta\n',
  'a: b\t# c\n',
  'a: b \n',
  'a : b\n',
  'a  :  b\n',
  '"a": b\n',
  "'a': b\n",
  '"a" : b\n',
  'a:b\n',
  'a:b: c\n',
  'a b: c d\n',
  '- a: b: c\n',
  'a: - b\n',
  'a: -\n',
  '- \n- a\n',
  '-\n- a\n',
  '-',
  'a:',
  'a:\nb:\n',
  'a: \n  - \n',
  'a:\n# x\n- b\n',
  '# x\na: 1 # y\n# z\n',
  'a: 1\r\nb: 2\r\n',
  'a: |\r\n  x\r\n  y\r\n',
  'a: "x\r\n  y"\r\n',
  'a: >\r\n  x\r\n  y\r\n',
  'a: b\r\n  c\r\n',
  '- a\r\n- b\r\n',
  'a: "x\\r\\n"\n',
  '\ufeffa: 1\n',
  'a: é\n',
  'a: 日本\n',
  'é: 1\n',
  'a: 😀\n',
  'a: "\u0085"\n',
  'a: \u2028b\n',
  'a: \u0000\n',
  'a: \u0007\n',
  'a: x\u00a0y\n',
  '\u00a0a: 1\n',
  '- name: x\n  shell: echo a: b\n',
  '- name: x\n  shell: echo "a: b"\n',
  '- name: x\n  shell: "echo a: b"\n',
  '- shell: echo a #b\n',
  '- debug: msg="a b"\n',
  '- debug: msg="a: b"\n',
  "- debug: msg='x' y\n",
  '- copy: content="a\n    b" dest=/x\n',
  '- shell: |\n    set -e\n    x: y\n  args:\n    chdir: /x\n',
  '- shell: >\n    a\n    b\n  when: x\n',
  '- a\n-b\n',
  '-a\n- b\n',
  'a: [x\n',
  'a:\n  b\nc\n',
  'a: "x"y\n',
  '"a" b: 1\n',
  'a: b\n c: d\n',
  'a: b\n  c: d\n',
  'a: [b\n  c: d\n',
  'x: - 1\n   - 2\n',
  'a: "x" # y\nb: 1\n',
  "a: 'x'#y\n",
  'a: &\n',
  'a: *\n',
  'a: & b\n',
  'a: !\n',
  'a: !!\n',
  '...\n',
  '... a\n',
  'a: 1\n...\nb: 2\n',
  'a: 1\n--- \n',
  '- ? a\n  : b\n',
  '? a\n? b\n',
  '{? a : b}\n',
  '{a: b, ? c : d}\n',
  '[? a : b]\n',
  'a: {x: [1, {y: 2}], z: "w"}\n',
  'a: [1, 2] b\n',
  'a: {} b\n',
  'a: [] # c\n',
  '[a, b]: c\n',
  '- [a, [b, [c]]]\n',
  'a: {b: {c: {d: 1}}}\n',
  'a: "\\\n  x"\n',
  'a: "x \\\n   y"\n',
  'a: |\n  {{ x }}\n    y\n',
  'a: >-\n  {% if x %}\n  y\n  {% endif %}\n',
  'a: {b: "x, y", c: \'z\'}\n',
  'a: {b: x y, c: z w}\n',
  'a: {b: x\n  y}\n',
  'a: [x\n  y, z]\n',
  'a: {b: "x\n  y"}\n',
  'a: [\'x\', "y", z]\n',
  'a: [ "x" , y ]\n',
  'a: { }\n',
  'a: [ ]\n',
  'a: [-1, -x, - y]\n',
  'a: [?x, :y]\n',
  'a: {x:: y}\n',
  'a: x::y\n',
  'a:: b\n',
  ': a\n',
  ':a\n',
  '- :a\n- ?b\n- -c\n',
  '"": 1\n',
  "'': 1\n",
  'a: ""\n',
  'a: -1\nb: -x\nc: - \n',
];

describe('YAML as PyYAML reads it', () => {
  test('plain scalars alone, as values, in lists and flows', () => {
    const texts = SCALARS.flatMap((scalar) => [
      `${scalar}\n`,
      `a: ${scalar}\n`,
      `- ${scalar}\n`,
      `a: [${scalar}]\n`,
      `a: {b: ${scalar}}\n`,
      `${scalar}: 1\n`,
      `a: "${scalar}"\n`,
      `a: '${scalar}'\n`,
    ]);
    expect(differences(texts)).toEqual([]);
  });

  test('documents', () => {
    expect(differences(WRITTEN)).toEqual([]);
  });
});
