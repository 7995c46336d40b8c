import { findDay } from './archive/archived-day.ts';
import { emailsPrefix, resendPrefix } from './archive/layout.ts';
import type { Manifest } from './archive/manifest.ts';
import type { BillingDay } from './billing-day.ts';
import { type Advice, adviceForReport, adviceForResend } from './email/advice.ts';
import { type Delivery, deliverOnce, type Mailer } from './email/delivery.ts';
import { DeliveryJournal } from './email/delivery-journal.ts';
import type { Settings } from './environment.ts';
import { ArchiveError } from './errors.ts';
import type { ReadingMeans, Restatement } from './read-and-archive.ts';

// The modules that read a day and make a mail are imported only when needed: most runs find their day archived and
// mailed, and start in two thirds of the time without them.

/** What is needed to report a day. */
export interface ReportingMeans extends ReadingMeans {
  readonly settings: Settings;
  readonly mailer: Mailer;
  /** The same if Lambda delivers an event twice. */
  readonly requestId: string;
}

/** The state of a day's report after the run. */
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
  /** Present if the day has been mailed. */
  readonly messageId?: string;
}

/** Whether a day's mail is known to have gone out, by this run or an earlier one. */
export function isDelivered({ status }: Report): boolean {
  return status === 'delivered' || status === 'already-delivered';
}

/**
 * Reads and archives a day if it is not archived yet, and mails it from the archive if it was not mailed yet.
 *
 * @param notices for the manifest if the day is archived by this call
 * @throws any error in errors.ts except InvalidEventError and InvalidConfigurationError
 */
export async function reportDay(
  day: BillingDay,
  notices: readonly string[],
  means: ReportingMeans,
): Promise<Report> {
  return mailed(await archived(day, notices, means), means);
}

/**
 * Reads and archives a day if it is not archived yet, and records that it must not be mailed.
 *
 * @throws any error of reading and archiving
 */
export async function archiveDay(day: BillingDay, means: ReportingMeans): Promise<Report> {
  const manifest = await archived(day, [], means);
  const report = await standing(manifest, means);
  if (report.status === 'archived') await journalOf(manifest, means).waive();
  return report;
}

/**
 * Reads a day again. It mails nothing itself: the next morning's report mentions the restatement.
 *
 * @returns the restatement; null if nothing has changed or the day was not archived before
 * @throws any error of reading and archiving
 */
export async function restateDay(
  day: BillingDay,
  means: ReportingMeans,
): Promise<{ report: Report; restatement: Restatement | null }> {
  const { readAgain, readAndArchive } = await import('./read-and-archive.ts');
  const before = await findDay(means.store, day.day);
  if (before === null) {
    const manifest = await readAndArchive(day, [], means);
    return { report: reportOf(manifest, { status: 'archived' }), restatement: null };
  }
  const restatement = await readAgain(before, `an event for ${day.day}`, means);
  const manifest = (await findDay(means.store, day.day))?.manifest ?? before.manifest;
  return { report: await standing(manifest, means), restatement };
}

/**
 * Mails an archived day again.
 *
 * @param reason as the mail gives it
 * @throws ArchiveError, also if the day is not archived; and the errors of delivery
 */
export async function resendDay({ day }: BillingDay, reason: string, means: ReportingMeans): Promise<Report> {
  const found = await findDay(means.store, day);
  if (found === null) {
    throw new ArchiveError(
      `${day} is not archived, so it can't be mailed again. Send {"day":"${day}"} first.`,
    );
  }
  const journal = new DeliveryJournal(means.store, resendPrefix(day, means.requestId));
  return mailed(found.manifest, means, { journal, advice: adviceForResend(day), resendReason: reason });
}

async function archived(
  day: BillingDay,
  notices: readonly string[],
  means: ReportingMeans,
): Promise<Manifest> {
  const found = await findDay(means.store, day.day);
  if (found !== null) return found.manifest;
  const { readAndArchive } = await import('./read-and-archive.ts');
  return readAndArchive(day, notices, means);
}

/** Which of a day's mails to send. */
interface DayMail {
  readonly journal: DeliveryJournal;
  readonly advice: Advice;
  /** Null for the day's regular mail. */
  readonly resendReason: string | null;
}

async function mailed(
  manifest: Manifest,
  means: ReportingMeans,
  { journal, advice, resendReason }: DayMail = {
    journal: journalOf(manifest, means),
    advice: adviceForReport(manifest.day),
    resendReason: null,
  },
): Promise<Report> {
  const compose = async (possibleRepeat: boolean) => {
    const { composeReport } = await import('./email/report-mail.ts');
    return composeReport(manifest, { possibleRepeat, resendReason }, means);
  };
  return reportOf(manifest, await deliverOnce(journal, means, advice, compose));
}

/** The state of a day's report, without sending anything. */
async function standing(manifest: Manifest, means: ReportingMeans): Promise<Report> {
  const state = await journalOf(manifest, means).read(means.now());
  return state.kind === 'delivered'
    ? reportOf(manifest, { status: 'already-delivered', messageId: state.messageId })
    : reportOf(manifest, { status: 'archived' });
}

function journalOf({ day }: Manifest, { store }: ReportingMeans): DeliveryJournal {
  return new DeliveryJournal(store, emailsPrefix(day));
}

function reportOf(
  manifest: Manifest,
  { status, messageId }: { status: Report['status']; messageId?: string },
): Report {
  const { day, revision, rooms, sessions, charge, currency } = manifest;
  return { day, revision, rooms, sessions, charge, currency, status, ...(messageId && { messageId }) };
}
