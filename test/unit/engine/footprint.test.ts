import { expect, test } from '@jest/globals';
import { type Footprint, overlaps } from '../../../src/engine/index.ts';

const rows: readonly (readonly [Footprint, Footprint, boolean])[] = [
  [['file:/etc/fstab'], ['file:/etc/fstab'], true],
  [['file:/etc/fstab'], ['file:/etc/hosts'], false],
  [['file:/etc'], ['file:/etc/fstab'], true],
  [['file:/etc/fstab'], ['file:/etc'], true],
  [['file:/etc'], ['file:/etcetera'], false],
  [['file:/'], ['file:/a'], true],
  [['file:/etc/../etc//fstab/'], ['file:/etc/fstab'], true],
  [['file:/a/b'], ['file:/a/c', 'file:/a/b'], true],
  [['pkg:*'], ['pkg:kubelet'], true],
  [['pkg:kubelet'], ['pkg:*'], true],
  [['pkg:kube'], ['pkg:kubelet'], false],
  [['pkg:x'], ['unit:x'], false],
  [['swap:'], ['swap:'], true],
  [[], ['file:/a'], false],
  ['anything', ['file:/a'], true],
  [['file:/a'], 'anything', true],
  ['anything', 'anything', true],
  ['anything', [], false],
];

test.each(rows)('%j and %j: %s', (one, other, meet) => {
  expect([overlaps(one, other), overlaps(other, one)]).toEqual([meet, meet]);
});
