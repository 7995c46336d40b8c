import { archivedOf, type ArchivedDay, findDay } from './archive/archived-day.ts';
import { byReportOf } from './archive/manifest.ts';
import type { ObjectStore } from './archive/object-store.ts';
import { daysBefore } from './billing-day.ts';
import {
  ArchiveError,
  OutOfTimeError,
  SecretError,
  SignalWireRejectedError,
  SignalWireUnavailableError,
} from './errors.ts';
import { failedRereadingNotice, skippedRereadingsNotice } from './failed-rereadings.ts';
import type { ReadingMeans, Restatement } from './read-and-archive.ts';

/** How far back days that had sessions in progress are read again. */
const UNFINISHED_DAYS = 35;

// Failures that are not particular to one day: after two in a row, yesterday must not wait for the other days.
const SHARED_FAILURES = [OutOfTimeError, SecretError, SignalWireRejectedError, SignalWireUnavailableError];
const MOST_SHARED_FAILURES = 2;

/** Notified as the work goes on, so that what was done is on record even if the run fails later. */
export interface LookBackObserver {
  onRestated(restatement: Restatement): void;
  /** A day that could not be read again. */
  onFailure(day: string, error: unknown): void;
}

/** What looking back at the days before found. */
export interface LookBack {
  readonly restated: readonly Restatement[];
  /** For the report of the following day: each names days that could not be read again. */
  readonly notices: readonly string[];
}

/**
 * Reads archived days again, oldest first, for charges that came late: the `lookbackDays` days before a day, and any of
 * the last 35 that had sessions in progress. A day that can't be read again is a notice, not a failure: the report
 * of the following day must not wait for it.
 *
 * @param day `YYYY-MM-DD`: the day to look back from
 * @param means with a deadline that leaves enough time for the report itself
 */
export async function lookBack(
  day: string,
  lookbackDays: number,
  means: ReadingMeans,
  observer: LookBackObserver,
): Promise<LookBack> {
  const restated: Restatement[] = [];
  const failures: string[] = [];
  const fail = (failedDay: string, error: unknown): void => {
    observer.onFailure(failedDay, error);
    failures.push(failedRereadingNotice(failedDay, error));
  };
  const days = await findDays(day, means.store, fail);
  const due = days
    .filter(({ daysAgo, manifest }) => daysAgo <= lookbackDays || manifest.inProgressSessions > 0)
    .filter(({ manifest }) => manifest.space === means.settings.space);
  // Loaded only here, as most runs do not look back.
  const { readAgain } = await import('./read-and-archive.ts');
  let sharedFailures = 0;
  for (const [index, archived] of due.entries()) {
    if (sharedFailures === MOST_SHARED_FAILURES) {
      failures.push(skippedRereadingsNotice(due.slice(index).map(({ manifest }) => manifest.day)));
      break;
    }
    try {
      const restatement = await readAgain(archived, byReportOf(day), means);
      sharedFailures = 0;
      if (restatement === null) continue;
      restated.push(restatement);
      observer.onRestated(restatement);
    } catch (error) {
      if (error instanceof ArchiveError && (await isSuperseded(archived, means.store))) continue;
      sharedFailures = isShared(error) ? sharedFailures + 1 : 0;
      fail(archived.manifest.day, error);
    }
  }
  return { restated, notices: failures };
}

type FoundDay = ArchivedDay & { readonly daysAgo: number };

/** The archived ones of the last 35 days, oldest first. */
async function findDays(
  day: string,
  store: ObjectStore,
  fail: (day: string, error: unknown) => void,
): Promise<FoundDay[]> {
  const earlier = daysBefore(day, UNFINISHED_DAYS);
  const archived = await archivedOf(earlier.toReversed(), store);
  const found = await Promise.allSettled(archived.map((name) => findDay(store, name)));
  return found.flatMap((outcome, index) => {
    const name = archived[index] ?? '';
    if (outcome.status === 'fulfilled') {
      return outcome.value === null ? [] : [{ ...outcome.value, daysAgo: earlier.indexOf(name) + 1 }];
    }
    fail(name, outcome.reason);
    return [];
  });
}

/** Whether another run has restated the day meanwhile. If so, it was read again, though not by this run. */
async function isSuperseded({ manifest }: ArchivedDay, store: ObjectStore): Promise<boolean> {
  const current = await findDay(store, manifest.day).catch(() => null);
  return current !== null && current.manifest.revision > manifest.revision;
}

function isShared(error: unknown): boolean {
  return SHARED_FAILURES.some((kind) => error instanceof kind);
}
