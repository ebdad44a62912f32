/** Variables of all expression cases. */
export const VARS = {
  i: 7,
  neg: -7,
  zero: 0,
  f: 2.5,
  s: 'Hello World',
  empty: '',
  u: 'héllo wörld ☃ 😀',
  quoted: 'it\'s "so"',
  multi: 'one\ntwo\n\nthree\n',
  crlf: 'a\r\nb',
  b: true,
  no: false,
  none: null,
  l: [3, 1, 2],
  words: ['pear', 'Apple', 'fig'],
  nested: [
    [1, 2],
    [3, [4, null]],
  ],
  d: { a: 1, b: 'two', c: [1, 2] },
  deep: { x: { y: { z: 'end' } }, items: 'mine' },
  users: [
    { name: 'bob', age: 30, groups: ['x', 'y'], admin: true },
    { name: 'Alice', age: 25, groups: [], admin: false },
    { name: 'carol', age: 30, groups: ['x'] },
  ],
  big: 9007199254740993n.toString(),
  result: { changed: true, failed: false, rc: 0, stdout: 'ok', stdout_lines: ['ok'], results: [{ changed: false }] },
};

const E = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//'));

/** Expressions of the language itself. */
export const LANGUAGE = E(String.raw`
1
-1
+1
007
1_000
0x1F
0o17
0b101
1.5
1.0
1e3
1e20
1.5e-7
12345678901234567890
0.1 + 0.2
1e16
1e15
123456789.123
true
false
none
True
None
'a'
"a"
'a' 'b'
'it\'s'
"\x41\u00e4"
"tab\there"
'\d'
[]
[1, 'a', none, true, 1.0]
[1, 2,]
()
(1,)
(1, 2)
1, 2
{}
{'a': 1, 'b': [1, 2]}
{1: 'x', true: 'y'}
{'a': 1,}
{'b': 1, 'a': 2}
1 + 2
1 - 2
2 * 3
7 / 2
4 / 2
7 // 2
neg // 2
7 % 3
neg % 3
7 % neg
f // 1
f % 1
-f % 1
2 ** 10
2 ** 100
2 ** -1
2 ** 0.5
2 ** 3 ** 2
-2 ** 2
10 ** 20 // 3
9007199254740991 + 2
9007199254740993 * 3
1 / 0
1 // 0
1 % 0
1.0 // 0
0 ** -1
1 + 1.0
1 + true
true + true
'a' + 'b'
'a' * 3
3 * 'ab'
'a' * -1
[1] + [2]
[1] * 2
(1,) + (2,)
[1] + (2,)
'a' + 1
1 + 'a'
none + 1
[1] + 1
{} + {}
'a' - 'b'
'a' ~ 1
1 ~ 2 ~ none
[1] ~ {'a': 'b'}
1.0 ~ ''
'a' ~ true
1 == 1.0
1 == '1'
true == 1
none == false
[1, 2] == [1, 2]
[1] == (1,)
{'a': 1} == {'a': 1.0}
'a' != 'b'
1 < 2 < 3
1 < 3 < 2
1 < 'a'
none < 1
'a' < 'b'
'Z' < 'a'
'é' > 'z'
[1, 2] < [1, 3]
[1] < [1, 0]
{} < {}
1 <= 1 >= 1
1 == 1 == 1
1 in l
4 not in l
'a' in d
'ell' in s
1 in s
'x' in 5
none in [none]
1 in (1, 2)
'' in 'a'
not true
not ''
not not 1
1 and 2
0 and 2
0 or 'x'
'' or none
none or []
1 if b else 2
1 if no else 2
1 if no
'x' if no else 'y' if no else 'z'
(1 if no) is defined
i | abs
neg | abs
-1 | abs
-i | string
not no and b
1 + 2 * 3 - 4
(1 + 2) * 3
'a' ~ 'b' * 2
1 + 1 ~ 2
s[0]
s[-1]
s[100]
s[1:3]
s[::-1]
s[:5]
s[-3:]
s[::2]
s[5:0:-2]
s[none:2]
s['a':]
u[0:2]
u[-1]
u | length
l[0]
l[-1]
l[5]
l[1:]
l[:-1]
l[::-1]
l[10:]
l['a']
l[true]
l.0
l[1.0]
nested[1][1][0]
nested.1.0
d.a
d['a']
d.missing
d['missing']
d.missing.more
d.missing | default('x')
d.missing.more | default('x')
missing
missing.a.b
missing | default('x')
missing.a.b | default('x')
missing['a'][0] | default('x')
missing | default
missing | default('', true)
empty | default('x')
empty | default('x', true)
none | default('x')
none | default('x', boolean=true)
missing is defined
missing is undefined
missing.a is defined
d.a is defined
d.zz is defined
d.zz is not defined
missing == 1
missing ~ 'x'
missing + 1
missing()
missing | length
missing | list
'a' in missing
missing in ['a']
not missing
missing and true
true or missing
false and missing
[missing]
{'a': missing}
[missing] | length
d[missing]
missing if b else 1
1 if missing else 2
deep.x.y.z
deep['x'].y['z']
deep.items
deep['items']
deep.items() | list
deep.keys() | list
d.values() | list
d.items() | list
d.items()
d.keys()
d.get('a')
d.get('q')
d.get('q', 5)
d.keys() | sort
d.items() | list | length
d.keys()[0]
d.a.b
d.a.b is defined
i.real
5 .bit_length()
none.x
none.x is defined
s.upper()
s.lower()
s.title()
s.swapcase()
s.capitalize()
s.split()
s.split('o')
s.split('o', 1)
s.rsplit('o', 1)
s.split('')
s.split(maxsplit=1)
' a  b c '.split()
' a  b c '.split(none, 1)
' a  b c '.rsplit(none, 1)
'a,b,,c'.split(',')
s.replace('o', '0')
s.replace('o', '0', 1)
'aaa'.replace('', '-')
s.startswith('Hell')
s.startswith(('x', 'H'))
s.endswith('d')
s.find('o')
s.find('zz')
s.index('o')
s.index('zz')
s.rfind('o')
s.count('l')
'aaa'.count('aa')
s.strip('Hd')
'  x '.strip()
'  x '.lstrip() ~ '|'
'  x '.rstrip() ~ '|'
'xxaxx'.strip('x')
'5'.zfill(3)
'-5'.zfill(4)
'a'.center(5) ~ '|'
'ab'.center(5, '*')
'a'.ljust(3) ~ '|'
'a'.rjust(3, '.')
'a-b-c'.partition('-')
'a-b-c'.rpartition('-')
'abc'.partition('-')
'abc'.rpartition('-')
', '.join(['a', 'b'])
', '.join([1])
'a\nb\r\nc'.splitlines()
multi.splitlines()
multi.splitlines(true)
'12'.isdigit()
'1.2'.isdigit()
'ab'.isalpha()
'a1'.isalnum()
' '.isspace()
'A'.isupper()
'aB'.islower()
'prefix-x'.removeprefix('prefix-')
'x.txt'.removesuffix('.txt')
'{} {}'.format(1, 'a')
'{0} {1} {0}'.format(1, 2)
'{a} {b!r}'.format(a=1, b='x')
'{:>5}|{:<5}|{:^5}'.format(1, 'a', 'b')
'{:05d} {:x} {:#b} {:o}'.format(42, 255, 5, 8)
'{:.2f} {:e} {:g} {:%}'.format(3.14159, 1234.5, 0.00001, 0.25)
'{:,} {:_}'.format(1234567, 1234567)
'{:+d} {: d}'.format(5, 5)
'{0[a]} {0[b]}'.format({'a': 1, 'b': 2})
'{0[0]}'.format([9])
'{{}} {}'.format(1)
'{'.format(1)
'{} {}'.format(1)
'{:10.3}|'.format('abcdef')
'{!s}'.format(none)
'{:d}'.format('a')
'{:*^9}'.format('mid')
'%s %s' % ('a', 1)
'%s' % 'a'
'%s' % [1]
'%d' % 5.7
'%05d|%-5d|%+d' % (42, 42, 42)
'%x %X %o %#x' % (255, 255, 8, 255)
'%.2f %e %g' % (3.14159, 12345.678, 0.0001)
'%5.1f|' % 2.25
'%.0f %.0f' % (0.5, 1.5)
'%10s|%-10s|' % ('a', 'b')
'%r %r' % ('a', 1.0)
'%(a)s %(b)d' % {'a': 1, 'b': 2}
'%c' % 65
'%%' % ()
'%s' % ()
'%s' % (1, 2)
'%d' % 'a'
'%z' % 1
'%i' % true
'%s' % none
'%s %s' % (true, [none, 'x'])
[1, 2].index(2)
[1, 1].count(1)
[1].index(5)
(1, 2).count(1)
[].append(1)
range(3)
range(3) | list
range(1, 10, 3) | list
range(5, 0, -2) | list
range(0) | list
range(1, 2, 0)
range('a')
dict(a=1, b=2)
dict([['a', 1]])
dict({'a': 1}, b=2)
dict([('a', 1), ('b', 2)])
namespace(a=1).a
cycler('a', 'b').next()
joiner(',')() ~ 'x'
i is odd
i is even
i is divisibleby 7
i is divisibleby(3)
i is number
i is integer
f is float
f is number
b is number
b is boolean
b is integer
true is true
1 is true
false is false
none is none
none is not none
s is string
l is sequence
s is sequence
d is sequence
d is mapping
l is mapping
l is iterable
i is iterable
s is iterable
range is callable
s is callable
1 is eq 1
1 is equalto(2)
1 is ne 2
1 is lt 2
1 is lessthan 2
2 is gt 1
2 is ge 2
1 is le 0
1 is == 1
1 is in [1, 2]
'a' is in 'abc'
1 is not in [2]
1 is sameas 1
true is sameas true
'a' is lower
'A' is upper
1 is lower
'upper' is filter
'nofilter' is filter
'odd' is test
missing is none
s is escaped
i is odd and b
not i is even
i is not odd
i is odd is even
x is nosuchtest
1 | nosuchfilter
l | nosuchfilter
s.__class__
s.constructor
s['__class__']
''.__class__.__mro__
[].__class__
d.__class__
d.constructor
d['__proto__']
d.__proto__
d.hasOwnProperty
l.length
l.constructor
l.map
s.length
i.constructor
(1).toString
range.constructor
d.toString
deep.x.constructor
x.constructor.constructor('return 1')()
1.e
1.
.5
1 2
1 +
(1
[1
{1}
{'a'}
{'a' 1}
a..b
a.
s[
s[]
l[0
1 = 1
'a
"a
a b
1 === 1
1 <> 2
!true
a && b
a || b
a ? b : c
a -> b
x |
| x
x is
x is not
f(
f(a=1, 2)
f(*l, *l)
f(**d, *l)
dict(**{'a': 1})
dict(**d)
'{} {}'.format(*[1, 2])
range(*[1, 4]) | list
`);

