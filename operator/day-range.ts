import { billingDay, dayBefore, daysBefore, isOver } from '../lambda/billing-day.ts';
import { InvalidArgumentsError } from './errors.ts';

/** A range of calendar days, both ends included. */
export interface DayRange {
  /** `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
}

/** A little over ten years. */
const MOST_DAYS = 3700;

const DAY_MS = 24 * 60 * 60_000;

/**
 * The days of a range, oldest first.
 *
 * @throws InvalidArgumentsError if it ends before it begins, or is so long that it must be a mistake
 */
export function daysOf({ from, to }: DayRange): string[] {
  if (from > to)
    throw new InvalidArgumentsError(`--from ${from} is after --to ${to}. Write the earlier day first.`);
  // Parsed as UTC, where every day has the same length.
  const count = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (count > MOST_DAYS) {
    throw new InvalidArgumentsError(
      `${from} to ${to} is ${count} days; at most ${MOST_DAYS} can be done at once. Split the range.`,
    );
  }
  return [...daysBefore(to, count - 1).reverse(), to];
}

/**
 * @param timeZone IANA time zone in which the day ends
 * @param now milliseconds since the epoch
 * @throws InvalidArgumentsError if the day is not over
 */
export function requireOver(day: string, timeZone: string, now: number): void {
  if (isOver(billingDay(day, timeZone), now)) return;
  throw new InvalidArgumentsError(
    `${day} is not over yet in ${timeZone} (BILLING_TIME_ZONE). The latest day you can ask for is ` +
      `${dayBefore(now, timeZone).day}.`,
  );
}
