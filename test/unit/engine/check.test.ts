import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Scope } from '../../../src/model/plan.ts';
import type { JsonObject } from '../../../src/model/value.ts';
import { KprepError } from '../../../src/shared/errors.ts';
import { include, runTasks, task } from '../../support/engine-run.ts';
import { debug, setFact, shell, stat, text } from '../../support/tiny-modules.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kprep-check-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** As a template would: an undefined field is an error. */
function field(scope: Scope, name: string, key: string) {
  const value = (scope.runtime.variables[name] as JsonObject | undefined)?.[key];
  if (value === undefined) throw new KprepError('template', `p.yaml:1: ${name} has no ${key}`);
  return value;
}

describe('check mode', () => {
  test('plans and applies nothing', async () => {
    const path = join(dir, 'a');
    const ran = await runTasks([task({ run: text, args: { path, text: 'x\n' }, rest: { register: 'r' } })], {
      check: true,
      diff: true,
    });
    expect(ran.results()[0]).toMatchObject({
      outcome: 'changed',
      changed: true,
      changes: [`write ${path}`],
      diffs: [{ header: path, lines: ['@@ -0,0 +1 @@', '+x'] }],
    });
    expect(ran.registered('r')).toMatchObject({ changed: true, diff: [{ before: '', after: 'x\n' }] });
    expect(existsSync(path)).toBe(false);
  });

  test('a command is left out, one that has nothing to do is told so, a reading module runs', async () => {
    writeFileSync(join(dir, 'there'), '');
    const ran = await runTasks(
      [
        task({ run: shell, args: { cmd: `touch ${dir}/made` } }),
        task({ run: shell, args: { cmd: 'true', creates: join(dir, 'there') } }),
        task({ run: stat, args: { path: join(dir, 'there') }, rest: { register: 'r' } }),
      ],
      { check: true },
    );
    expect(ran.outcomes()).toEqual(['skipped', 'skipped', 'ok']);
    expect(ran.results()[0]?.message).toMatch(/^not run in check mode: run touch/);
    expect(ran.results()[1]?.message).toMatch(/exists$/);
    expect(ran.registered('r').exists).toBe(true);
    expect(existsSync(join(dir, 'made'))).toBe(false);
  });

  test('check_mode of a task wins, both ways', async () => {
    const touch = (name: string, check: boolean) =>
      task({ run: shell, args: { cmd: `touch ${dir}/${name}` }, rest: { checkMode: () => check } });
    const ran = await runTasks([touch('real', false)], { check: true });
    expect(ran.outcomes()).toEqual(['changed']);
    expect(existsSync(join(dir, 'real'))).toBe(true);
    const other = await runTasks([touch('dry', true)]);
    expect(other.outcomes()).toEqual(['skipped']);
    expect(existsSync(join(dir, 'dry'))).toBe(false);
  });

  test('check_mode that cannot be evaluated fails the task, and nothing is done', async () => {
    const broken = (): boolean => {
      throw new KprepError('template', 'p.yaml:7: dry is not defined');
    };
    const cmd = `touch ${dir}/real`;
    const ran = await runTasks([task({ run: shell, args: { cmd }, rest: { checkMode: broken } })]);
    expect(ran.outcomes()).toEqual(['failed']);
    expect(existsSync(join(dir, 'real'))).toBe(false);
  });

  test('check_mode may depend on the item of a loop', async () => {
    const ran = await runTasks([
      task({
        run: shell,
        args: (scope) => ({ cmd: `touch ${dir}/${String(scope.local.item)}` }),
        rest: {
          loop: { items: () => ['dry', 'real'], variable: 'item', extended: false, pause: 0 },
          checkMode: (scope: Scope) => {
            if (scope.local.item === undefined) throw new KprepError('template', 'item is not defined');
            return scope.local.item === 'dry';
          },
        },
      }),
    ]);
    expect(ran.outcomes()).toEqual(['changed']);
    expect([existsSync(join(dir, 'dry')), existsSync(join(dir, 'real'))]).toEqual([false, true]);
  });

  test('check_mode of a task in a real run leaves nothing pending', async () => {
    const probe = () => task({ run: text, args: { path: join(dir, 'a'), text: 'x' }, rest: { checkMode: () => true } });
    const ran = await runTasks([probe(), probe(), task({ run: stat, args: { path: join(dir, 'a') } })]);
    expect(ran.outcomes()).toEqual(['changed', 'changed', 'ok']);
  });

  test('a condition on a result that a plan does not have is pending', async () => {
    const asks = (scope: Scope): boolean => (scope.local.r as JsonObject).rc === 0 || field(scope, 'r', 'rc') === 0;
    const ran = await runTasks(
      [
        task({
          run: text,
          args: { path: join(dir, 'a'), text: 'x' },
          rest: { register: 'r', failedWhen: [{ text: 'r.rc != 0', holds: asks }] },
        }),
        task({
          run: text,
          args: { path: join(dir, 'b'), text: 'x' },
          rest: { register: 'r', until: { conditions: [{ text: 'r.rc == 0', holds: asks }] } },
        }),
      ],
      { check: true },
    );
    expect(ran.outcomes()).toEqual(['pending', 'changed']);
    expect(ran.slept).toEqual([]);
  });

  const write = (name: string, path: string, rest = {}) => task({ run: text, name, args: { path, text: name }, rest });

  test('what an earlier task would have changed is pending, and so is what follows that', async () => {
    const ran = await runTasks(
      [
        write('first', `${dir}/a`),
        write('other', `${dir}/b`),
        task({ run: stat, name: 'look', args: { path: `${dir}/a` } }),
        write('again', `${dir}/a`),
      ],
      { check: true },
    );
    expect(ran.outcomes()).toEqual(['changed', 'changed', 'pending', 'pending']);
    expect(ran.results()[2]?.message).toBe('known only after: first');
  });

  test.each([
    ['its condition', (name: string) => ({ when: [(scope: Scope) => field(scope, name, 'rc') === 0] })],
    [
      'its condition, though it can be evaluated',
      (name: string) => ({ when: [(scope: Scope) => (scope.runtime.variables[name] as JsonObject).changed === true] }),
    ],
    ['its arguments', (name: string) => ({ args: (scope: Scope) => ({ msg: field(scope, name, 'stdout') }) })],
    ['its list', (name: string) => ({ loop: (scope: Scope) => [field(scope, name, 'stdout')] })],
  ])('a task that needs the result of one left out is pending: %s', async (_, words) => {
    const ran = await runTasks(
      [
        task({ run: shell, name: 'ask', args: { cmd: 'echo' }, rest: { register: 'r' } }),
        task({ run: debug, ...words('r'), rest: { needs: new Set(['r']) } }),
        task({ run: debug }),
      ],
      { check: true },
    );
    expect(ran.outcomes()).toEqual(['skipped', 'pending', 'ok']);
    expect(ran.results()[1]?.message).toMatch(/known only after: ask$/);
  });

  test('a planned change is known as far as the plan goes', async () => {
    const ran = await runTasks(
      [
        write('first', `${dir}/a`, { register: 'r' }),
        task({ run: debug, when: [(scope) => field(scope, 'r', 'changed') === true] }),
        task({ run: debug, when: [(scope) => field(scope, 'r', 'checksum') === ''] }),
      ],
      { check: true },
    );
    expect(ran.outcomes()).toEqual(['changed', 'ok', 'pending']);
  });

  test('pending spreads through registers, facts and includes', async () => {
    const ran = await runTasks(
      [
        task({ run: shell, name: 'ask', args: { cmd: 'echo' }, rest: { register: 'r' } }),
        task({ run: setFact, name: 'keep', args: (scope) => ({ x: field(scope, 'r', 'stdout') }) }),
        task({
          run: debug,
          args: (scope) => {
            if (scope.runtime.variables.x === undefined) throw new KprepError('template', 'x is undefined');
            return {};
          },
        }),
        include(async (scope) => ({
          nodes: [task({ run: debug, name: String(field(scope, 'r', 'stdout')) })],
          handlers: [],
        })),
      ],
      { check: true },
    );
    expect(ran.outcomes()).toEqual(['skipped', 'pending', 'pending', 'pending']);
    expect(ran.results()[2]?.message).toMatch(/known only after: keep$/);
    expect(ran.left()).toBeUndefined();
  });

  test('a refusal is pending after a planned change, and a failure without one', async () => {
    const refuse = () => task({ run: text, args: { path: `${dir}/none`, text: '', refuse: true } });
    const after = await runTasks([write('install', `${dir}/a`), refuse()], { check: true });
    expect(after.outcomes()).toEqual(['changed', 'pending']);
    expect(after.results()[1]?.message).toMatch(/none is missing; known only after: install$/);
    expect((await runTasks([refuse()], { check: true })).outcomes()).toEqual(['failed']);
  });

  test('a template error that has nothing to do with check mode is a failure', async () => {
    const bad = task({ run: debug, args: (scope) => ({ msg: field(scope, 'other', 'x') }) });
    const ran = await runTasks([task({ run: shell, args: { cmd: 'echo' }, rest: { register: 'r' } }), bad], {
      check: true,
    });
    expect(ran.outcomes()).toEqual(['skipped', 'failed']);
  });

  test('handlers of a planned change are planned; until does not wait for what was not done', async () => {
    const ran = await runTasks(
      [
        write('first', `${dir}/a`, { notify: () => ['H'] }),
        task({
          run: stat,
          args: { path: `${dir}/never` },
          rest: {
            until: { conditions: [{ text: 'no', holds: () => false }] },
            retries: () => ({ retries: 30, delay: 10 }),
          },
        }),
      ],
      { check: true, play: { handlers: [task({ run: text, name: 'H', args: { path: `${dir}/h`, text: '' } })] } },
    );
    expect(ran.outcomes()).toEqual(['changed', 'pending', 'changed']);
    expect(ran.slept).toEqual([]);
  });
});
