import { fileOf, findDay, readArchivedFile } from '../archive/archived-day.ts';
import { roomChargesKey } from '../archive/layout.ts';
import type { Manifest } from '../archive/manifest.ts';
import type { ObjectStore } from '../archive/object-store.ts';
import { readRoomCharges } from '../archive/room-charges-csv.ts';
import { daysBefore } from '../billing-day.ts';
import type { Settings } from '../environment.ts';
import type { Message } from './delivery.ts';
import { composeMessage } from './message.ts';
import { type Occasion, summarize } from './summary.ts';

/** Larger files stay in the archive, and the mail says where. */
const MOST_ATTACHED_BYTES = 5 * 1024 * 1024;

/** Where the mail takes its facts from, and whom it goes to. */
export interface Desk {
  readonly settings: Pick<Settings, 'emailFrom' | 'emailTo'>;
  readonly store: ObjectStore;
  /** Milliseconds since the epoch, by the clock. */
  readonly now: () => number;
}

/**
 * Makes the mail of an archived day from the archive, and from nothing else: so a retry or a resend says what
 * accounting can look up.
 *
 * @throws ArchiveError
 */
export async function composeReport(
  manifest: Manifest,
  occasion: Occasion,
  { settings, store, now }: Desk,
): Promise<Message> {
  const file = fileOf(manifest, roomChargesKey(manifest.day));
  const [roomCharges, weekBefore] = await Promise.all([
    readArchivedFile(store, file),
    // A figure to compare with, no more: a day that can't be read is one that there is no figure of.
    Promise.allSettled(daysBefore(manifest.day, 7).map((day) => findDay(store, day))),
  ]);
  const summary = summarize(
    manifest,
    readRoomCharges(roomCharges),
    weekBefore.flatMap((found) =>
      found.status === 'fulfilled' ? chargeToCompare(found.value?.manifest, manifest) : [],
    ),
    {
      location: store.locate(file.key),
      sha256: file.sha256,
      attached: file.bytes <= MOST_ATTACHED_BYTES,
    },
    occasion,
  );
  return composeMessage(summary, roomCharges, { from: settings.emailFrom, to: settings.emailTo }, now());
}

/** The charge of an earlier day, where it is of the same space and in the same currency and zone. */
function chargeToCompare(earlier: Manifest | undefined, { space, currency, timeZone }: Manifest): string[] {
  const isAlike = earlier?.space === space && earlier.currency === currency && earlier.timeZone === timeZone;
  return isAlike ? [earlier.charge] : [];
}
