import { findDay } from './archive/archived-day.ts';
import { emailsPrefix, resendPrefix } from './archive/layout.ts';
import type { Manifest } from './archive/manifest.ts';
import type { BillingDay } from './billing-day.ts';
import { type Delivery, deliverOnce, type Mailer } from './email/delivery.ts';
import { DeliveryJournal } from './email/delivery-journal.ts';
import { composeReport } from './email/report-mail.ts';
import type { Settings } from './environment.ts';
import { ArchiveError } from './errors.ts';
import type { Task } from './event.ts';
import { type LookBack, lookBack, type LookBackObserver } from './look-back.ts';
import { readAgain, readAndArchive, type ReadingRoom, type Restatement } from './reading.ts';

/** What the job reaches the world through. */
export interface Surroundings extends ReadingRoom {
  readonly settings: Settings;
  readonly mailer: Mailer;
  /** The same for an event that Lambda delivers twice. */
  readonly requestId: string;
  readonly lookBackObserver: LookBackObserver;
}

/** How a day's report stands after the run. */
export interface Report {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly status: Delivery['status'] | 'archived';
  readonly revision: number;
  readonly rooms: number;
  readonly sessions: number;
  /** Exact decimal, in `currency`. */
  readonly charge: string;
  /** ISO 4217. */
  readonly currency: string;
  /** Where the day has been mailed. */
  readonly messageId?: string;
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
  switch (task.kind) {
    case 'scheduled':
      return reportYesterday(task.billingDay, surroundings);
    case 'day':
      return answer(await reportDay(task.billingDay, task.email, surroundings));
    case 'restate':
      return restate(task.billingDay, surroundings);
    case 'resend':
      return answer(await resend(task.billingDay, task.reason, surroundings));
  }
}

/** The run that first reads yesterday looks back at the days before, and tells in yesterday's report what it found. */
async function reportYesterday(yesterday: BillingDay, surroundings: Surroundings): Promise<Answer> {
  const { store, settings, lookBackObserver } = surroundings;
  let manifest = (await findDay(store, yesterday.day))?.manifest;
  let found: LookBack = { restated: [], notices: [] };
  if (manifest === undefined) {
    found = await lookBack(yesterday.day, settings.lookbackDays, surroundings, lookBackObserver);
    manifest = await readAndArchive(yesterday, found.notices, surroundings);
  }
  return answer(await mailed(manifest, surroundings), found.restated);
}

async function reportDay(day: BillingDay, email: boolean, surroundings: Surroundings): Promise<Report> {
  const archived = await findDay(surroundings.store, day.day);
  const manifest = archived?.manifest ?? (await readAndArchive(day, [], surroundings));
  return email ? mailed(manifest, surroundings) : notMailed(manifest, surroundings);
}

async function notMailed(manifest: Manifest, surroundings: Surroundings): Promise<Report> {
  const journal = journalOf(manifest, surroundings);
  const state = await journal.read(surroundings.now());
  if (state.kind === 'delivered') {
    return reportOf(manifest, { status: 'already-delivered', messageId: state.messageId });
  }
  await journal.waive();
  return reportOf(manifest, { status: 'archived' });
}

/** Restating mails nothing by itself: the next morning's report tells it. */
async function restate(day: BillingDay, surroundings: Surroundings): Promise<Answer> {
  const archived = await findDay(surroundings.store, day.day);
  if (archived === null) {
    return answer(reportOf(await readAndArchive(day, [], surroundings), { status: 'archived' }));
  }
  const restatement = await readAgain(archived, `an event for ${day.day}`, surroundings);
  const manifest = (await findDay(surroundings.store, day.day))?.manifest ?? archived.manifest;
  const state = await journalOf(manifest, surroundings).read(surroundings.now());
  return answer(
    state.kind === 'delivered'
      ? reportOf(manifest, { status: 'already-delivered', messageId: state.messageId })
      : reportOf(manifest, { status: 'archived' }),
    restatement === null ? [] : [restatement],
  );
}

async function resend({ day }: BillingDay, reason: string, surroundings: Surroundings): Promise<Report> {
  const archived = await findDay(surroundings.store, day);
  if (archived === null) {
    throw new ArchiveError(
      `${day} is not archived, so it can't be mailed again. Send {"day":"${day}"} first.`,
    );
  }
  const journal = new DeliveryJournal(surroundings.store, resendPrefix(day, surroundings.requestId));
  return mailed(archived.manifest, surroundings, journal, reason);
}

async function mailed(
  manifest: Manifest,
  surroundings: Surroundings,
  journal = journalOf(manifest, surroundings),
  resendReason: string | null = null,
): Promise<Report> {
  const { mailer, deadline, now } = surroundings;
  const compose = (possibleRepeat: boolean) =>
    composeReport(manifest, { possibleRepeat, resendReason }, surroundings);
  return reportOf(manifest, await deliverOnce(journal, mailer, deadline, compose, now()));
}

function journalOf({ day }: Manifest, { store }: Surroundings): DeliveryJournal {
  return new DeliveryJournal(store, emailsPrefix(day));
}

function answer(report: Report, restated: readonly Restatement[] = []): Answer {
  return { reports: [report], restated };
}

function reportOf(
  manifest: Manifest,
  { status, messageId }: { status: Report['status']; messageId?: string },
): Report {
  const { day, revision, rooms, sessions, charge, currency } = manifest;
  return { day, revision, rooms, sessions, charge, currency, status, ...(messageId && { messageId }) };
}
