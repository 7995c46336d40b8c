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

/** Is told what happens while the work goes on, so that a run that fails later has told it. */
export interface RunObserver extends LookBackObserver {
  /** A day's report stands as the run was to bring it about; a mail sent once more on purpose is no further one. */
  onReported(report: Report): void;
  /** A missed day that could not be made up for; the run goes on, and fails for it at its end. */
  onStillMissed(failure: FailedDay): void;
}

/** What the job reaches the world through. */
export interface JobMeans extends ReportingMeans {
  readonly observer: RunObserver;
}

/** What a run answers. */
export interface Answer {
  readonly reports: readonly Report[];
  /** Days whose archived figures the run replaced. */
  readonly restated: readonly Restatement[];
}

/**
 * The job: reads the day's video logs where the day is not archived yet, sums their charges by room, archives the
 * files, and mails the report from the archive where it was not mailed yet.
 *
 * @throws each of the errors in errors.ts but InvalidEventError and InvalidConfigurationError
 */
export async function runTask(task: Task, means: JobMeans): Promise<Answer> {
  const { billingDay: day } = task;
  const { observer } = means;
  requireTime(means.deadline, RESERVED_MS.run, 'the run', 'Nothing was begun.');
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
 * Looks back at the days before where yesterday is still to be read, makes up for the reports that never came, oldest
 * first, and reports yesterday. A day that fails does not keep the others from being reported; the run fails for it
 * at the end.
 */
async function reportMorning(yesterday: BillingDay, means: JobMeans): Promise<Answer> {
  const { store, settings, deadline, observer } = means;
  const missed = await findMissedDays(yesterday.day, settings.lookbackDays, store);
  const isArchived = (await archivedOf([yesterday.day], store)).length > 0;
  // What is archived needs little time; else a third of it is yesterday's, whatever the other days take.
  const ofYesterday = isArchived ? RESERVED_MS.archive : deadline.remainingMs() / 3;
  const ofMissed = missed.length === 0 ? 0 : deadline.remainingMs() / 3;

  // What is archived already is mailed as it stands, without asking SignalWire about any day.
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
    // Half of the time of the missed days at most, so that those after a slow one have their turn.
    const ofOthers = day === missed.at(-1) ? 0 : (deadline.remainingMs() - ofYesterday) / 2;
    const meansOfDay = leavingTime(means, ofYesterday + ofOthers);
    await attempt(day, () => reportDay(billingDay(day, settings.timeZone), [], meansOfDay));
  }
  let restated: readonly Restatement[] = [];
  await attempt(yesterday.day, async () => {
    // Where looking back failed as a whole, yesterday fails with it.
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

/** The same means for reading that must leave so many milliseconds to what comes after it. */
function leavingTime(means: JobMeans, reservedMs: number): JobMeans {
  const deadline = leaving(means.deadline, reservedMs);
  return { ...means, deadline, signalWire: means.signalWire.within(deadline) };
}
