import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type BillingDay,
  billingDay,
  contains,
  dayBefore,
  daysBefore,
  isCalendarDay,
  isOver,
  utcDays,
} from '../../lambda/billing-day.ts';

const HOUR = 3_600_000;

function bounds({ start, end }: BillingDay): string[] {
  return [new Date(start).toISOString(), new Date(end).toISOString()];
}

describe('a billing day', () => {
  test.each([
    ['UTC', '2026-11-22', '2026-11-22T00:00:00.000Z', '2026-11-23T00:00:00.000Z', 24],
    ['Europe/Berlin', '2026-11-22', '2026-11-21T23:00:00.000Z', '2026-11-22T23:00:00.000Z', 24],
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z', 23],
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z', 25],
    // Clocks change at midnight: the day begins at 01:00, or has two midnights.
    ['America/Havana', '2026-11-01', '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z', 25],
    ['America/Havana', '2026-03-08', '2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z', 23],
    ['Asia/Kathmandu', '2026-11-22', '2026-11-21T18:15:00.000Z', '2026-11-22T18:15:00.000Z', 24],
    ['Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00.000Z', '2026-04-05T13:30:00.000Z', 24.5],
    ['America/Los_Angeles', '2026-12-31', '2026-12-31T08:00:00.000Z', '2027-01-01T08:00:00.000Z', 24],
    ['UTC', '2028-02-29', '2028-02-29T00:00:00.000Z', '2028-03-01T00:00:00.000Z', 24],
    // The day that Samoa skipped when it crossed the date line.
    ['Pacific/Apia', '2011-12-29', '2011-12-29T10:00:00.000Z', '2011-12-30T10:00:00.000Z', 24],
  ])('in %s, %s lasts from %s to %s: %d hours', (timeZone, day, start, end, hours) => {
    const found = billingDay(day, timeZone);
    expect(bounds(found)).toEqual([start, end]);
    expect((found.end - found.start) / HOUR).toBe(hours);
  });

  test('includes its first instant, but not its end', () => {
    const day = billingDay('2026-11-22', 'UTC');
    expect(contains(day, Date.parse('2026-11-21T23:59:59.999Z'))).toBe(false);
    expect(contains(day, Date.parse('2026-11-22T00:00:00Z'))).toBe(true);
    expect(contains(day, Date.parse('2026-11-22T23:59:59.999Z'))).toBe(true);
    expect(contains(day, Date.parse('2026-11-23T00:00:00Z'))).toBe(false);
  });

  test('is over at the first instant of the next day', () => {
    const day = billingDay('2026-11-22', 'Asia/Tokyo');
    expect(isOver(day, Date.parse('2026-11-22T14:59:59.999Z'))).toBe(false);
    expect(isOver(day, Date.parse('2026-11-22T15:00:00Z'))).toBe(true);
  });
});

describe('the day before an instant', () => {
  test.each([
    ['2026-11-23T06:00:00Z', 'UTC', '2026-11-22'],
    ['2026-11-23T06:00:00Z', 'America/Los_Angeles', '2026-11-21'],
    ['2026-11-23T13:00:00Z', 'Pacific/Auckland', '2026-11-23'],
    ['2027-01-01T05:00:00Z', 'UTC', '2026-12-31'],
    ['2028-03-01T05:00:00Z', 'UTC', '2028-02-29'],
    // 00:30 by a wall clock, on the day after the long one.
    ['2026-10-25T23:30:00Z', 'Europe/Berlin', '2026-10-25'],
  ])('at %s in %s is %s', (instant, timeZone, day) => {
    expect(dayBefore(Date.parse(instant), timeZone).day).toBe(day);
  });
});

describe('the UTC days of a billing day', () => {
  test.each([
    ['UTC', '2026-11-22', ['2026-11-22']],
    ['Europe/Berlin', '2026-11-22', ['2026-11-21', '2026-11-22']],
    ['America/New_York', '2026-11-22', ['2026-11-22', '2026-11-23']],
    ['Pacific/Kiritimati', '2027-01-01', ['2026-12-31', '2027-01-01']],
    ['Europe/London', '2026-11-22', ['2026-11-22']],
  ])('in %s on %s are %j', (timeZone, day, expected) => {
    expect(utcDays(billingDay(day, timeZone)).map((utcDay) => utcDay.day)).toEqual(expected);
  });

  test('cover it without a gap, whatever the zone', () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const instants = fc.date({
      min: new Date('2000-01-01'),
      max: new Date('2040-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(zones, instants, (timeZone, instant) => {
        const day = dayBefore(instant.getTime(), timeZone);
        const covering = utcDays(day);
        expect(covering[0]?.start).toBeLessThanOrEqual(day.start);
        expect(covering.at(-1)?.end).toBeGreaterThanOrEqual(day.end);
        expect(covering.slice(1).map(({ start }) => start)).toEqual(
          covering.slice(0, -1).map(({ end }) => end),
        );
      }),
    );
  });
});

test('the days before a day are listed latest first, across months', () => {
  expect(daysBefore('2028-03-02', 4)).toEqual(['2028-03-01', '2028-02-29', '2028-02-28', '2028-02-27']);
});

test('days follow one another without a gap, whatever the zone', () => {
  const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
  const dates = fc.date({ min: new Date('2012-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(zones, dates, (timeZone, date) => {
      const day = date.toISOString().slice(0, 10);
      const [before = ''] = daysBefore(day, 1);
      expect(billingDay(before, timeZone).end).toBe(billingDay(day, timeZone).start);
    }),
  );
});

test.each([
  ['2026-11-22', true],
  ['2028-02-29', true],
  ['2026-02-29', false],
  ['2026-13-01', false],
  ['2026-11-31', false],
  ['2026-1-1', false],
  ['20261122', false],
  ['2026-11-22T00:00:00Z', false],
  ['2026-11-22T00:00:00', false],
  ['+002026-11-22', false],
  [' 2026-11-22', false],
  ['', false],
])('%j is a calendar day: %s', (text, expected) => {
  expect(isCalendarDay(text)).toBe(expected);
});
