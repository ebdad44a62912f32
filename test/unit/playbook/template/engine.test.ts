import { describe, expect, test } from '@jest/globals';
import { TemplateSyntaxProblem } from '../../../../src/model/template.ts';
import { PyFloat, type Value } from '../../../../src/model/value.ts';
import { makeTemplateEngine, UndefinedProblem } from '../../../../src/playbook/template/index.ts';
import { KprepError } from '../../../../src/shared/errors.ts';
import { AT, evaluate, HOST, lookupOf } from './support.ts';

describe('native values', () => {
  test.each<readonly [string, Value]>([
    ['{{ 1 }}', 1],
    ['{{ 1.0 }}', new PyFloat(1)],
    ['{{ 4 / 2 }}', new PyFloat(2)],
    ['{{ 7 // 2 }}', 3],
    ['{{ 2 ** 64 }}', 18446744073709551616n],
    ['{{ [1, "a"] }}', [1, 'a']],
    ['{{ (1, 2) }}', [1, 2]],
    ['{{ {"a": 1}.items() }}', [['a', 1]]],
    ['a{{ 1 }}', 'a1'],
    ['{{ 1.0 }} {{ none }} {{ true }} {{ ["x"] }}', "1.0 None True ['x']"],
    ['{{ none }}', null],
    ['{% if false %}x{% endif %}', null],
    ['{{ "x" if false }}', ''],
    ['{{ x }}\n', 'text\n'],
    ['plain {not} a template\r\n', 'plain {not} a template\r\n'],
  ])('%s', (text, value) => {
    expect(evaluate(text, { x: 'text' })).toEqual(value);
  });

  test('text that looks like a literal stays text, unless that is asked for', () => {
    expect(evaluate('{{ v }}', { v: '1.30' })).toBe('1.30');
    expect(evaluate('{{ "1" }}{{ "2" }}')).toBe('12');
    expect(evaluate('{{ v }}', { v: '1.30' }, { literals: true })).toBe(1.3);
    expect(evaluate('[{% for i in [1, 2] %}{{ i }},{% endfor %}]', {}, { literals: true })).toEqual([1, 2]);
    expect(evaluate('{{ v | string }}', { v: '1.30' }, { literals: true })).toBe('1.30');
  });

  test('text of a host that looks like a template is only text', () => {
    expect(evaluate('{{ out }}', { out: '{{ lookup("pipe", "id") }}' })).toBe('{{ lookup("pipe", "id") }}');
    expect(evaluate('{{ [out] | map("upper") | list }}', { out: '{{ x }}' })).toEqual(['{{ X }}']);
  });

  test('what a template changes is its own copy', () => {
    const list = [1];
    expect(evaluate('{% set _ = xs.append(2) %}{{ xs }}', { xs: list })).toEqual([1, 2]);
    expect(list).toEqual([1]);
  });
});

test('of variables that are made when they are asked for only those that are are made', () => {
  const list = [1];
  const lazy = new Proxy<{ [key: string]: Value }>(Object.create(null), {
    get: (_, key) => (key === 'good' ? list : key === 'bad' ? fail() : undefined),
    ownKeys: () => ['good', 'bad'],
    getOwnPropertyDescriptor: (_, key) => ({
      value: key === 'good' ? list : undefined,
      enumerable: true,
      configurable: true,
    }),
  });
  const fail = () => {
    throw new Error('made');
  };
  expect(evaluate('{% set _ = h.good.append(2) %}{{ h.good }}', { h: lazy })).toEqual([1, 2]);
  expect(list).toEqual([1]);
  expect(() => evaluate('{% set _ = h.update({"x": 1}) %}', { h: lazy })).toThrow(KprepError);
});

