import { findDay } from './archive/archived-day.ts';
import { type BillingDay, billingDay } from './billing-day.ts';
import {
  archiveDay,
  type Report,
  reportDay,
  type ReportingRoom,
  resendDay,
  restateDay,
} from './day-report.ts';
import { leaving } from './deadline.ts';
import type { Task } from './event.ts';
import { type FailedDay, failureOf } from './failed-days.ts';
import { type LookBack, lookBack, type LookBackObserver } from './look-back.ts';
import { findMissedDays } from './missed-days.ts';
import type { Restatement } from './reading.ts';

/** Is told what happens while the work goes on, so that a run that fails later has told it. */
interface RunObserver extends LookBackObserver {
  /** A day's report stands as the run was to bring it about; a mail sent once more on purpose is no further one. */
  onReported(report: Report): void;
  /** A missed day that could not be made up for; the run goes on, and fails for it at its end. */
  onStillMissed(failure: FailedDay): void;
}

/** What the job reaches the world through. */
export interface Surroundings extends ReportingRoom {
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
 * @throws each of the errors in errors.ts but the first two
 */
export async function runTask(task: Task, surroundings: Surroundings): Promise<Answer> {
  const { billingDay: day } = task;
  const { observer } = surroundings;
  switch (task.kind) {
    case 'scheduled':
      return reportMorning(day, surroundings);
    case 'day': {
      const report = task.email ? reportDay(day, [], surroundings) : archiveDay(day, surroundings);
      return { reports: [told(observer, await report)], restated: [] };
    }
    case 'restate': {
      const { report, restatement } = await restateDay(day, surroundings);
      if (restatement !== null) observer.onRestated(restatement);
      return { reports: [report], restated: restatement === null ? [] : [restatement] };
    }
    case 'resend':
      return { reports: [await resendDay(day, task.reason, surroundings)], restated: [] };
  }
}

/**
 * Looks back at the days before where yesterday is still to be read, makes up for the reports that never came, oldest
 * first, and reports yesterday. A day that fails does not keep the others from being reported; the run fails for it
 * at the end.
 */
async function reportMorning(yesterday: BillingDay, surroundings: Surroundings): Promise<Answer> {
  const { store, settings, deadline, observer, now } = surroundings;
  const missed = await findMissedDays(yesterday.day, settings.lookbackDays, store, now());
  // A third of the time is yesterday's, whatever the other days take.
  const third = deadline.remainingMs() / 3;
  const found = await lookBackBefore(yesterday, hurried(surroundings, missed.length > 0 ? 2 * third : third));

  const reports: Report[] = [];
  const failures: FailedDay[] = [];
  for (const day of missed) {
    // A slow day takes half of what is left for the missed ones at most, so that those after it have their turn.
    const room = hurried(surroundings, (deadline.remainingMs() + third) / 2);
    try {
      reports.push(told(observer, await reportDay(billingDay(day, settings.timeZone), [], room)));
    } catch (error) {
      failures.push({ day, error });
      observer.onStillMissed({ day, error });
    }
  }
  try {
    reports.push(told(observer, await reportDay(yesterday, found.notices, surroundings)));
  } catch (error) {
    failures.push({ day: yesterday.day, error });
  }
  if (failures.length > 0) {
    throw failureOf(
      failures,
      reports.map(({ day }) => day),
    );
  }
  return { reports, restated: found.restated };
}

/**
 * What is archived already is mailed as it stands, without asking SignalWire about any day. Where that can't be told,
 * nothing is asked either: the day's own report fails for it, and the missed ones have their turn.
 */
async function lookBackBefore({ day }: BillingDay, surroundings: Surroundings): Promise<LookBack> {
  const { store, settings, observer } = surroundings;
  const isUnread = await findDay(store, day).then(
    (found) => found === null,
    () => false,
  );
  return isUnread
    ? lookBack(day, settings.lookbackDays, surroundings, observer)
    : { restated: [], notices: [] };
}

/** The same surroundings for work that must leave so many milliseconds untouched. */
function hurried(surroundings: Surroundings, reservedMs: number): Surroundings {
  const deadline = leaving(surroundings.deadline, reservedMs);
  return { ...surroundings, deadline, signalWire: surroundings.signalWire.within(deadline) };
}

function told(observer: RunObserver, report: Report): Report {
  observer.onReported(report);
  return report;
}
