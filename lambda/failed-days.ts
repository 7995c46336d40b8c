import { CostReportError, describeError, nameOf } from './errors.ts';

/** A day that could not be reported, and why. */
export interface FailedDay {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly error: unknown;
}

/**
 * Several days were to be reported, and some could not be. It has the name of the newest day's failure, which alarms
 * and runbooks know; its message lists every failed day's.
 */
export class FailedDaysError extends CostReportError {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/**
 * The error that a run throws at its end because of the days it could not report.
 *
 * @param failures oldest day first; at least one
 * @param reported the days that the run did report, `YYYY-MM-DD`
 * @returns the failure itself if the run was about that day alone
 */
export function failureOf(failures: readonly FailedDay[], reported: readonly string[]): unknown {
  const newest = failures.at(-1)?.error;
  const count = failures.length + reported.length;
  if (count === 1) return newest;
  const reasons = failures.map(({ day, error }) => `${day}: ${describeError(error)}`);
  const rest = reported.length === 0 ? '' : ` Reported: ${reported.join(', ')}.`;
  return new FailedDaysError(
    nameOf(newest),
    `${failures.length} of ${count} days could not be reported. ${reasons.join(' ')}${rest}`,
  );
}
