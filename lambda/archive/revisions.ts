import type { BillingDay } from '../billing-day.ts';
import type { ClosedBooks } from '../charges/day-books.ts';
import { formatExact } from '../money/money.ts';
import { ArchiveError } from '../errors.ts';
import { type ArchivedDay, fileOf, findDay } from './archived-day.ts';
import { lostConflict, putBack, putFile } from './files-on-top.ts';
import { manifestKey, roomChargesKey } from './layout.ts';
import type { LineItemsWritten } from './line-items-file.ts';
import { type ArchivedFile, type Manifest, type Revision, writeManifest } from './manifest.ts';
import { type NewFile, sendNewFile } from './new-file.ts';
import { JSON_TYPE, type ObjectStore } from './object-store.ts';
import { writeRoomCharges } from './room-charges-csv.ts';
import { sha256 } from './sha256.ts';

/** What a day's manifest records beyond what its books contain. */
export interface Circumstances {
  readonly space: string;
  /** ISO 4217. */
  readonly currency: string;
  /** Milliseconds since the epoch: the time of the revision. */
  readonly at: number;
  /** In addition to those of the books. */
  readonly notices: readonly string[];
}

/** A day as it was just read, with all of its line items sent to the store. */
export interface ReadDay {
  readonly books: ClosedBooks;
  readonly lineItems: LineItemsWritten;
}

/**
 * Archives the first revision of a day. If another run has committed the day in the meantime, that run's archive stands
 * and its manifest is returned.
 *
 * @throws ArchiveError
 */
export async function archiveFirst(
  store: ObjectStore,
  day: BillingDay,
  read: ReadDay,
  circumstances: Circumstances,
): Promise<Manifest> {
  const files = await filesOf(store, day.day, read, circumstances);
  const committed = await commit(store, day, read, files, circumstances, null, (totals) => [
    { revision: 1, ...totals, reason: 'first reading', restatedBy: null },
  ]);
  return committed ?? followWinner(store, day.day);
}

/**
 * Archives a further revision of a day if it differs from what the archive holds.
 *
 * @param before the archived revision as it was before the day was read again
 * @param change why the day is restated, and on whose behalf
 * @returns the new manifest; null if nothing has changed
 * @throws ArchiveError, also if another run has changed the day in the meantime
 */
export async function archiveNext(
  store: ObjectStore,
  day: BillingDay,
  read: ReadDay,
  before: ArchivedDay,
  circumstances: Circumstances,
  change: Pick<Revision, 'reason' | 'restatedBy'>,
): Promise<Manifest | null> {
  const { manifest } = before;
  const files = await filesOf(store, day.day, read, circumstances);
  if (!(await isNew(manifest, read, files))) {
    await giveUp(files);
    // A run that ended before writing its manifest may have left its files on top.
    await putBack(store, manifest);
    return null;
  }
  const committed = await commit(store, day, read, files, circumstances, before, (totals) => [
    ...manifest.revisions,
    { revision: manifest.revision + 1, ...totals, ...change },
  ]);
  if (committed !== null) return committed;
  await followWinner(store, day.day);
  throw lostConflict(store, manifestKey(day.day));
}

async function filesOf(
  store: ObjectStore,
  day: string,
  { books, lineItems }: ReadDay,
  { space, currency }: Pick<Circumstances, 'space' | 'currency'>,
): Promise<NewFile[]> {
  const { rooms } = books.charges;
  try {
    const body = writeRoomCharges(rooms, { day, space, currency });
    return [await sendNewFile(store, roomChargesKey(day), [body], rooms.length), lineItems];
  } catch (error) {
    await giveUp([lineItems]);
    throw error;
  }
}

async function isNew(manifest: Manifest, { books }: ReadDay, files: readonly NewFile[]): Promise<boolean> {
  try {
    return differ(manifest, books, files);
  } catch (error) {
    await giveUp(files);
    throw error;
  }
}

async function giveUp(files: readonly NewFile[]): Promise<void> {
  await Promise.all(files.map(({ upload }) => upload.abort()));
}

