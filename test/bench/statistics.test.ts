import { expect, test } from '@jest/globals';
import type { Measurement } from '../../bench/clients/measured.ts';
import { figuresOf, medianRatio } from '../../bench/statistics.ts';

function took(seconds: number, peakRssMb: number): Measurement {
  return { seconds, cpuSeconds: seconds / 2, peakRssMb, charge: null };
}

test('ratios are taken round by round, so that a slow round does not change them', () => {
  expect(medianRatio([2, 40, 3], [1, 20, 1])).toBe(2);
});

test('time is the median of the rounds, memory the maximum', () => {
  const rounds = [took(3, 100.4), took(9, 250.6), took(4, 90)];
  expect(figuresOf(rounds, [took(1, 50), took(2, 50), took(2, 50)])).toEqual({
    seconds: 4,
    cpuSeconds: 2,
    ratio: 3,
    peakRssMb: 251,
  });
});
