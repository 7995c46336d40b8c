import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { daysBefore } from '../../../lambda/billing-day.ts';
import { formatQuotient, parseArchived } from '../../../lambda/money/money.ts';
import { forecast, monthToDate, weekBefore } from '../../../lambda/email/comparisons.ts';
import type { PastDay } from '../../../lambda/email/history.ts';

/** The days before a day, each with a figure or null. */
function past(day: string, count: number, chargeOf: (day: string) => string | null): PastDay[] {
  return daysBefore(day, count).map((earlier): PastDay => {
    const charge = chargeOf(earlier);
    if (charge === null) return { day: earlier, kind: 'absent' };
    const rooms = { kind: 'not-compared' } as const;
    return { day: earlier, kind: 'known', charge: parseArchived(charge), sessions: 1, rooms };
  });
}

function isWeekend(day: string): boolean {
  return [0, 6].includes(new Date(day).getUTCDay());
}

function forecastOf(day: string, charge: string, days: readonly PastDay[]): string | null {
  const found = forecast(day, parseArchived(charge), days);
  return found === null ? null : formatQuotient(found.dividend, found.divisor, 'USD');
}

describe('the week before', () => {
  test('is summed if all seven days are known', () => {
    expect(weekBefore(past('2026-11-22', 63, () => '0.10'))?.sum.toFixed()).toBe('0.7');
  });

  test('is unknown if one of them is', () => {
    const days = past('2026-11-22', 63, (day) => (day === '2026-11-15' ? null : '0.10'));
    expect(weekBefore(days)).toBeNull();
    expect(
      weekBefore(past('2026-11-22', 63, (day) => (day === '2026-11-14' ? null : '0.10'))),
    ).not.toBeNull();
  });
});

describe('the month to date', () => {
  test('covers only days of the month, including the reported one', () => {
    const month = monthToDate(
      '2026-11-03',
      parseArchived('1.00'),
      past('2026-11-03', 63, () => '10.00'),
    );
    expect([month.sum.toFixed(), month.days, month.elapsed]).toEqual(['21', 3, 3]);
  });

  test('says how many days it covers', () => {
    const days = past('2026-11-22', 63, (day) => (day < '2026-11-20' ? null : '10.00'));
    const month = monthToDate('2026-11-22', parseArchived('1.00'), days);
    expect([month.sum.toFixed(), month.days, month.elapsed]).toEqual(['21', 3, 22]);
  });
});

describe('the forecast', () => {
  test('adds the mean of its kind for each day to come to the month to date', () => {
    // November 2026 began on a Sunday. From the 21st on, four days are weekend (21, 22, 28, 29) and six are not.
    const days = past('2026-11-20', 63, (day) => (isWeekend(day) ? '2.00' : '10.00'));
    // 14 working days and 5 weekend days cost 150.00, the 20th costs 10.00; 6 · 10 + 4 · 2 are to come.
    expect(forecastOf('2026-11-20', '10.00', days)).toBe('$228.00');
  });

  test('estimates missing days just like days to come, and says how many there are', () => {
    const days = past('2026-11-20', 63, (day) => (day < '2026-11-10' ? null : '10.00'));
    expect(forecastOf('2026-11-20', '10.00', days)).toBe('$300.00');
    expect(forecast('2026-11-20', parseArchived('10.00'), days)?.estimatedDays).toBe(19);
  });

  test('uses only the last 28 days for the mean', () => {
    const days = past('2026-12-10', 63, (day) => (day < '2026-11-13' ? '999.00' : '1.00'));
    expect(forecastOf('2026-12-10', '1.00', days)).toBe('$31.00');
  });

  test('is rounded once, from the exact quotient', () => {
    // Four working days cost 0.02 together; 19 are to come.
    const days = past('2026-12-06', 6, (day) => (day === '2026-12-01' ? '0.02' : '0.00'));
    // 0.02 + 19 · 0.02 / 4 = 0.115. If the mean were rounded first, the result would be 0.21 or 0.02.
    expect(forecastOf('2026-12-06', '0.00', days.slice(0, 5))).toBe('$0.12');
  });

  test.each([
    ['before the 4th', '2026-11-03', 63],
    ['with three days of the month', '2026-11-20', 2],
    ['on the last day of a month that is complete', '2026-11-30', 63],
  ])('is none %s', (_when, day, count) => {
    expect(
      forecastOf(
        day,
        '1.00',
        past(day, count, () => '1.00'),
      ),
    ).toBeNull();
  });

  test('is made on the 4th', () => {
    expect(
      forecastOf(
        '2026-11-04',
        '1.00',
        past('2026-11-04', 63, () => '1.00'),
      ),
    ).toBe('$30.00');
  });

  test('is none if no day of a kind is known: a week of working days says nothing about weekends', () => {
    expect(
      forecastOf(
        '2026-11-20',
        '1.00',
        past('2026-11-20', 4, () => '1.00'),
      ),
    ).toBeNull();
  });

  test('is the number of days times the cost of a day if all days cost the same', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2025-01-04'), max: new Date('2027-12-31'), noInvalidDate: true }),
        fc.integer({ min: 0, max: 1_000_000 }),
        (date, cents) => {
          const day = date.toISOString().slice(0, 10);
          const [year = 0, month = 0, dayOfMonth = 0] = day.split('-').map(Number);
          const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
          fc.pre(dayOfMonth > 3 && dayOfMonth < length);
          const charge = (cents / 100).toFixed(2);
          const expected = formatQuotient(parseArchived(charge).times(String(length)), 1, 'USD');
          expect(
            forecastOf(
              day,
              charge,
              past(day, 63, () => charge),
            ),
          ).toBe(expected);
        },
      ),
    );
  });
});
