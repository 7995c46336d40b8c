import { archivedOf } from './archive/archived-day.ts';
import { type BillingDay, billingDay } from './billing-day.ts';
import {
  archiveDay,
  type Report,
  reportDay,
  type ReportingMeans,
  resendDay,
  restateDay,
} from './single-day.ts';
import { leaving, requireTime, RESERVED_MS } from './deadline.ts';
import type { Task } from './event.ts';
import { type FailedDay, failureOf } from './failed-days.ts';
import { type LookBack, lookBack, type LookBackObserver } from './look-back.ts';
import { findMissedDays } from './missed-days.ts';
import type { Restatement } from './read-and-archive.ts';

/** Notified as the work goes on, so that what was done is on record even if the run fails later. */
export interface RunObserver extends LookBackObserver {
  /** A day's report is as the run was asked to make it. Not called for a mail that is sent again on request. */
  onReported(report: Report): void;
  /** A missed day could not be reported now either; the run goes on, and fails at its end because of it. */
  onStillMissed(failure: FailedDay): void;
}

/** Everything through which the job reaches the outside world. */
export interface JobMeans extends ReportingMeans {
  readonly observer: RunObserver;
}

/** What a run returns. */
export interface Answer {
  readonly reports: readonly Report[];
  /** Days whose archived figures the run replaced. */
  readonly restated: readonly Restatement[];
}

/**
 * The job: reads the day's video logs if the day is not archived yet, sums their charges by room, archives the
 * files, and mails the report from the archive if it was not mailed yet.
 *
 * @throws any error in errors.ts except InvalidEventError and InvalidConfigurationError
 */
export async function runTask(task: Task, means: JobMeans): Promise<Answer> {
  const { billingDay: day } = task;
  const { observer } = means;
  requireTime(
    means.deadline,
    RESERVED_MS.run,
    'the run',
    'Nothing was begun; the next run tries again.',
    "check the function's time-out: it is meant to be 15 minutes",
  );
  switch (task.kind) {
    case 'scheduled':
      return reportMorning(day, means);
    case 'day': {
      const report = await (task.email ? reportDay(day, [], means) : archiveDay(day, means));
      observer.onReported(report);
      return { reports: [report], restated: [] };
    }
    case 'restate': {
      const { report, restatement } = await restateDay(day, means);
      if (restatement !== null) observer.onRestated(restatement);
      return { reports: [report], restated: restatement === null ? [] : [restatement] };
    }
    case 'resend':
      return { reports: [await resendDay(day, task.reason, means)], restated: [] };
  }
}

const NOTHING_FOUND: LookBack = { restated: [], notices: [] };

/**
 * Looks back at earlier days if yesterday has yet to be read, sends the reports that never went out, oldest first, and
 * reports yesterday. If a day fails, the others are still reported, and the run fails at its end.
 */
async function reportMorning(yesterday: BillingDay, means: JobMeans): Promise<Answer> {
  const { store, settings, deadline, observer } = means;
  const missed = await findMissedDays(yesterday.day, settings.lookbackDays, store);
  const isArchived = (await archivedOf([yesterday.day], store)).length > 0;
  // Yesterday needs little time if it is archived; if not, a third of the time is kept for it, whatever else is due.
  const ofYesterday = isArchived ? RESERVED_MS.archive : deadline.remainingMs() / 3;
  const ofMissed = missed.length === 0 ? 0 : deadline.remainingMs() / 3;

  // If yesterday is archived already, it is mailed as it stands, and SignalWire is not asked about any day.
  const [lookedBack] = await Promise.allSettled([
    isArchived
      ? NOTHING_FOUND
      : lookBack(yesterday.day, settings.lookbackDays, leavingTime(means, ofYesterday + ofMissed), observer),
  ]);

  const reports: Report[] = [];
  const failures: FailedDay[] = [];
  const attempt = async (day: string, report: () => Promise<Report>): Promise<void> => {
    try {
      const reported = await report();
      reports.push(reported);
      observer.onReported(reported);
    } catch (error) {
      failures.push({ day, error });
      if (day !== yesterday.day) observer.onStillMissed({ day, error });
    }
  };
  for (const day of missed) {
    // At most half of the time left for missed days, so that a slow one leaves time for those after it.
    const ofOthers = day === missed.at(-1) ? 0 : (deadline.remainingMs() - ofYesterday) / 2;
    const meansOfDay = leavingTime(means, ofYesterday + ofOthers);
    await attempt(day, () => reportDay(billingDay(day, settings.timeZone), [], meansOfDay));
  }
  let restated: readonly Restatement[] = [];
  await attempt(yesterday.day, async () => {
    // If looking back failed as a whole, yesterday fails with it.
    if (lookedBack.status === 'rejected') throw lookedBack.reason as Error;
    ({ restated } = lookedBack.value);
    return reportDay(yesterday, lookedBack.value.notices, means);
  });

  if (failures.length > 0) {
    const reportedDays = reports.map(({ day }) => day);
    throw failureOf(failures, reportedDays);
  }
  return { reports, restated };
}

/** The same means, for reading that must leave `reservedMs` milliseconds to the work after it. */
function leavingTime(means: JobMeans, reservedMs: number): JobMeans {
  const deadline = leaving(means.deadline, reservedMs);
  return { ...means, deadline, signalWire: means.signalWire.within(deadline) };
}
