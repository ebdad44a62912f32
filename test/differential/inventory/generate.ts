import { makeRandom } from './oracle.ts';

/** A well-formed INI inventory: groups below groups, hosts in several of them, ranges, ports, values of all kinds. */
export function generateIni(seed: number): string {
  const { below, pick } = makeRandom(seed * 7919 + 1);
  const values = [
    '1',
    '0644',
    'yes',
    'True',
    "'a b'",
    '"[1, 2]"',
    '"{\'k\': 1.0}"',
    'plain',
    '-5',
    '1.50',
    '"5"',
    '\'"5"\'',
    '1e3',
    'a=b',
    '"{{ x }}"',
  ];
  const lineValues = [
    '1',
    '0644',
    'yes',
    'True',
    'some words',
    "'quoted'",
    '"5"',
    '[1, "x"]',
    '1.0',
    '',
    '{{ y }}',
    '3 # three',
    '(1, 2)',
    'a # b',
  ];
  const hosts = [
    'h01',
    'h02',
    'h03',
    'h[04:06]',
    'n[1:9:4]',
    'na',
    'nb',
    'h01.example.com',
    'x[a:c]y',
    'p7:2200',
    '10.1.0.[1:3]',
    '2001:db8::5',
  ];
  const keys = ['a', 'b', 'c', 'ansible_host', 'ansible_user'];
  const pair = () => `${pick(keys)}=${pick(values)}`;
  const hostLine = () =>
    [pick(hosts), ...Array.from({ length: below(3) }, pair)].join(pick([' ', '  ', '\t'])) + pick(['', '', ' # note']);
  const groups = ['g1', 'g2', 'g3', 'g4', 'g5'].slice(0, 4 + below(2));
  const lines: string[] = Array.from({ length: below(3) }, hostLine);
  for (const group of shuffled(groups)) lines.push(`[${group}]`, ...Array.from({ length: below(4) }, hostLine), '');
  for (const [index, group] of groups.entries()) {
    const children = groups.slice(index + 1).filter(() => below(3) === 0);
    if (children.length > 0) lines.push(`[${group}:children]`, ...children);
    if (below(2) === 0)
      lines.push(
        `[${group}:vars]`,
        ...Array.from({ length: 1 + below(3) }, () => `${pick(keys)} = ${pick(lineValues)}`),
      );
    if (below(4) === 0) lines.push(`[${group}:vars]`, `ansible_group_priority=${below(5)}`);
  }
  if (below(2) === 0) lines.push('[all:vars]', `everyone=${pick(lineValues)}`, '; the end');
  return `${lines.join('\n')}\n`;

  function shuffled<T>(items: readonly T[]): T[] {
    const left = [...items];
    return items.map(() => left.splice(below(left.length), 1)[0] as T);
  }
}
