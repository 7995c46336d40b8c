import { fileOf, readArchivedFile } from '../archive/archived-day.ts';
import { roomChargesKey } from '../archive/layout.ts';
import type { Manifest } from '../archive/manifest.ts';
import type { ObjectStore } from '../archive/object-store.ts';
import { readRoomCharges } from '../archive/room-charges-csv.ts';
import type { Deadline } from '../deadline.ts';
import type { Settings } from '../environment.ts';
import type { Message } from './delivery.ts';
import { findingsOf } from './findings.ts';
import { readHistory } from './history.ts';
import { composeMessage } from './message.ts';
import type { MailContext } from './remarks.ts';
import { summarize } from './summary.ts';

/** Larger files are not attached; the mail says where the archive has them. */
const MOST_ATTACHED_BYTES = 5 * 1024 * 1024;

/** Where the mail gets its facts from, and who receives it. */
export interface MailMeans {
  readonly settings: Pick<Settings, 'emailFrom' | 'emailTo' | 'monthlyBudget' | 'currency'>;
  readonly store: ObjectStore;
  readonly deadline: Deadline;
  /** The current time, in milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Makes the mail of an archived day from the archive and the budget alone, so that a retry or a resend shows figures
 * that accounting can look up.
 *
 * @throws ArchiveError
 */
export async function composeReport(
  manifest: Manifest,
  context: MailContext,
  { settings, store, deadline, now }: MailMeans,
): Promise<Message> {
  const file = fileOf(manifest, roomChargesKey(manifest.day));
  const roomCharges = await readArchivedFile(store, file);
  const history = await readHistory(manifest, store, deadline);
  const summary = summarize(
    findingsOf(manifest, readRoomCharges(roomCharges), history, settings),
    { location: store.locate(file.key), attached: file.bytes <= MOST_ATTACHED_BYTES },
    context,
  );
  return composeMessage(summary, roomCharges, { from: settings.emailFrom, to: settings.emailTo }, now());
}
