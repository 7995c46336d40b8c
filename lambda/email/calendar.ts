import * as PlainDate from 'temporal-polyfill/fns/PlainDate';
import { dateOf } from '../billing-day.ts';

/** Days of one kind are comparable, since people use video alike on them. */
export type DayKind = 'working day' | 'weekend day';

/** @param day `YYYY-MM-DD` */
export function kindOf(day: string): DayKind {
  return PlainDate.dayOfWeek(dateOf(day)) > 5 ? 'weekend day' : 'working day';
}

/** All days of the month that a day is in, first to last, as `YYYY-MM-DD`. */
export function monthOf(day: string): string[] {
  const first = PlainDate.startOfMonth(dateOf(day));
  return Array.from({ length: PlainDate.daysInMonth(first) }, (_, index) =>
    PlainDate.toString(PlainDate.addDays(first, index)),
  );
}

/** `Sunday, November 22, 2026`. */
export function longDay(day: string): string {
  return format(day, { dateStyle: 'full' });
}

/** `Sunday, November 22`. */
export function weekdayAndDate(day: string): string {
  return format(day, { weekday: 'long', month: 'long', day: 'numeric' });
}

/** `Sun, Nov 22`. */
export function shortDay(day: string): string {
  return format(day, { weekday: 'short', month: 'short', day: 'numeric' });
}

/** `November`. */
export function monthName(day: string): string {
  return format(day, { month: 'long' });
}

function format(day: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' }).format(Date.parse(day));
}
