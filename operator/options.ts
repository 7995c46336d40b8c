import { InvalidArgumentError } from 'commander';
import { environmentSchema } from '../lambda/environment.ts';
import { isCalendarDay } from '../lambda/billing-day.ts';
import { InvalidArgumentsError } from './errors.ts';

/**
 * Reads a day from the command line.
 *
 * @throws InvalidArgumentError for commander to report
 */
export function calendarDay(text: string): string {
  if (!isCalendarDay(text)) throw new InvalidArgumentError('Write it as YYYY-MM-DD.');
  return text;
}

/**
 * Reads how many invocations may run at once.
 *
 * @throws InvalidArgumentError for commander to report
 */
export function concurrency(text: string): number {
  if (!/^(?:[1-9]|1[0-9]|20)$/.test(text))
    throw new InvalidArgumentError('Write a whole number from 1 to 20.');
  return Number(text);
}

/** The time zone in which days end: `BILLING_TIME_ZONE`, checked by the function's own rule, with its default. */
export function timeZoneOf(environment: Readonly<Record<string, string | undefined>>): string {
  const { BILLING_TIME_ZONE: rule } = environmentSchema.shape;
  const found = rule.safeParse(environment['BILLING_TIME_ZONE']);
  if (found.success) return found.data;
  throw new InvalidArgumentsError(
    `BILLING_TIME_ZONE is ${JSON.stringify(environment['BILLING_TIME_ZONE'])}: it must be an IANA time zone, ` +
      'such as Europe/Berlin.',
  );
}
