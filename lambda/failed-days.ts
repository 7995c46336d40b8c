import { CostReportError, describeError, nameOf } from './errors.ts';

/** A day that could not be reported, and why. */
export interface FailedDay {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly error: unknown;
}

/**
 * Several days were to be reported, and some could not be. It goes by the name of the newest one's failure, which is
 * what alarms and runbooks know; the message tells every day's.
 */
export class FailedDaysError extends CostReportError {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/**
 * What a run throws at its end for the days that it could not report.
 *
 * @param failures oldest day first; at least one
 * @param reported the days that the run did report, `YYYY-MM-DD`
 * @returns the failure itself where the run was about that day alone
 */
export function failureOf(failures: readonly FailedDay[], reported: readonly string[]): unknown {
  const newest = failures.at(-1)?.error;
  const count = failures.length + reported.length;
  if (count === 1) return newest;
  const told = failures.map(({ day, error }) => `${day}: ${describeError(error)}`);
  const rest = reported.length === 0 ? '' : ` Reported: ${reported.join(', ')}.`;
  return new FailedDaysError(
    nameOf(newest),
    `${failures.length} of ${count} days could not be reported. ${told.join(' ')}${rest}`,
  );
}
