import { expect, test } from '@jest/globals';
import { nearName, renderProblem } from '../../../src/shared/problem.ts';

test('a problem shows its place, its line and a caret', () => {
  const at = { file: 'play.yaml', line: 3, column: 7 };
  const text = renderProblem({
    level: 'error',
    message: 'unknown module: coppy',
    at,
    source: '    - coppy:',
    hint: 'did you mean copy?',
  });
  expect(text).toBe('play.yaml:3:7: unknown module: coppy\n      - coppy:\n        ^\n  did you mean copy?');
});

test.each([
  ['coppy', ['copy', 'command'], 'copy'],
  ['lineinfile', ['lineinfile'], 'lineinfile'],
  ['sysctrl', ['sysctl', 'systemd'], 'sysctl'],
  ['kubernetes', ['copy'], undefined],
])('the near name of %s', (name, candidates, near) => {
  expect(nearName(name, candidates)).toBe(near);
});
