import type { BillingDay } from '../billing-day.ts';
import { type ClosedBooks, totalOf } from '../charges/day-books.ts';
import { formatExact } from '../charges/money.ts';
import { ArchiveError } from '../errors.ts';
import { type ArchivedDay, fileOf, findDay, readArchivedFile, sha256 } from './archived-day.ts';
import { lineItemsKey, manifestKey, roomChargesKey } from './layout.ts';
import { writeLineItems } from './line-items-csv.ts';
import { type ArchivedFile, type Manifest, type Revision, writeManifest } from './manifest.ts';
import { type Condition, CSV_TYPE, JSON_TYPE, type ObjectStore, type Stored } from './object-store.ts';
import { writeRoomCharges } from './room-charges-csv.ts';

// Another run that writes the same day takes a turn or two, never this many.
const MOST_TURNS = 5;

/** What the books of a day do not tell, and its manifest does. */
export interface Circumstances {
  readonly space: string;
  /** ISO 4217. */
  readonly currency: string;
  /** Milliseconds since the epoch: the time of the revision. */
  readonly at: number;
  /** Beside those of the books. */
  readonly notices: readonly string[];
}

/**
 * Archives the first revision of a day. Where another run has committed the day meanwhile, its archive stands and is
 * what comes back.
 *
 * @throws ArchiveError
 */
export async function archiveFirst(
  store: ObjectStore,
  day: BillingDay,
  books: ClosedBooks,
  circumstances: Circumstances,
): Promise<Manifest> {
  const files = filesOf(day.day, books, circumstances);
  const committed = await commit(store, day, books, files, circumstances, 'absent', (totals) => [
    { revision: 1, ...totals, reason: 'first reading', restatedBy: null },
  ]);
  return committed ?? followWinner(store, day.day);
}

/**
 * Archives a further revision of a day, where the books differ from what the archive holds.
 *
 * @param before the revision that was read before the books were made
 * @param change why, and on whose behalf
 * @returns the new manifest; null where nothing has changed
 * @throws ArchiveError, also where another run has changed the day meanwhile
 */
export async function archiveNext(
  store: ObjectStore,
  day: BillingDay,
  books: ClosedBooks,
  before: ArchivedDay,
  circumstances: Circumstances,
  change: Pick<Revision, 'reason' | 'restatedBy'>,
): Promise<Manifest | null> {
  const { manifest, etag } = before;
  const files = filesOf(day.day, books, circumstances);
  if (!differ(manifest, books, files)) {
    // A run that was ended before its manifest may have left its files on top.
    await putBack(store, manifest);
    return null;
  }
  const committed = await commit(store, day, books, files, circumstances, { replacing: etag }, (totals) => [
    ...manifest.revisions,
    { revision: manifest.revision + 1, ...totals, ...change },
  ]);
  if (committed !== null) return committed;
  await followWinner(store, day.day);
  throw lostConflict(store, manifestKey(day.day));
}

interface NewFile {
  readonly key: string;
  readonly body: Buffer;
  readonly rows: number;
}

function filesOf(
  day: string,
  { charges, lineItems }: ClosedBooks,
  { space, currency }: Pick<Circumstances, 'space' | 'currency'>,
): NewFile[] {
  return [
    {
      key: roomChargesKey(day),
      body: writeRoomCharges(charges.rooms, { day, space, currency }),
      rows: charges.rooms.length,
    },
    { key: lineItemsKey(day), body: writeLineItems(lineItems), rows: lineItems.length },
  ];
}