/** Filters of Jinja and of Ansible. */
export const FILTERS = E(String.raw`
'aBc' | upper
'aBc' | lower
'hello big world' | title
"it's o'clock" | title
'hELLO' | capitalize
'foo-bar (baz)' | title
'a' | center(5) ~ '|'
' x ' | trim ~ '|'
'xxaxx' | trim('x')
'a b c' | replace(' ', '-')
'aaa' | replace('a', 'b', 2)
5 | replace('5', '6')
'one two three' | wordcount
'one two three four' | truncate(10)
'one two three four' | truncate(10, true)
'one two three four' | truncate(10, false, '!', 0)
'short' | truncate(10)
'one two three four five' | wordwrap(10)
'a-very-long-hyphenated-word here' | wordwrap(10)
'averylongwordwithoutbreaks' | wordwrap(10)
'averylongwordwithoutbreaks x' | wordwrap(10, false)
'one two' | wordwrap(5, wrapstring='|')
multi | indent
multi | indent(2)
multi | indent(2, true)
multi | indent(2, true, true)
multi | indent('> ')
'a' | indent(width=2, first=true)
5 | indent
'<a href="x">&</a>' | escape
'<b>x</b>  y' | striptags
'a b/c?d=e&ü' | urlencode
{'a': 1, 'b c': 'd e'} | urlencode
[['a', 1], ['b', '2 3']] | urlencode
{'class': 'a', 'id': none, 'x': 1} | xmlattr
'%s-%s' | format('a', 1)
'%(a)s' | format(a=1)
'%s' | format
[1, 2, 3] | join(', ')
[1, none, true] | join
users | join(', ', attribute='name')
'abc' | join('-')
5 | join
[] | join(',')
'1234' | int
'12.7' | int
'abc' | int
'abc' | int(5)
'0x1f' | int(0, 16)
'0x1f' | int(base=16)
'ff' | int(base=16)
'101' | int(0, 2)
'0o17' | int(0, 8)
' 42 ' | int
'1_000' | int
'-5' | int
3.99 | int
-3.99 | int
true | int
none | int
none | int(7)
[] | int
'1e3' | int
'' | int
'99999999999999999999' | int
1e20 | int
missing | int
'1.5' | float
'abc' | float
'abc' | float(1.5)
1 | float
'1e3' | float
'inf' | float
'nan' | float
none | float
true | float
5 | string
1.0 | string
none | string
[1, 'a'] | string
{'a': none} | string
'5' | string
'yes' | bool
'no' | bool
'True' | bool
'true' | bool
'on' | bool
'1' | bool
1 | bool
0 | bool
2 | bool
'2' | bool
none | bool
'y' | bool
'' | bool
[] | bool
1.0 | bool
3.14159 | round
3.14159 | round(2)
2.5 | round
3.5 | round
2.675 | round(2)
1234.5 | round(-2)
1250 | round(-2)
1350 | round(-2)
3.1 | round(0, 'ceil')
3.9 | round(0, 'floor')
3.14159 | round(2, 'ceil')
3.14159 | round(2, 'floor')
5 | round
5 | round(1, 'floor')
'a' | round
3.7 | round | int
3.1 | round(1, 'bad')
-5 | abs
-5.5 | abs
'a' | abs
[1, 2, 3] | first
[] | first
[] | first | default('x')
'abc' | first
[1, 2, 3] | last
'abc' | last
[] | last | default('x')
[1, 2, 3] | length
'abc' | length
{'a': 1} | length
5 | length
5 | count
[1, 2] | count
'abc' | list
{'a': 1, 'b': 2} | list
5 | list
[3, 1, 2] | sort
[3, 1, 2] | sort(reverse=true)
['b', 'A', 'c'] | sort
['b', 'A', 'c'] | sort(case_sensitive=true)
users | sort(attribute='age') | map(attribute='name') | list
users | sort(attribute='age,name') | map(attribute='name') | list
users | sort(attribute='name', reverse=true) | map(attribute='name') | list
[1, 'a'] | sort
{'b': 1, 'a': 2} | sort
'cab' | sort
[3, 1, 2] | reverse | list
[3, 1, 2] | reverse
'abc' | reverse
[1, 2, 1, 3] | unique
['a', 'A', 'b'] | unique
['a', 'A', 'b'] | unique(case_sensitive=true)
['a', 'A'] | unique(case_sensitive=false)
users | unique(attribute='age') | map(attribute='name') | list
[{'a': 1}, {'a': 1}, {'a': 2}] | unique
[1, true, 1.0] | unique
[1, 2, 3] | sum
[] | sum
[1.5, 2] | sum
users | sum(attribute='age')
[1, 2] | sum(start=10)
['a'] | sum
[[1], [2]] | sum(start=[])
[1, 2, 3] | min
[1, 2, 3] | max
['b', 'A'] | min
['b', 'A'] | max
[] | max
[] | max | default(0)
users | max(attribute='age')
(users | min(attribute='age')).name
[1, 2, 3, 4, 5] | batch(2)
[1, 2, 3, 4, 5] | batch(2, 'x')
[1, 2, 3, 4, 5] | slice(2)
[1, 2, 3, 4, 5] | slice(3, 'x')
[1, 2, 3, 4, 5] | batch(2) | list
users | groupby('age')
users | groupby('age') | map(attribute='grouper') | list
users | groupby('admin', default=false)
users | groupby('admin')
['A', 'a', 'b'] | groupby(0)
users | map(attribute='name')
users | map(attribute='name') | list
users | map(attribute='name') | map('upper') | join(',')
users | map(attribute='admin', default='?') | list
users | map(attribute='admin') | list
users | map(attribute='groups.0', default='-') | list
users | map('dict2items') | list
l | map('string') | list
l | map('nosuch') | list
l | map
['a', 'b'] | map('replace', 'a', 'x') | list
['1', '2'] | map('int') | sum
[1, 2, 3, 4] | select('odd') | list
[1, 2, 3, 4] | select('divisibleby', 2) | list
[1, 2, 3, 4] | reject('odd') | list
[0, 1, '', none] | select | list
[0, 1, '', none] | reject | list
[1, 2] | select('nosuch') | list
users | selectattr('admin') | map(attribute='name') | list
users | selectattr('admin', 'defined') | map(attribute='name') | list
users | selectattr('age', 'equalto', 30) | map(attribute='name') | list
users | selectattr('age', '>', 26) | map(attribute='name') | list
users | selectattr('name', 'match', '^b') | map(attribute='name') | list
users | selectattr('groups', 'contains', 'x') | map(attribute='name') | list
users | rejectattr('admin', 'defined') | map(attribute='name') | list
users | rejectattr('age', 'lt', 30) | list | length
users | selectattr('name', 'in', ['bob', 'carol']) | map(attribute='age') | list
users | selectattr
d | dictsort
{'b': 1, 'A': 2} | dictsort
{'b': 1, 'A': 2} | dictsort(true)
{'b': 1, 'a': 2} | dictsort(false, 'value')
{'b': 1, 'a': 2} | dictsort(reverse=true)
{'b': 1, 'a': 2} | dictsort(by='x')
d | items
missing | items
[1] | items
d | attr('a')
s | attr('upper')
1024 | filesizeformat
1500000 | filesizeformat
1 | filesizeformat
999 | filesizeformat
1048576 | filesizeformat(true)
123456789012 | filesizeformat
d | tojson
'<a>' | tojson
d | tojson(indent=2)
[1] | pprint
d | to_json
[1, 1.0, none, true, 'ü"\n'] | to_json
{'b': 1, 'a': {}} | to_json(sort_keys=true)
{'b': 1, 'a': []} | to_nice_json
{'b': [1, {'c': none}], 'a': {}} | to_nice_json
{'b': 1} | to_nice_json(indent=2)
'ü' | to_json(ensure_ascii=false)
[1, 2] | to_json(indent=2)
[1, 2] | to_json(separators=(',', ':'))
{1: 2, none: 3, true: 4} | to_json
1e20 | to_json
'[1, 1.0, {"a": null}]' | from_json
'{"a": 1, "b": [true, false]}' | from_json
'{"a": 1' | from_json
"{'a': 1}" | from_json
'NaN' | from_json
'12345678901234567890' | from_json
'[1,]' | from_json
5 | from_json
d | to_yaml
d | to_nice_yaml
{'b': {'c': [1, [2, 3], {'d': none}]}, 'a': 'x: y'} | to_nice_yaml
{'b': {'c': [1, [2, 3], {'d': none}]}, 'a': 'x: y'} | to_nice_yaml(indent=2)
{'b': {'c': [1, [2, 3], {'d': none}]}, 'a': 'x: y'} | to_yaml
[] | to_nice_yaml
{} | to_yaml
[{'a': 1, 'b': [1, 2]}, {'c': {}}] | to_nice_yaml(indent=2)
['yes', 'no', 'true', 'null', '1', '1.5', '0x1', '012', '1e3', '~', '', 'a', '-', '- a', '#x', 'a #b', 'a: b', 'a:b', '@x', '%x', "it's", '"q"', '2020-01-01', '12:30', '<<', '=', '*a', '&a', '!a', '|', '>', '?', '? a', ' a', 'a ', '[a', '{a', 'a,b', '.inf', '.nan', 'on', 'Off', '---', '...', 'a\tb', 'ü', '😀'] | to_nice_yaml
['yes', 'a,b', '[x', 'a: b', '?a', ':a', 'a:b', '-a', 'ü'] | to_yaml
multi | to_nice_yaml
[multi, 'a\nb', 'a \n b', 'tab\t\nx'] | to_nice_yaml
{'long': 'word word word word word word word word word word word word word word word word word word word word word word'} | to_nice_yaml
{'long': "word's word word word word word word word word word word word word word: word word word word word word word word"} | to_nice_yaml
{'long': 'word\tword word word word word word word word word word word word word word word word word word word word word'} | to_nice_yaml
[1.0, 1.5, 1e20, 1e-7, true, none, -3] | to_nice_yaml
'plain' | to_yaml
'yes' | to_yaml
5 | to_yaml
{'b': 1, 'a': 2} | to_nice_yaml(sort_keys=false)
{'a': [1, 2]} | to_yaml(default_flow_style=false)
{'a': 1} | to_nice_yaml(explicit_start=true)
{'a': 'x y z' * 20} | to_nice_yaml(width=1000)
[1, 2, 2, 3] | difference([2])
[1, 2, 3] | intersect([2, 3, 4])
[1, 2] | union([2, 3])
[1, 2] | symmetric_difference([2, 3])
['a', 'A'] | union(['a'])
['b', 'a', 'b'] | difference([])
[{'a': 1}] | difference([{'a': 1}])
[{'a': 1}] | union([{'a': 2}])
[1, 2] | zip(['a', 'b'])
[1, 2, 3] | zip(['a', 'b']) | list
[1, 2, 3] | zip_longest(['a'], fillvalue='-')
[1, 2] | zip_longest([3]) | list
[1, 2] | product(['a', 'b'])
[0, 1] | product(repeat=2) | list
[1, 2, 3] | permutations(2)
[1, 2] | permutations | list
[1, 2, 3] | combinations(2)
['a', 'b'] | zip([1, 2]) | items2dict
dict(['a', 'b'] | zip([1, 2]))
nested | flatten
nested | flatten(levels=1)
nested | flatten(skip_nulls=false)
[1, [2]] | flatten(1)
'abc' | flatten
[['a', ['b']]] | flatten
{'a': 1, 'b': 2} | dict2items
{'a': 1} | dict2items(key_name='k', value_name='v')
[1] | dict2items
[{'key': 'a', 'value': 1}] | items2dict
[{'k': 'a', 'v': 1}] | items2dict(key_name='k', value_name='v')
[{'k': 'a'}] | items2dict
'x' | items2dict
{'a': 1} | combine({'b': 2})
{'a': 1} | combine({'a': 2}, {'c': 3})
{'a': {'x': 1}} | combine({'a': {'y': 2}})
{'a': {'x': 1}} | combine({'a': {'y': 2}}, recursive=true)
{'a': [1, 2]} | combine({'a': [2, 3]}, list_merge='append')
{'a': [1, 2]} | combine({'a': [2, 3]}, list_merge='prepend')
{'a': [1, 2]} | combine({'a': [2, 3]}, list_merge='append_rp')
{'a': [1, 2]} | combine({'a': [2, 3]}, list_merge='prepend_rp')
{'a': [1, 2]} | combine({'a': [2, 3]}, list_merge='keep')
{'a': [1, 2]} | combine({'a': [2, 3]}, list_merge='bad')
{'a': {'b': [1]}} | combine({'a': {'b': [2]}}, recursive=true, list_merge='append')
[{'a': 1}, {'b': 2}] | combine
{'a': 1} | combine([{'b': 2}, {'c': 3}])
{'a': 1} | combine([1])
{'a': 1} | combine({'b': 2}, bad=1)
{} | combine({})
{'a': 1} | combine(missing)
{'z': 1, 'a': 2} | combine({'m': 3}) | list
users | subelements('groups')
users | subelements('groups', skip_missing=true) | length
users | subelements('admin')
users | subelements('nope')
users | subelements('nope', true)
{'a': {'l': [1, 2]}} | subelements('l')
{'a': {'b': {'l': [1]}}} | subelements('b.l')
'a' | extract({'a': 1})
['a', 'b'] | map('extract', {'a': 1, 'b': 2}) | list
'a' | extract({'a': {'b': 2}}, 'b')
'a' | extract({'a': {'b': {'c': 3}}}, ['b', 'c'])
0 | extract([5, 6])
'q' | extract({'a': 1})
'q' | extract({'a': 1}) | default('none')
missing | mandatory
missing | mandatory('say this')
5 | mandatory
true | ternary('a', 'b')
false | ternary('a', 'b')
none | ternary('a', 'b', 'c')
none | ternary('a', 'b')
'' | ternary('a', 'b')
'abc' | b64encode
'ü' | b64encode
'YWJj' | b64decode
'w7w=' | b64decode
'YWJj\n' | b64decode
'YWJ' | b64decode
'/w==' | b64decode
5 | b64encode
'abc' | hash
'abc' | hash('sha256')
'abc' | hash('md5')
'abc' | hash('sha512')
'abc' | hash('blake2b')
'abc' | hash('nope')
'abc' | checksum
'abc' | md5
'abc' | sha1
5 | md5
'secret' | password_hash('sha512', 'mysalt', rounds=5000)
'secret' | password_hash('sha256', 'mysalt', rounds=1000)
'sécrèt longer than sixteen characters by far so that it wraps around sixty-four' | password_hash('sha512', 'saltsaltsaltsalt', rounds=1001)
'x' | password_hash('sha512', 'bad!salt', rounds=5000)
'x' | password_hash('nope', 'salt')
'example' | to_uuid
'example' | to_uuid(namespace='11111111-2222-3333-4444-555555555555')
'example' | to_uuid(namespace='bad')
'/a/b/c.tar.gz' | basename
'/a/b/' | basename
'/a/b/c' | dirname
'/a/b/' | dirname
'a' | dirname
'/' | dirname
'//a' | dirname
'/a/b.tar.gz' | splitext
'.bashrc' | splitext
'/a/.b.c' | splitext
'a.' | splitext
'noext' | splitext
['a', 'b', 'c'] | path_join
['/a', '/b', 'c'] | path_join
['a/', 'b'] | path_join
['a', ''] | path_join
'a' | path_join
5 | path_join
'/a/b/c' | relpath('/a')
'/a/b' | relpath('/a/c/d')
'/a' | relpath('/a')
'~nosuchuser1/x' | expanduser
'a b' | quote
"it's" | quote
'' | quote
none | quote
'safe-1.2' | quote
'a$b' | quote
5 | quote
'abc123' | regex_replace('[a-z]+', 'X')
'abc' | regex_replace('(b)', '[\\1]')
'abc' | regex_replace('(?P<x>b)', '<\\g<x>>')
'ABC' | regex_replace('b', 'x', ignorecase=true)
'a\nb' | regex_replace('^', '> ', multiline=true)
'abc' | regex_replace('(', 'x')
'abc' | regex_replace('b')
5 | regex_replace('5', '6')
'foo=1' | regex_search('(\\w+)=(\\d+)')
'foo=1' | regex_search('(\\w+)=(\\d+)', '\\1', '\\2')
'foo=1' | regex_search('(?P<n>\\d+)', '\\g<n>')
'foo' | regex_search('x')
'foo' | regex_search('x', '\\1')
'foo' | regex_search('f', 'bad')
'FOO' | regex_search('foo', ignorecase=true)
'a\nfoo' | regex_search('^foo', multiline=true)
'a1b22' | regex_findall('\\d+')
'a1b22' | regex_findall('([a-z])(\\d+)')
'A' | regex_findall('a', ignorecase=true)
'none' | regex_findall('\\d')
'a.b*c' | regex_escape
'a.b*c^$[]\\' | regex_escape('posix_basic')
'a' | regex_escape('posix_extended')
1024 | human_readable
1048576 | human_readable
1000 | human_readable(unit='K')
2048 | human_readable(isbits=true)
10 | human_readable
0 | human_readable
'1K' | human_to_bytes
'10MB' | human_to_bytes
'1.5G' | human_to_bytes
'1Mb' | human_to_bytes
'1Mb' | human_to_bytes(isbits=true)
'10' | human_to_bytes
'10' | human_to_bytes('M')
'1X' | human_to_bytes
'abc' | human_to_bytes
100 | log(10)
8 | log(2)
1 | log
'a' | log
2 | pow(3)
9 | root
8 | root(3)
'a' | pow(2)
'%Y-%m-%d %H:%M:%S' | strftime(0, utc=true)
'%a %A %b %B %d %j %y %p %I %U %W %w %u %V %G %e %D %F %T %R %%' | strftime(1700000000, utc=true)
'%Y' | strftime('1700000000.5', utc=true)
'%Y' | strftime('abc')
'%c|%x|%X' | strftime(1700000000)
'%s' | strftime(1700000000)
('2024-03-01 12:00:00' | to_datetime) ~ ''
('2024-03-02 13:00:30' | to_datetime - '2024-03-01 12:00:00' | to_datetime).total_seconds()
(('2024-03-02' | to_datetime('%Y-%m-%d')) - ('2024-03-01' | to_datetime('%Y-%m-%d'))).days
('01/Feb/2024 07:08 PM' | to_datetime('%d/%b/%Y %I:%M %p')) ~ ''
('2024-03-01' | to_datetime)
('2024-02-30' | to_datetime('%Y-%m-%d'))
('2024-03-01 12:00:00' | to_datetime).year
('2024-03-01 12:00:00' | to_datetime).strftime('%d.%m.%Y')
('2024-03-01 12:00:00' | to_datetime) > ('2024-02-01 12:00:00' | to_datetime)
('2024-03-02 13:00:30' | to_datetime - '2024-03-01 12:00:00' | to_datetime) ~ ''
('2024-03-01 12:00:00' | to_datetime).isoformat()
('2024-03-01 12:00:00' | to_datetime).timestamp()
5 | type_debug
5.0 | type_debug
'a' | type_debug
[] | type_debug
{} | type_debug
none | type_debug
true | type_debug
'a b c' | split
'a,b' | split(',')
'a,b,c' | split(',', 1)
'a' | comment
'a\nb' | comment
'a\nb' | comment('c')
'a' | comment('cblock')
'a\n\nb' | comment('cblock')
'a' | comment('xml')
'a' | comment('erlang')
'a' | comment('plain', prefix='#######\n#', postfix='#\n#######')
'a' | comment(decoration='! ')
'a' | comment('nope')
'1.2.3' is version('1.2', '>')
'1.10' is version('1.9', '>=')
'1.2' is version('1.2.0', '==')
'1.2a' is version('1.2b', '<')
'v1.2' is version('v1.10', 'lt')
'1.2.3' is version('1.2.3-1', 'lt')
'1.0.0-rc.1' is version('1.0.0', 'lt', version_type='semver')
'1.0.0-alpha.1' is version('1.0.0-alpha.beta', 'lt', version_type='semver')
'1.0' is version('1.0.0', 'eq', version_type='semver')
'1.0a1' is version('1.0', '<', strict=true)
'1.0.0.0' is version('1.0', '<', strict=true)
'1.0rc1' is version('1.0', '<', version_type='pep440')
'1.0.post1' is version('1.0', '>', version_type='pep440')
'1.0.dev1' is version('1.0a1', '<', version_type='pep440')
'1.0' is version('1.0.0', '==', version_type='pep440')
'1.0' is version('', '==')
'1.0' is version('1.0', '~')
'22.04' is version_compare('20.04', '>=')
'1.a' is version('1.1', '<')
5 is version('4', '>')
'abc' is match('a')
'abc' is match('b')
'abc' is search('b')
'abc' is regex('c$')
'ABC' is search('b', ignorecase=true)
'a\nb' is match('b', multiline=true)
'abc' is regex('abc', match_type='fullmatch')
'abc' is match('(')
5 is match('5')
[1, 2] is subset([1, 2, 3])
[1, 4] is subset([1, 2, 3])
[1, 2, 3] is superset([1])
[1, 2] is contains(1)
'abc' is contains('b')
[true, 1] is all
[false, 1] is any
[] is all
[] is any
'yes' is truthy
'' is truthy
'no' is truthy(convert_bool=true)
'false' is falsy(convert_bool=true)
0 is falsy
'nan' | float is nan
1 is nan
result is changed
result is failed
result is succeeded
result is success
result is skipped
result is unreachable
result is reachable
result is change
result is finished
result is started
{'results': [{'changed': true}]} is changed
{'results': [{'changed': false}]} is changed
{'results': []} is changed
{} is failed
's' is failed
missing is failed
'/x' is abs
'x' is abs
59 | random(seed='node1')
59 | random(seed='node2')
100 | random(10, 5, seed='x')
10 | random(start=5, step=1, seed=42)
['a', 'b', 'c'] | random(seed='node1')
1000000 | random(seed='ü')
10000000000000 | random(seed=1)
[1, 2, 3, 4, 5] | shuffle(seed='node1')
[1, 2, 3, 4, 5] | shuffle(seed=7)
'http://user:pw@www.Acme.com:9000/dir/index.html?query=term#frag' | urlsplit
'http://www.acme.com/x' | urlsplit('hostname')
'http://www.acme.com:80/x' | urlsplit('port')
'http://www.acme.com/x' | urlsplit('bad')
'//host/path' | urlsplit
'/only/path?q' | urlsplit
'http://[::1]:80/' | urlsplit('hostname')
'mailto:a@b' | urlsplit
[{'n': 'a', 'v': 1}, {'n': 'b'}] | rekey_on_member('n')
[{'n': 'a'}, {'n': 'a'}] | rekey_on_member('n')
[{'n': 'a'}, {'n': 'a', 'x': 1}] | rekey_on_member('n', duplicates='overwrite')
'a' | ansible.builtin.upper
'abc' | ansible.builtin.hash('md5')
'abc' is ansible.builtin.match('a')
'a+b%20c' | urldecode
users | pprint
d | pprint
{'b': ('x' * 50, 'y' * 50), 'a': [1, {'c': 'z' * 60, 'd': [1, 2]}]} | pprint
('x' * 50, 'y' * 50) | pprint
'see http://example.com/a?b=1 and (www.x.org), me@x.de. <https://y.com>' | urlize
'http://example.com/averylongpath example.com ftp://x mailto:a@b.cc x@y' | urlize(10, nofollow=true, target='_blank')
'ftp://x' | urlize(extra_schemes=['ftp://'])
`);