describe('nothing of JavaScript or Python can be reached', () => {
  test.each([
    "{{ x.constructor.constructor('return 1')() }}",
    "{{ ''.constructor }}",
    "{{ ''.__class__.__mro__ }}",
    '{{ [].constructor }}',
    '{{ xs.map }}',
    '{{ xs.length }}',
    '{{ d.__proto__ }}',
    "{{ d['__proto__'] }}",
    "{{ d['constructor'] }}",
    '{{ d.hasOwnProperty("a") }}',
    '{{ d.toString() }}',
    '{{ (1).toFixed(2) }}',
    '{{ range.constructor("return process")() }}',
    '{{ lookup.call }}',
    '{{ namespace().__proto__ }}',
    '{{ cycler(1).constructor }}',
    "{{ d | attr('constructor') }}",
    "{{ [d] | map(attribute='constructor') | list }}",
    "{{ 'constructor' | extract(d) }}",
    "{{ d.get('constructor').name }}",
    "{{ '{0.constructor}'.format(d) }}",
    "{{ '{0[constructor]}'.format(d) }}",
    "{{ '%(constructor)s' % d }}",
    '{{ constructor }}',
    '{{ __proto__ }}',
    '{{ toString }}',
    '{{ process.env }}',
    '{{ globalThis }}',
    '{% for x in xs %}{{ loop.constructor }}{% endfor %}',
    '{% macro m() %}{% endmacro %}{{ m.constructor }}',
  ])('%s', (text) => {
    expect(() => evaluate(text, { x: 'a', xs: [1], d: { a: 1 } })).toThrow(KprepError);
  });

  test('a key __proto__ is a key like any other', () => {
    const value = evaluate("{{ {'__proto__': {'polluted': 1}} }}");
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(evaluate("{{ {'a': 1} | combine({'__proto__': {'polluted': 1}}) | length }}")).toBe(2);
    expect(evaluate("{% set d = {} %}{% set _ = d.update({'__proto__': 1}) %}{{ d.polluted is defined }}")).toBe(false);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'no filter, test, tag or option is named %s',
    (name) => {
      const engine = makeTemplateEngine();
      expect(() => engine.compile(`{{ 1 | ${name} }}`)).toThrow(TemplateSyntaxProblem);
      expect(() => engine.compile(`{{ 1 is ${name} }}`)).toThrow(TemplateSyntaxProblem);
      expect(() => engine.compile(`{% ${name} %}`)).toThrow(TemplateSyntaxProblem);
      expect(() => engine.compileFile(`#jinja2: ${name}: True\n{{ 1 }}`, AT)).toThrow(TemplateSyntaxProblem);
      expect(() => evaluate(`{{ '1' is version('1', '${name}') }}`)).toThrow(KprepError);
      expect(() => evaluate(`{{ [1] | map('${name}') }}`)).toThrow(KprepError);
      expect(() => evaluate(`{{ lookup('${name}') }}`, {}, { lookups: HOST })).toThrow(KprepError);
    },
  );
});

describe('undefined', () => {
  const message = (text: string, vars: Readonly<Record<string, Value>> = {}): string => {
    try {
      return JSON.stringify(evaluate(text, vars));
    } catch (error) {
      if (!(error instanceof UndefinedProblem)) throw error;
      return error.message;
    }
  };

  test.each([
    [
      'names the name, the place and a near name',
      '{{ hots }}',
      "site.yml:12:10: 'hots' is undefined (did you mean hosts?)",
    ],
    ['counts lines', 'a\nb {{ nope }}', "site.yml:13:6: 'nope' is undefined"],
    ['names the attribute', '{{ hosts.nope }}', "'dict object' has no attribute 'nope'"],
    ['keeps the first name of a chain', '{{ nope.a.b }}', "'nope' is undefined"],
    ['in a list', '{{ [nope] }}', "'nope' is undefined"],
    ['in a comparison', '{{ nope == 1 }}', "'nope' is undefined"],
    ['default', '{{ nope.a[0].b | default("x") }}', '"x"'],
    ['is defined', '{{ nope.a is defined }}', 'false'],
    ['mandatory', '{{ 1 | mandatory }}', '1'],
  ])('%s', (_, text, expected) => {
    expect(message(text, { hosts: { a: 1 } })).toContain(expected);
  });

  test('a variable made of what is undefined is itself undefined', () => {
    const engine = makeTemplateEngine();
    const inner = engine.compile('{{ nope }}', { file: 'vars.yml', line: 3, column: 4 });
    const lookup = lookupOf({});
    const outer = { ...lookup, get: (name: string) => (name === 'made' ? inner.evaluate(lookup) : undefined) };
    expect(engine.compile('{{ made is defined }}').evaluate(outer)).toBe(false);
    expect(engine.compile('{{ made | default(5) }}').evaluate(outer)).toBe(5);
    expect(() => engine.compile('{{ made }}').evaluate(outer)).toThrow(
      /'made' is undefined.*vars\.yml:3:7: 'nope' is undefined/,
    );
  });
});

describe('syntax errors', () => {
  test.each([
    ['an unknown filter', 'x\n {{ a | uper }}', "there is no filter named 'uper' (did you mean upper?)", 13, 9],
    ['an unknown test', '{{ a is defind }}', "there is no test named 'defind' (did you mean defined?)", 12, 15],
    ['an unknown tag', '{% fro x in y %}', "unknown tag 'fro'", 12, 10],
    ['a block that is not closed', '{% if a %}', 'endif', 12, 17],
    ['a bracket', '{{ (a }}', "unexpected '}', expected ')'", 12, 13],
  ])('%s', (_, text, expected, line, column) => {
    const problem = (() => {
      try {
        makeTemplateEngine().compile(text, AT);
        return undefined;
      } catch (error) {
        return error as TemplateSyntaxProblem;
      }
    })();
    expect(problem).toBeInstanceOf(TemplateSyntaxProblem);
    expect(problem?.message).toContain(expected);
    expect(problem?.at).toEqual({ file: 'site.yml', line, column });
  });

  test('in a template file with a header the lines of the file count', () => {
    const compile = () =>
      makeTemplateEngine().compileFile('#jinja2: trim_blocks: True\na\n{{ b | nope }}', {
        file: 'x.j2',
        line: 1,
        column: 1,
      });
    expect(compile).toThrow(expect.objectContaining({ at: { file: 'x.j2', line: 3, column: 8 } }));
  });
});

describe('what is known without running', () => {
  test.each<readonly [string, readonly string[], boolean]>([
    ['{{ a.b[c] }}', ['a', 'c'], false],
    ['{% for x in xs if y %}{{ x.z }}{{ loop.index }}{% endfor %}', ['xs', 'y'], false],
    ['{% set a = b %}{{ a }}', ['b'], false],
    ['{% if c %}{% set a = 1 %}{% endif %}{{ a }}', ['a', 'c'], false],
    ['{% macro m(p) %}{{ p }}{{ s }}{% endmacro %}{{ m(r) }}', ['r', 's'], false],
    ['{{ lookup("env", h) }}', ['h', 'lookup'], true],
    ['{{ now() }}', ['now'], true],
    ['{{ 5 | random }}', [], true],
  ])('%s', (text, names, impure) => {
    const template = makeTemplateEngine().compile(text);
    expect([[...template.names].sort(), template.impure]).toEqual([names, impure]);
  });
});

describe('template files', () => {
  const render = (text: string, options = {}) =>
    makeTemplateEngine()
      .compileFile(text, { file: 'x.j2', line: 1, column: 1 }, options)
      .render(lookupOf({ i: 7, n: null }));
  test.each([
    ['the first line end after a block goes', '{% if true %}\na\n{% endif %}\nb\n', {}, 'a\nb\n'],
    ['unless it is told to stay', '{% if true %}\na\n{% endif %}\nb\n', { trimBlocks: false }, '\na\n\nb\n'],
    ['lstrip_blocks', '  {% if true %}\n  a\n  {% endif %}\n', { lstripBlocks: true }, '  a\n'],
    ['the line ends at the end stay', '{{ i }}\n\n\n', {}, '7\n\n\n'],
    ['other line ends', 'a\n{{ i }}\n', { newlineSequence: '\r\n' }, 'a\r\n7\r\n'],
    ['other delimiters', '[[ i ]] {{ i }}', { variableStart: '[[', variableEnd: ']]' }, '7 {{ i }}'],
    ['a header', '#jinja2: lstrip_blocks: True\n  {% if true %}\na\n  {% endif %}\n', {}, 'a\n'],
    ['None', '[{{ n }}]', {}, '[None]'],
  ])('%s', (_, text, options, expected) => {
    expect(render(text, options)).toBe(expected);
  });
});

describe('expressions', () => {
  test('a bare expression, backslashes read as Jinja reads them', () => {
    const engine = makeTemplateEngine();
    const run = (text: string) => engine.compileExpression(text, AT).evaluate(lookupOf({ a: 'x\ty', b: [1] }));
    expect([run("a == 'x\\ty'"), run('b | length > 0 and a is defined'), run('1, 2')]).toEqual([true, true, [1, 2]]);
    expect(() => run('a b')).toThrow(TemplateSyntaxProblem);
  });
  test('in {{ }} of a playbook a backslash is a backslash', () => {
    expect(evaluate("{{ 'a.b' | regex_replace('(\\w)\\.', '\\1-') }}")).toBe('a-b');
  });
});

describe('recursion that never ends is stopped', () => {
  test.each([
    '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}',
    '{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}',
  ])('%s', (text) => {
    expect(() => evaluate(text)).toThrow(/too deeply/);
  });
  test('and so is what would not fit in memory', () => {
    expect(() => evaluate("{{ 'x' * 10 ** 12 }}")).toThrow(KprepError);
    expect(() => evaluate('{{ range(10 ** 12) }}')).toThrow(KprepError);
    expect(() => evaluate('{{ 2 ** (10 ** 9) }}')).toThrow(KprepError);
  });
});
