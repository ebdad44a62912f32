import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openJournal } from '../../../src/journal/journal.ts';
import { makeRunId, prune } from '../../../src/journal/prune.ts';
import type { Event, Result } from '../../../src/model/event.ts';

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'kprep-journal-'));
});
afterEach(() => {
  rmSync(stateDir, { recursive: true, force: true });
});

const notice: Event = { at: 1, type: 'notice', level: 'info', message: 'hello' };
const task = { play: '1', task: 't', name: 'n', module: 'copy' };

function open(trouble: string[] = []) {
  return openJournal({ stateDir, run: '20260101T000000-000001', onTrouble: (message) => trouble.push(message) });
}

describe('journal', () => {
  test('each event is one line, on disk at once, for the owner only', () => {
    const journal = open();
    journal.take(notice);
    const path = journal.path ?? '';
    expect(readFileSync(path, 'utf8')).toBe(`${JSON.stringify(notice)}\n`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    journal.close();
  });

  test('what was not world-readable on the host is kept as a hash', () => {
    const result: Result = {
      outcome: 'changed',
      changed: true,
      ms: 1,
      changes: [],
      warnings: [],
      data: {},
      diffs: [{ header: '/etc/shadow', lines: ['+root:secret'], private: true }],
    };
    const journal = open();
    journal.take({ at: 1, type: 'task-finished', host: 'a', task, result });
    journal.close();
    const text = readFileSync(journal.path ?? '', 'utf8');
    expect(text).not.toContain('root:secret');
    expect(text).toMatch(/sha256 [0-9a-f]{64}/);
  });

  test('a state directory that cannot be written is told once and stops nothing', () => {
    writeFileSync(join(stateDir, 'runs'), 'a file where the directory should be');
    const trouble: string[] = [];
    const journal = open(trouble);
    journal.take(notice);
    journal.take(notice);
    journal.close();
    expect(trouble).toHaveLength(1);
    expect(trouble[0]).toMatch(/^this run is not journalled: /);
  });
});

describe('prune', () => {
  function runs(...names: string[]): string {
    const directory = join(stateDir, 'runs');
    for (const name of names) {
      mkdirSync(join(directory, name), { recursive: true });
      writeFileSync(join(directory, name, 'events.jsonl'), 'x'.repeat(100));
    }
    return directory;
  }
  const id = (number: number): string => `20260101T0000${String(number).padStart(2, '0')}-abcdef`;

  test('the newest stay, the current always', () => {
    const directory = runs(id(1), id(2), id(3), id(4));
    prune(directory, id(1), { runs: 3 });
    expect(readdirSync(directory).sort()).toEqual([id(1), id(3), id(4)]);
  });

  test('size counts', () => {
    const directory = runs(id(1), id(2), id(3));
    prune(directory, id(3), { bytes: 150 });
    expect(readdirSync(directory).sort()).toEqual([id(2), id(3)]);
  });

  test('what is no run of ours is never removed', () => {
    const directory = runs(id(1), 'my-notes');
    prune(directory, id(2), { runs: 0 });
    expect(readdirSync(directory)).toEqual(['my-notes']);
  });

  test('a run id is one, and sorts by time', () => {
    const first = makeRunId(Date.UTC(2026, 10, 23, 13, 4, 5), 0.5);
    expect(first).toBe('20261123T130405-800000');
    expect(makeRunId(Date.UTC(2026, 10, 23, 13, 4, 6), 0) > first).toBe(true);
  });
});
