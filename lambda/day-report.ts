import { findDay } from './archive/archived-day.ts';
import { emailsPrefix, resendPrefix } from './archive/layout.ts';
import type { Manifest } from './archive/manifest.ts';
import type { BillingDay } from './billing-day.ts';
import { type Advice, adviceForReport, adviceForResend } from './email/advice.ts';
import { type Delivery, deliverOnce, type Mailer } from './email/delivery.ts';
import { DeliveryJournal } from './email/delivery-journal.ts';
import { composeReport } from './email/report-mail.ts';
import type { Settings } from './environment.ts';
import { ArchiveError } from './errors.ts';
import { readAgain, readAndArchive, type ReadingRoom, type Restatement } from './reading.ts';

/** What it takes to report a day. */
export interface ReportingRoom extends ReadingRoom {
  readonly settings: Settings;
  readonly mailer: Mailer;
  /** The same for an event that Lambda delivers twice. */
  readonly requestId: string;
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

/**
 * Reads and archives a day where it is not archived yet, and mails it from the archive where it was not mailed yet.
 *
 * @param notices for the manifest of a day that is archived now
 * @throws each of the errors in errors.ts but InvalidEventError and InvalidConfigurationError
 */
export async function reportDay(
  day: BillingDay,
  notices: readonly string[],
  room: ReportingRoom,
): Promise<Report> {
  return mailed(await archived(day, notices, room), room);
}

/**
 * Reads and archives a day where it is not archived yet, and records that it is not to be mailed.
 *
 * @throws each of the errors of reading and archiving
 */
export async function archiveDay(day: BillingDay, room: ReportingRoom): Promise<Report> {
  const manifest = await archived(day, [], room);
  const report = await standing(manifest, room);
  if (report.status === 'archived') await journalOf(manifest, room).waive();
  return report;
}

/**
 * Reads a day again. It mails nothing by itself: the next morning's report tells it.
 *
 * @returns the restatement, null where nothing has changed or the day was not archived before
 * @throws each of the errors of reading and archiving
 */
export async function restateDay(
  day: BillingDay,
  room: ReportingRoom,
): Promise<{ report: Report; restatement: Restatement | null }> {
  const before = await findDay(room.store, day.day);
  if (before === null) {
    const manifest = await readAndArchive(day, [], room);
    return { report: reportOf(manifest, { status: 'archived' }), restatement: null };
  }
  const restatement = await readAgain(before, `an event for ${day.day}`, room);
  const manifest = (await findDay(room.store, day.day))?.manifest ?? before.manifest;
  return { report: await standing(manifest, room), restatement };
}

/**
 * Mails an archived day once more.
 *
 * @param reason as the mail shall tell it
 * @throws ArchiveError also where the day is not archived; and the errors of delivery
 */
export async function resendDay({ day }: BillingDay, reason: string, room: ReportingRoom): Promise<Report> {
  const found = await findDay(room.store, day);
  if (found === null) {
    throw new ArchiveError(
      `${day} is not archived, so it can't be mailed again. Send {"day":"${day}"} first.`,
    );
  }
  const journal = new DeliveryJournal(room.store, resendPrefix(day, room.requestId));
  return mailed(found.manifest, room, { journal, advice: adviceForResend(day), resendReason: reason });
}

async function archived(day: BillingDay, notices: readonly string[], room: ReportingRoom): Promise<Manifest> {
  return (await findDay(room.store, day.day))?.manifest ?? (await readAndArchive(day, notices, room));
}

/** Which of a day's mails it is. */
interface Errand {
  readonly journal: DeliveryJournal;
  readonly advice: Advice;
  /** Null for the day's one mail. */
  readonly resendReason: string | null;
}

async function mailed(
  manifest: Manifest,
  room: ReportingRoom,
  { journal, advice, resendReason }: Errand = {
    journal: journalOf(manifest, room),
    advice: adviceForReport(manifest.day),
    resendReason: null,
  },
): Promise<Report> {
  const compose = (possibleRepeat: boolean) =>
    composeReport(manifest, { possibleRepeat, resendReason }, room);
  return reportOf(manifest, await deliverOnce(journal, room, advice, compose));
}

/** How the day stands, with nothing done about it. */
async function standing(manifest: Manifest, room: ReportingRoom): Promise<Report> {
  const state = await journalOf(manifest, room).read(room.now());
  return state.kind === 'delivered'
    ? reportOf(manifest, { status: 'already-delivered', messageId: state.messageId })
    : reportOf(manifest, { status: 'archived' });
}

function journalOf({ day }: Manifest, { store }: ReportingRoom): DeliveryJournal {
  return new DeliveryJournal(store, emailsPrefix(day));
}

function reportOf(
  manifest: Manifest,
  { status, messageId }: { status: Report['status']; messageId?: string },
): Report {
  const { day, revision, rooms, sessions, charge, currency } = manifest;
  return { day, revision, rooms, sessions, charge, currency, status, ...(messageId && { messageId }) };
}
