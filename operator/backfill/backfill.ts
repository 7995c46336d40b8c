import pMap from 'p-map';
import type { FunctionReport } from '../function/answer.ts';
import { InvalidArgumentsError } from '../errors.ts';
import { InvocationRefusedError } from '../function/invocation-errors.ts';
import type { ReportFunction } from '../function/report-function.ts';
import type { Stop } from './stop.ts';

// One failure may be that day's own. This many in a row are not, and there is no point in asking SignalWire for more.
const MOST_FAILURES_IN_A_ROW = 5;

/** The outcome of a day. */
export type DayOutcome =
  | { readonly kind: 'done'; readonly day: string; readonly report: FunctionReport }
  | { readonly kind: 'failed'; readonly day: string; readonly name: string; readonly message: string }
  | { readonly kind: 'not-begun'; readonly day: string };

export interface BackfillOptions {
  readonly reportFunction: ReportFunction;
  /** Whether each day is mailed as well. */
  readonly email: boolean;
  /** How many days run at once. */
  readonly concurrency: number;
  /** Requested from outside, or by the backfill itself when there is no point in continuing. */
  readonly stop: Stop;
  readonly onDayDone: () => void;
}

/**
 * Has the function report each day. A day that fails does not stop the others.
 *
 * @param days `YYYY-MM-DD`, in the order in which they are started
 * @returns one outcome per day, in that order
 */
export function backfill(days: readonly string[], options: BackfillOptions): Promise<DayOutcome[]> {
  const { concurrency, stop, onDayDone } = options;
  let failuresInARow = 0;
  const run = async (day: string): Promise<DayOutcome> => {
    if (stop.reason !== null) return { kind: 'not-begun', day };
    const outcome = await runDay(day, options);
    failuresInARow = outcome.kind === 'failed' ? failuresInARow + 1 : 0;
    if (failuresInARow === MOST_FAILURES_IN_A_ROW) stop.request(`${failuresInARow} days failed in a row`);
    onDayDone();
    return outcome;
  };
  return pMap(days, run, { concurrency });
}

/** The second one without a region or credentials: those that a command began with may have expired. */
const REFUSALS = [InvocationRefusedError, InvalidArgumentsError];

async function runDay(day: string, { reportFunction, email, stop }: BackfillOptions): Promise<DayOutcome> {
  try {
    const { reports } = await reportFunction.invoke(email ? { day } : { day, email: false });
    const report = reports.find((candidate) => candidate.day === day);
    if (report === undefined)
      throw new InvocationRefusedError(`The function's answer has no report for ${day}`);
    return report.status === 'delivery-in-progress' ? underWay(day) : { kind: 'done', day, report };
  } catch (error) {
    // Every other day would be refused as well.
    if (REFUSALS.some((kind) => error instanceof kind)) stop.request('the function could not be run');
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { kind: 'failed', day, name, message };
  }
}

function underWay(day: string): DayOutcome {
  const message =
    'the day is archived; another run is mailing it, or was interrupted. Run again in 20 minutes.';
  return { kind: 'failed', day, name: 'delivery-in-progress', message };
}
