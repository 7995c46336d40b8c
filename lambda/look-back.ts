import { archivedOf, type ArchivedDay, findDay } from './archive/archived-day.ts';
import type { Manifest, Revision } from './archive/manifest.ts';
import type { ObjectStore } from './archive/object-store.ts';
import { daysBefore } from './billing-day.ts';
import { formatDifference, formatRounded, parseArchived } from './charges/money.ts';
import {
  OutOfTimeError,
  SecretError,
  SignalWireRejectedError,
  SignalWireUnavailableError,
} from './errors.ts';
import { readAgain, type ReadingRoom, type Restatement } from './reading.ts';

/** So far back a day is read again while it had sessions in progress. */
const UNFINISHED_DAYS = 35;

// Failures that are not one day's own: two in a row, and yesterday must not wait for the other days.
const SHARED_FAILURES = [OutOfTimeError, SecretError, SignalWireRejectedError, SignalWireUnavailableError];
const MOST_SHARED_FAILURES = 2;

/** Is told what happens while the work goes on, so that a run that fails later has told it. */
export interface LookBackObserver {
  onRestated(restatement: Restatement): void;
  /** A day that could not be read again. */
  onFailure(day: string, error: unknown): void;
}

/** What looking back at the days before found. */
export interface LookBack {
  readonly restated: readonly Restatement[];
  /** For the report of the day that follows: each tells a restatement, or a day that could not be read again. */
  readonly notices: readonly string[];
}

/**
 * Reads archived days again, oldest first, for charges that came late: those within `lookbackDays` before a day, and
 * any of the last 35 that had sessions in progress. A day that can't be read again is a notice, no failure: the
 * report of the day that follows must not wait for it.
 *
 * @param day `YYYY-MM-DD`: the day before which is looked
 * @param room its deadline leaves the time that the report itself takes
 */
export async function lookBack(
  day: string,
  lookbackDays: number,
  room: ReadingRoom,
  observer: LookBackObserver,
): Promise<LookBack> {
  const restated: Restatement[] = [];
  const failures: string[] = [];
  const fail = (failedDay: string, error: unknown): void => {
    observer.onFailure(failedDay, error);
    failures.push(tellFailure(failedDay, error));
  };
  const days = await findDays(day, room.store, fail);
  const due = days
    .filter(({ daysAgo, manifest }) => daysAgo <= lookbackDays || manifest.inProgressSessions > 0)
    .filter(({ manifest }) => manifest.space === room.settings.space);
  let sharedFailures = 0;
  for (const [index, archived] of due.entries()) {
    if (sharedFailures === MOST_SHARED_FAILURES) {
      failures.push(tellSkipped(due.slice(index)));
      break;
    }
    try {
      const restatement = await readAgain(archived, restatedBy(day), room);
      sharedFailures = 0;
      if (restatement === null) continue;
      restated.push(restatement);
      observer.onRestated(restatement);
    } catch (error) {
      sharedFailures = isShared(error) ? sharedFailures + 1 : 0;
      fail(archived.manifest.day, error);
    }
  }
  const current = await Promise.all(days.map(({ manifest }) => findDay(room.store, manifest.day)));
  const manifests = current.flatMap((archived) => archived?.manifest ?? []);
  return { restated, notices: [...tellRestatements(day, manifests), ...failures] };
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

function isShared(error: unknown): boolean {
  return SHARED_FAILURES.some((kind) => error instanceof kind);
}

function restatedBy(day: string): string {
  return `the report of ${day}`;
}

/**
 * Tells what was restated since the report of the day before, from the archive: also by a run that did not come to
 * this report, or by hand.
 *
 * @param manifests of the days before, oldest first, as they stand now
 */
function tellRestatements(day: string, manifests: readonly Manifest[]): string[] {
  const lastReport = manifests.at(-1)?.revisions[0]?.at ?? '';
  return manifests.flatMap((manifest) =>
    manifest.revisions
      .slice(1)
      .filter((revision) => revision.restatedBy === restatedBy(day) || revision.at > lastReport)
      .map((revision) => tellRestatement(manifest, revision)),
  );
}

function tellRestatement(
  { day, currency, revisions }: Manifest,
  { revision, charge, reason }: Revision,
): string {
  const before = parseArchived(revisions[revision - 2]?.charge ?? '');
  const now = parseArchived(charge);
  return (
    `${day} was restated: ${formatRounded(before, currency)} before, ${formatRounded(now, currency)} now, ` +
    `difference ${formatDifference(before, now, currency)} (${reason}). The archive holds it as revision ${revision}; ` +
    'nothing is to be done.'
  );
}

function tellFailure(day: string, error: unknown): string {
  const name = error instanceof Error ? error.name : 'error';
  return (
    `${day} could not be read again for late charges (${name}). Its archived figures stand, and tomorrow's run tries ` +
    'again; the log of the function tells more.'
  );
}

function tellSkipped(days: readonly ArchivedDay[]): string {
  const names = days.map(({ manifest }) => manifest.day).join(', ');
  return `Not read again for late charges after two failures: ${names}. Their archived figures stand; tomorrow's run tries again.`;
}
