import { archiveDay, findManifest, readArchivedFile, roomChargesFile } from './archive/archive.ts';
import { emailsPrefix, resendPrefix } from './archive/layout.ts';
import type { Manifest } from './archive/manifest.ts';
import type { ObjectStore } from './archive/object-store.ts';
import { readRoomCharges } from './archive/room-charges-csv.ts';
import { type BillingDay, daysBefore } from './billing-day.ts';
import { RoomCharges } from './charges/room-charges.ts';
import { type Deadline, requireTime, RESERVED_MS } from './deadline.ts';
import { type Delivery, deliverOnce, type Mailer, type Message } from './email/delivery.ts';
import { DeliveryJournal } from './email/delivery-journal.ts';
import { composeMessage } from './email/message.ts';
import { summarize } from './email/summary.ts';
import type { Settings } from './environment.ts';
import { ArchiveError, InvalidEventError } from './errors.ts';
import type { Task } from './event.ts';
import { readDay } from './signalwire/day-reading.ts';
import type { GetPage } from './signalwire/paging.ts';

/** Larger files stay in the archive, and the mail says where. */
const MOST_ATTACHED_BYTES = 5 * 1024 * 1024;

/** What the job reaches the world through. */
export interface Surroundings {
  readonly settings: Settings;
  readonly getPage: GetPage;
  readonly store: ObjectStore;
  readonly mailer: Mailer;
  readonly deadline: Deadline;
  /** Milliseconds since the epoch, by the clock. */
  readonly now: () => number;
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

/** What a run answers. */
export interface Answer {
  readonly reports: readonly Report[];
  /** Days whose archived figures the run replaced. */
  readonly restated: readonly {
    readonly day: string;
    readonly revision: number;
    readonly before: string;
    readonly after: string;
  }[];
}

/**
 * The job: reads the day's video logs where the day is not archived yet, sums their charges by room, archives the
 * files, and mails the report from the archive where it was not mailed yet.
 *
 * @throws each of the errors in errors.ts but the first two
 */
export async function runTask(task: Task, surroundings: Surroundings): Promise<Answer> {
  return { reports: [await report(task, surroundings)], restated: [] };
}

async function report(task: Task, surroundings: Surroundings): Promise<Report> {
  const { billingDay } = task;
  if (task.kind === 'restate') {
    throw new InvalidEventError('Restating an archived day is not possible yet. Nothing was changed.');
  }
  if (task.kind === 'resend') return resend(billingDay, task.reason, surroundings);
  const manifest =
    (await findManifest(surroundings.store, billingDay.day)) ??
    (await readAndArchive(billingDay, surroundings));
  if (task.kind === 'day' && !task.email) return reportOf(manifest, { status: 'archived' });
  return reportOf(manifest, await mail(manifest, emailsPrefix(billingDay.day), null, surroundings));
}

async function readAndArchive(
  billingDay: BillingDay,
  { settings, getPage, store, deadline, now }: Surroundings,
): Promise<Manifest> {
  const { spaceUrl, space, currency } = settings;
  const charges = await readDay(getPage, spaceUrl, billingDay, () => new RoomCharges());
  requireTime(deadline, RESERVED_MS.archive, 'the archive');
  return archiveDay(store, billingDay, charges.total(), { space, currency, at: now() });
}

async function resend({ day }: BillingDay, reason: string, surroundings: Surroundings): Promise<Report> {
  const manifest = await findManifest(surroundings.store, day);
  if (manifest === null) {
    throw new ArchiveError(
      `${day} is not archived, so it can't be mailed again. Send {"day":"${day}"} first.`,
    );
  }
  const journal = resendPrefix(day, surroundings.requestId);
  return reportOf(manifest, await mail(manifest, journal, reason, surroundings));
}

/** Mails what the archive holds, and nothing but that: so a retry or a resend says what accounting can look up. */
async function mail(
  manifest: Manifest,
  journalPrefix: string,
  resendReason: string | null,
  { settings, store, mailer, deadline, now }: Surroundings,
): Promise<Delivery> {
  const compose = async (possibleRepeat: boolean): Promise<Message> => {
    const { key, sha256, bytes } = roomChargesFile(manifest);
    const [roomCharges, weekBefore] = await Promise.all([
      readArchivedFile(store, roomChargesFile(manifest)),
      Promise.all(daysBefore(manifest.day, 7).map((day) => findManifest(store, day))),
    ]);
    const summary = summarize(
      manifest,
      readRoomCharges(roomCharges),
      weekBefore.flatMap((earlier) => earlier?.charge ?? []),
      { location: store.locate(key), sha256, attached: bytes <= MOST_ATTACHED_BYTES },
      { resendReason, possibleRepeat },
    );
    return composeMessage(summary, roomCharges, { from: settings.emailFrom, to: settings.emailTo }, now());
  };
  return deliverOnce(new DeliveryJournal(store, journalPrefix), mailer, deadline, compose, now());
}

function reportOf(manifest: Manifest, delivery: Delivery | { status: 'archived' }): Report {
  const { day, revision, rooms, sessions, charge, currency } = manifest;
  return { day, revision, rooms, sessions, charge, currency, ...delivery };
}
