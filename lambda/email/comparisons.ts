import { type Money, sumOf } from '../money/money.ts';
import { kindOf, monthOf, type DayKind } from './calendar.ts';
import type { PastDay } from './history.ts';

/** A sum, and the number of days it covers. */
export interface DaySum {
  readonly sum: Money;
  readonly days: number;
}

type KnownDay = Extract<PastDay, { kind: 'known' }>;

/** The days that have figures. */
export function knownDays(days: readonly PastDay[]): KnownDay[] {
  return days.filter((day) => day.kind === 'known');
}

function daySum(amounts: readonly Money[]): DaySum {
  return { sum: sumOf(amounts), days: amounts.length };
}

/**
 * The sum of the seven days before.
 *
 * @param past most recent first
 * @returns null if one of them has no figure: the average of six days would be a different figure
 */
export function weekBefore(past: readonly PastDay[]): DaySum | null {
  const week = knownDays(past.slice(0, 7));
  return week.length < 7 ? null : daySum(week.map(({ charge }) => charge));
}

/** The month up to a day. */
export interface MonthToDate extends DaySum {
  /** The number of days it should cover. */
  readonly elapsed: number;
}

/** The sum of the month's days up to and including the reported one, as far as they have figures. */
export function monthToDate(day: string, charge: Money, past: readonly PastDay[]): MonthToDate {
  const earlier = knownDays(past).filter((pastDay) => pastDay.day.slice(0, 7) === day.slice(0, 7));
  return { ...daySum([charge, ...earlier.map((pastDay) => pastDay.charge)]), elapsed: Number(day.slice(8)) };
}

/** An estimate, kept as a quotient so that it is rounded only once, when it is shown. */
export interface Forecast {
  readonly dividend: Money;
  readonly divisor: number;
  /** The number of days that had to be estimated: those of the month that are still to come or missing. */
  readonly estimatedDays: number;
}

const FEWEST_DAYS = 4;
const FORECAST_FROM_DAYS = 28;

/**
 * What the month will cost if it goes on like this: the month to date plus, for each day that has no figure, the mean
 * of the days of its kind among the last 28.
 *
 * @returns null if fewer than four days of the month have figures (so always before the 4th), if there is nothing to
 * estimate, or if no day of a needed kind has a figure
 */
export function forecast(day: string, charge: Money, past: readonly PastDay[]): Forecast | null {
  const month = monthToDate(day, charge, past);
  const known = knownDays(past);
  const days = new Set([day, ...known.map((pastDay) => pastDay.day)]);
  const unknown = monthOf(day).filter((name) => !days.has(name));
  if (month.days < FEWEST_DAYS || unknown.length === 0) return null;

  const recent = [{ day, charge }, ...knownDays(past.slice(0, FORECAST_FROM_DAYS - 1))];
  const means = (['working day', 'weekend day'] as const).map((kind) => ({
    ...daySum(recent.filter((one) => kindOf(one.day) === kind).map((one) => one.charge)),
    wanted: countOf(unknown, kind),
  }));
  const needed = means.filter(({ wanted }) => wanted > 0);
  if (needed.some((mean) => mean.days === 0)) return null;

  // Over a common denominator, so that sums stay exact and the result is rounded only once, when shown.
  const divisor = needed.reduce((product, mean) => product * mean.days, 1);
  const dividend = needed.reduce(
    (sum, mean) => sum.plus(mean.sum.times(String((mean.wanted * divisor) / mean.days))),
    month.sum.times(String(divisor)),
  );
  return { dividend, divisor, estimatedDays: unknown.length };
}

function countOf(days: readonly string[], kind: DayKind): number {
  return days.filter((day) => kindOf(day) === kind).length;
}
