import { type Money, sumOf } from '../money/money.ts';
import { kindOf, monthOf, type DayKind } from './calendar.ts';
import type { PastDay } from './history.ts';

/** A sum, and how many days it is of. */
export interface DaySum {
  readonly sum: Money;
  readonly days: number;
}

type KnownDay = Extract<PastDay, { kind: 'known' }>;

/** The days of which there are figures. */
export function knownDays(days: readonly PastDay[]): KnownDay[] {
  return days.filter((day) => day.kind === 'known');
}

function daySum(amounts: readonly Money[]): DaySum {
  return { sum: sumOf(amounts), days: amounts.length };
}

/**
 * The sum of the seven days before.
 *
 * @param past the nearest first
 * @returns null where one of them has no figure: the average of six would be another one
 */
export function weekBefore(past: readonly PastDay[]): DaySum | null {
  const week = knownDays(past.slice(0, 7));
  return week.length < 7 ? null : daySum(week.map(({ charge }) => charge));
}

/** The month up to a day. */
export interface MonthToDate extends DaySum {
  /** How many days it should be of. */
  readonly elapsed: number;
}

/** The month's days up to the reported one, as far as there are figures of them. */
export function monthToDate(day: string, charge: Money, past: readonly PastDay[]): MonthToDate {
  const earlier = knownDays(past).filter((pastDay) => pastDay.day.slice(0, 7) === day.slice(0, 7));
  return { ...daySum([charge, ...earlier.map((pastDay) => pastDay.charge)]), elapsed: Number(day.slice(8)) };
}

/** An estimate: a quotient, so that it is rounded once, when it is shown. */
export interface Forecast {
  readonly dividend: Money;
  readonly divisor: number;
  /** Days of the month that have no figure, to come or missing: estimated. */
  readonly estimatedDays: number;
}

const FEWEST_DAYS = 4;
const FORECAST_FROM_DAYS = 28;

/**
 * What the month will cost, if it goes on like this: the month to date, and for each day that has no figure, the mean
 * of the days of its kind among the last 28.
 *
 * @returns null before the 4th, with fewer than four days of the month, where there is nothing to estimate, and where
 * no day of a kind that is needed has a figure
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

  // Over one denominator: sums stay exact, and what is shown is rounded once.
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