/**
 * Stores the files first and the manifest last.
 *
 * @param before the revision to be replaced; null for a first revision
 * @returns null if another run has committed the day in the meantime
 */
async function commit(
  store: ObjectStore,
  { day, timeZone }: BillingDay,
  read: ReadDay,
  newFiles: readonly NewFile[],
  circumstances: Circumstances,
  before: ArchivedDay | null,
  revisionsWith: (totals: Pick<Revision, 'at' | 'charge' | 'sessions'>) => Revision[],
): Promise<Manifest | null> {
  try {
    requireSameTotals(day, read);
    const files: ArchivedFile[] = [];
    for (const file of newFiles) {
      const replaced = before && fileOf(before.manifest, file.key);
      const stored = await putFile(store, file, replaced, () => isStillOpen(store, day, before));
      if (stored === null) return null;
      const { key, sha256, bytes, rows } = file;
      files.push({ key, sha256, bytes, rows, versionId: stored.versionId });
    }
    const { books } = read;
    const { sessions, inProgressSessions, rooms, charge: exactCharge } = books.charges;
    const charge = formatExact(exactCharge);
    const revisions = revisionsWith({ at: new Date(circumstances.at).toISOString(), charge, sessions });
    const manifest: Manifest = {
      day,
      timeZone,
      space: circumstances.space,
      currency: circumstances.currency,
      revision: revisions.length,
      charge,
      rooms: rooms.length,
      sessions,
      inProgressSessions,
      deletedLogs: books.deletedLogs,
      files,
      notices: [...books.notices, ...circumstances.notices],
      revisions,
    };
    const condition = before === null ? 'absent' : { replacing: before.etag };
    const stored = await store.put(manifestKey(day), writeManifest(manifest), JSON_TYPE, condition);
    if (stored === null) return null;
    // A run that lost may have put its files over ours before it found out.
    await putBack(store, manifest);
    return manifest;
  } finally {
    await giveUp(newFiles);
  }
}

/** Whether the manifest is still the same as before. Otherwise the files are no longer ours to replace. */
async function isStillOpen(store: ObjectStore, day: string, before: ArchivedDay | null): Promise<boolean> {
  const manifest = await store.head(manifestKey(day));
  return manifest?.etag === before?.etag;
}

/** The sums of the two files are computed independently; if they disagree, neither can be trusted. */
function requireSameTotals(day: string, { books: { charges }, lineItems }: ReadDay): void {
  if (!lineItems.total.eq(charges.charge)) {
    throw new ArchiveError(
      `The rooms of ${day} add up to ${formatExact(charges.charge)}, its line items to ${formatExact(lineItems.total)}. ` +
        'Nothing was stored. This is a bug in the program: report this message to its developers.',
    );
  }
}

/** Whether archiving what was read would create a further revision of the day. */
export function wouldRestate(
  manifest: Manifest,
  { books, lineItems }: { readonly books: ClosedBooks; readonly lineItems: Pick<NewFile, 'key' | 'sha256'> },
): boolean {
  const { day } = manifest;
  const roomCharges = sha256(writeRoomCharges(books.charges.rooms, manifest));
  return differ(manifest, books, [{ key: roomChargesKey(day), sha256: roomCharges }, lineItems]);
}

function differ(
  manifest: Manifest,
  { charges, deletedLogs }: ClosedBooks,
  files: readonly Pick<NewFile, 'key' | 'sha256'>[],
): boolean {
  return (
    manifest.inProgressSessions !== charges.inProgressSessions ||
    manifest.deletedLogs !== deletedLogs ||
    files.some(({ key, sha256 }) => fileOf(manifest, key).sha256 !== sha256)
  );
}

/** Another run's manifest stands: puts that run's files back on top if they are not. */
async function followWinner(store: ObjectStore, day: string): Promise<Manifest> {
  const winner = await findDay(store, day);
  if (winner === null) throw lostConflict(store, manifestKey(day));
  await putBack(store, winner.manifest);
  return winner.manifest;
}