/** Files first, the manifest last. @returns null where another run has committed the day meanwhile */
async function commit(
  store: ObjectStore,
  { day, timeZone }: BillingDay,
  books: ClosedBooks,
  newFiles: readonly NewFile[],
  circumstances: Circumstances,
  condition: Condition,
  revisionsWith: (totals: Pick<Revision, 'at' | 'charge' | 'sessions'>) => Revision[],
): Promise<Manifest | null> {
  requireSameTotals(day, books);
  const files: ArchivedFile[] = [];
  for (const { key, body, rows } of newFiles) {
    const stored = await putFile(store, key, body, () => isStillOpen(store, day, condition));
    if (stored === null) return null;
    const { versionId } = stored;
    files.push({ key, sha256: sha256(body), bytes: body.length, rows, versionId });
  }
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
  const stored = await store.put(manifestKey(day), writeManifest(manifest), JSON_TYPE, condition);
  if (stored === null) return null;
  // A run that lost may have put its files over ours before it knew.
  for (const { key, body } of newFiles) await bringToTop(store, key, body);
  return manifest;
}

/** Whether the manifest is still as the condition wants it: else the files are no longer ours to replace. */
async function isStillOpen(store: ObjectStore, day: string, condition: Condition): Promise<boolean> {
  const manifest = await store.get(manifestKey(day));
  return condition === 'absent' ? manifest === null : manifest?.etag === condition.replacing;
}

/** The two files are summed on different ways; where they disagree, neither is to be believed. */
function requireSameTotals(day: string, { charges, lineItems }: ClosedBooks): void {
  const lines = totalOf(lineItems);
  if (!lines.eq(charges.charge)) {
    throw new ArchiveError(
      `The rooms of ${day} add up to ${formatExact(charges.charge)}, its line items to ${formatExact(lines)}. ` +
        'Nothing was stored. This is a fault of the program: show this message to its developers.',
    );
  }
}

/** Whether archiving the books would make a further revision of a day. */
export function wouldRestate(manifest: Manifest, books: ClosedBooks): boolean {
  return differ(manifest, books, filesOf(manifest.day, books, manifest));
}

function differ(
  manifest: Manifest,
  { charges, deletedLogs }: ClosedBooks,
  files: readonly NewFile[],
): boolean {
  return (
    manifest.inProgressSessions !== charges.inProgressSessions ||
    manifest.deletedLogs !== deletedLogs ||
    files.some(({ key, body }) => fileOf(manifest, key).sha256 !== sha256(body))
  );
}

/**
 * Puts a file on top of what lies there: an earlier revision's, or one of a run that never came to its manifest.
 *
 * @param mayReplace is asked before anything is replaced
 * @returns null where it may not
 */
async function putFile(
  store: ObjectStore,
  key: string,
  body: Buffer,
  mayReplace: () => Promise<boolean>,
): Promise<Stored | null> {
  const first = await store.put(key, body, CSV_TYPE, 'absent');
  if (first !== null) return first;
  for (let turn = 1; turn <= MOST_TURNS; turn += 1) {
    const existing = await store.get(key);
    if (existing?.body.equals(body) === true) return existing;
    if (!(await mayReplace())) return null;
    const stored = await store.put(
      key,
      body,
      CSV_TYPE,
      existing === null ? 'absent' : { replacing: existing.etag },
    );
    if (stored !== null) return stored;
  }
  throw lostConflict(store, key);
}

/** The other run's manifest stands. */
async function followWinner(store: ObjectStore, day: string): Promise<Manifest> {
  const winner = await findDay(store, day);
  if (winner === null) throw lostConflict(store, manifestKey(day));
  await putBack(store, winner.manifest);
  return winner.manifest;
}

/** If other files came to lie over those that the manifest names, the right ones are put back on top. */
async function putBack(store: ObjectStore, manifest: Manifest): Promise<void> {
  for (const file of manifest.files) {
    await bringToTop(store, file.key, await readArchivedFile(store, file));
  }
}

async function bringToTop(store: ObjectStore, key: string, body: Buffer): Promise<void> {
  const current = await store.get(key);
  if (current?.body.equals(body) === true) return;
  await putFile(store, key, body, () => Promise.resolve(true));
}

function lostConflict(store: ObjectStore, key: string): ArchiveError {
  return new ArchiveError(
    `Other runs kept changing ${store.locate(key)}. Let them end; the next run tries again.`,
  );
}
