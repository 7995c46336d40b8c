import { expect, test } from '@jest/globals';
import { describeChanges } from '../../../lambda/charges/changes.ts';
import { ZERO } from '../../../lambda/money/money.ts';

test.each([
  [{ late: 1 }, '1 late charge'],
  [{ late: 2 }, '2 late charges'],
  [{ corrected: 1 }, '1 charge corrected'],
  [{ corrected: 2 }, '2 charges corrected'],
  [{ forgotten: 1 }, '1 charge kept that SignalWire no longer lists'],
  [{ forgotten: 2 }, '2 charges kept that SignalWire no longer lists'],
  [{ lost: ['a'] }, '1 log lost'],
  [{ lost: ['a', 'b'] }, '2 logs lost'],
])('%j is described as %j', (changes, words) => {
  const none = { late: 0, corrected: 0, forgotten: 0, lost: [], sum: ZERO };
  expect(describeChanges({ ...none, ...changes })).toBe(words);
});
