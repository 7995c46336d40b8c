import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { median, medianAbsoluteDeviation } from 'simple-statistics';
import { type Money, parseArchived } from '../../../lambda/money/money.ts';
import { FEWEST_POINTS, judge, medianOf, type Verdict } from '../../../lambda/email/anomaly.ts';

function money(amount: number | string): Money {
  return parseArchived(typeof amount === 'string' ? amount : amount.toFixed(2));
}

function verdictOf(amount: number | string, points: readonly (number | string)[]): Verdict['kind'] {
  return judge(money(amount), points.map(money)).kind;
}

/** 93 to 107: median 100, MAD 4, so that 3.5 is reached at 100 + 3.5 · 4 / 0.6745 = 120.756… */
const FIFTEEN = Array.from({ length: 15 }, (_, index) => 93 + index);

describe('an amount is unusual', () => {
  test('beyond a score of 3.5, and not below', () => {
    const tenfold = FIFTEEN.map((amount) => amount / 10);
    // With tenths of dollars, the limit of 5 dollars would decide; these amounts are large enough for the score to decide.
    expect(verdictOf(12.6, tenfold)).toBe('usual');
    const wide = Array.from({ length: 15 }, (_, index) => 86 + index * 2);
    expect(judge(money(141.5), wide.map(money)).kind).toBe('usual');
    expect(judge(money(141.52), wide.map(money))).toMatchObject({ kind: 'unusual', points: 15 });
    expect(judge(money(58.48), wide.map(money)).kind).toBe('unusual');
    expect(judge(money(58.5), wide.map(money)).kind).toBe('usual');
  });

  test.each([
    ['4.99 more is usual', 14.99, 'usual'],
    ['5.00 more is unusual', 15, 'unusual'],
    ['5.00 less is unusual', 5, 'unusual'],
  ])('by at least five dollars: %s', (_what, amount, kind) => {
    expect(verdictOf(amount, [9.98, 10.02, 9.99, 10.01, ...Array.from({ length: 10 }, () => 10)])).toBe(kind);
  });

  test.each([
    [124.99, 'usual'],
    [125, 'unusual'],
    [75.01, 'usual'],
    [75, 'unusual'],
  ])('by at least a quarter: compared with 100, %d is %s', (amount, kind) => {
    const narrow = Array.from({ length: 15 }, (_, index) => 99.93 + index / 100);
    expect(verdictOf(amount, narrow)).toBe(kind);
  });

  test('only compared with 14 points or more', () => {
    const points = Array.from({ length: 13 }, () => 10);
    expect(judge(money(1000), points.map(money))).toEqual({ kind: 'too-few', points: 13 });
    expect(verdictOf(1000, [...points, 10])).toBe('unusual');
  });

  test('by the mean deviation if more than half of the points are the same', () => {
    // Twelve times 0, then 30 and 40: the mean deviation is 5, its limit 3.5 · 1.253314 · 5 = 21.93.
    const rare = [...Array.from({ length: 12 }, () => 0), 30, 40];
    expect(verdictOf(21.93, rare)).toBe('usual');
    const verdict = judge(money(21.94), rare.map(money));
    expect(verdict).toMatchObject({ kind: 'unusual', score: expect.closeTo(3.5012, 3) });
  });

  test('by any difference that is worth a look if all points are the same; there is no score', () => {
    const verdict = judge(
      money(20),
      Array.from({ length: 14 }, () => money(10)),
    );
    expect(verdict).toMatchObject({ kind: 'unusual', score: null });
  });

  test('in the direction that the sign of the score gives', () => {
    const points = FIFTEEN.map(money);
    expect(judge(money(200), points)).toMatchObject({ score: expect.closeTo(16.8625, 4) });
    expect(judge(money(0), points)).toMatchObject({ score: expect.closeTo(-16.8625, 4) });
  });
});

describe('by property', () => {
  const cents = fc.array(fc.integer({ min: -10_000, max: 1_000_000 }), {
    minLength: FEWEST_POINTS,
    maxLength: 56,
  });
  const dollars = (amounts: readonly number[]): Money[] => amounts.map((amount) => money(amount / 100));

  test('median and score agree with a statistics library', () => {
    fc.assert(
      fc.property(cents, fc.integer({ min: 0, max: 10_000_000 }), (points, amount) => {
        expect(Number(medianOf(dollars(points)).toFixed()) * 100).toBeCloseTo(median(points), 6);
        const mad = medianAbsoluteDeviation(points);
        fc.pre(mad > 0);
        const score = (0.6745 * (amount - median(points))) / mad;
        const distance = Math.abs(amount - median(points));
        // Exactly at the limits a float cannot be trusted.
        fc.pre(
          [Math.abs(score) - 3.5, distance - 500, distance * 4 - Math.abs(median(points))].every(
            (gap) => Math.abs(gap) > 1e-6,
          ),
        );
        const isUnusual = Math.abs(score) > 3.5 && distance > 500 && distance * 4 > Math.abs(median(points));
        const verdict = judge(money(amount / 100), dollars(points));
        const shown = verdict.kind === 'unusual' ? verdict.score : 0;
        expect(verdict.kind).toBe(isUnusual ? 'unusual' : 'usual');
        expect(shown).toBeCloseTo(isUnusual ? score : 0, 4);
      }),
    );
  });

  test('the order of the points does not matter', () => {
    fc.assert(
      fc.property(cents, fc.integer({ min: 0, max: 10_000_000 }), (points, amount) => {
        const inOrder = judge(money(amount / 100), dollars(points));
        expect(judge(money(amount / 100), dollars(points.toReversed()))).toEqual(inOrder);
      }),
    );
  });

  test('an unusual amount stays unusual if everything costs a hundred times as much', () => {
    fc.assert(
      fc.property(cents, fc.integer({ min: 5000, max: 10_000_000 }), (points, amount) => {
        const [small, large] = [100, 1].map(
          (scale) => judge(money(amount / scale), dollars(points.map((one) => (one * 100) / scale))).kind,
        );
        expect([small, large]).not.toEqual(['unusual', 'usual']);
      }),
    );
  });

  test('the median of the points is always usual', () => {
    fc.assert(
      fc.property(cents, (points) => {
        expect(judge(medianOf(dollars(points)), dollars(points)).kind).toBe('usual');
      }),
    );
  });
});
