// Imported function by function: Temporal's classes would add 35 KB to the bundle.
import { getISO } from 'temporal-polyfill/fns/Calendar';
import * as Instant from 'temporal-polyfill/fns/Instant';
import * as PlainDate from 'temporal-polyfill/fns/PlainDate';
import * as ZonedDateTime from 'temporal-polyfill/fns/ZonedDateTime';

/** A calendar day in the billing zone, with the instants at which it starts and ends. */
export interface BillingDay {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** IANA zone in which the day begins and ends. */
  readonly timeZone: string;
  /** First millisecond of the day, since the epoch. */
  readonly start: number;
  /** First millisecond of the next day: usually 23, 24 or 25 hours later, as the zone's rules say. */
  readonly end: number;
}

/**
 * The calendar day before the one on which an instant falls, by a wall clock in `timeZone`.
 *
 * @param instant milliseconds since the epoch
 */
export function dayBefore(instant: number, timeZone: string): BillingDay {
  const today = calendarDay(instant, timeZone);
  return billingDay(PlainDate.toString(PlainDate.subtractDays(today, 1)), timeZone);
}

/**
 * @param day `YYYY-MM-DD`, a day that exists
 */
export function billingDay(day: string, timeZone: string): BillingDay {
  const date = dateOf(day);
  return {
    day,
    timeZone,
    start: firstInstant(date, timeZone),
    end: firstInstant(PlainDate.addDays(date, 1), timeZone),
  };
}

/**
 * The days before a day, latest first.
 *
 * @param day `YYYY-MM-DD`
 */
export function daysBefore(day: string, count: number): string[] {
  const date = dateOf(day);
  return Array.from({ length: count }, (_, index) =>
    PlainDate.toString(PlainDate.subtractDays(date, index + 1)),
  );
}

/** Whether the day is over at an instant (milliseconds since the epoch). Only then can it be reported. */
export function isOver({ end }: BillingDay, instant: number): boolean {
  return end <= instant;
}

/** Whether an instant (milliseconds since the epoch) belongs to the day. */
export function contains({ start, end }: Pick<BillingDay, 'start' | 'end'>, instant: number): boolean {
  return start <= instant && instant < end;
}

/**
 * The UTC dates that the day overlaps, oldest first: those to ask SignalWire for. There is one for a day in UTC,
 * and two in nearly every other zone.
 */
export function utcDays({ start, end }: BillingDay): BillingDay[] {
  const days: BillingDay[] = [];
  const last = calendarDay(end - 1, 'UTC');
  for (
    let date = calendarDay(start, 'UTC');
    PlainDate.compare(date, last) <= 0;
    date = PlainDate.addDays(date, 1)
  ) {
    days.push(billingDay(PlainDate.toString(date), 'UTC'));
  }
  return days;
}

/** Whether a text is a calendar day that exists, written `YYYY-MM-DD`. */
export function isCalendarDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    dateOf(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param day `YYYY-MM-DD`
 * @throws RangeError if there is no such day
 */
export function dateOf(day: string): PlainDate.Record {
  return PlainDate.fromString(day, getISO);
}

function calendarDay(instant: number, timeZone: string): PlainDate.Record {
  const zoned = Instant.toZonedDateTimeISO(Instant.fromEpochMilliseconds(instant), timeZone);
  return ZonedDateTime.toPlainDate(zoned);
}

// A day does not always begin at midnight: when the clocks go forward at 00:00, it begins at 01:00.
function firstInstant(date: PlainDate.Record, timeZone: string): number {
  return PlainDate.toZonedDateTime(date, timeZone).epochMilliseconds;
}
