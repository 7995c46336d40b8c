import { hash } from 'node:crypto';
import type { BillingDay } from '../billing-day.ts';
import { formatExact } from '../charges/money.ts';
import type { DayCharges } from '../charges/room-charges.ts';
import { ArchiveError } from '../errors.ts';
import { manifestKey, roomChargesKey } from './layout.ts';
import { type ArchivedFile, type Manifest, parseManifest, writeManifest } from './manifest.ts';
import { CSV_TYPE, JSON_TYPE, type ObjectStore, type Stored } from './object-store.ts';
import { writeRoomCharges } from './room-charges-csv.ts';

// Another run that writes the same day takes a turn or two, never this many.
const MOST_TURNS = 5;

/**
 * @returns the manifest of an archived day; null where the day is not archived
 * @throws ArchiveError
 */
export async function findManifest(store: ObjectStore, day: string): Promise<Manifest | null> {
  const key = manifestKey(day);
  const object = await store.get(key);
  return object === null ? null : parseManifest(object.body, store.locate(key));
}

/**
 * Reads a file as the manifest knows it: that version, those bytes.
 *
 * @throws ArchiveError where it is gone or is not what was archived
 */
export async function readArchivedFile(store: ObjectStore, file: ArchivedFile): Promise<Buffer> {
  const object = await store.get(file.key, file.versionId);
  if (object === null || sha256(object.body) !== file.sha256) {
    throw new ArchiveError(
      `${store.locate(file.key)} ${object === null ? 'is missing' : 'is not what was archived'}: the manifest ` +
        `names SHA-256 ${file.sha256}. Restore that version from the bucket's history.`,
    );
  }
  return object.body;
}

/**
 * @returns what the manifest says of its room-charges.csv
 * @throws ArchiveError where it does not list one
 */
export function roomChargesFile({ day, files }: Manifest): ArchivedFile {
  const key = roomChargesKey(day);
  const file = files.find((candidate) => candidate.key === key);
  if (file === undefined) {
    throw new ArchiveError(`The manifest of ${day} does not list ${key}. Restore its last good version.`);
  }
  return file;
}

/**
 * Archives the first revision of a day: files first, the manifest last. Where another run has committed the day
 * meanwhile, its archive stands and is what comes back.
 *
 * @param at milliseconds since the epoch, recorded as the time of the revision
 * @throws ArchiveError
 */
export async function archiveDay(
  store: ObjectStore,
  { day, timeZone }: BillingDay,
  charges: DayCharges,
  { space, currency, at }: { space: string; currency: string; at: number },
): Promise<Manifest> {
  const csv = writeRoomCharges(charges.rooms, { day, space, currency });
  const key = roomChargesKey(day);
  const { versionId } = await putFile(store, key, csv);
  const charge = formatExact(charges.charge);
  const { sessions } = charges;
  const manifest: Manifest = {
    day,
    timeZone,
    space,
    currency,
    revision: 1,
    charge,
    rooms: charges.rooms.length,
    sessions,
    inProgressSessions: charges.inProgressSessions,
    deletedLogs: charges.deletedLogs,
    files: [{ key, sha256: sha256(csv), bytes: csv.length, rows: charges.rooms.length, versionId }],
    notices: [],
    revisions: [
      {
        revision: 1,
        at: new Date(at).toISOString(),
        charge,
        sessions,
        reason: 'first reading',
        restatedBy: null,
      },
    ],
  };
  if ((await store.put(manifestKey(day), writeManifest(manifest), JSON_TYPE, 'absent')) !== null) {
    return manifest;
  }
  return followWinner(store, day);
}

/** Writes a file of a day that has no manifest yet; what lies there is the rest of a run that never finished. */
async function putFile(store: ObjectStore, key: string, body: Buffer): Promise<Stored> {
  const first = await store.put(key, body, CSV_TYPE, 'absent');
  if (first !== null) return first;
  for (let turn = 1; turn <= MOST_TURNS; turn += 1) {
    const existing = await store.get(key);
    if (existing?.body.equals(body) === true) return existing;
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

/** The other run's manifest stands. If our file came to lie over its file, that one is put back on top. */
async function followWinner(store: ObjectStore, day: string): Promise<Manifest> {
  const manifest = await findManifest(store, day);
  if (manifest === null) throw lostConflict(store, manifestKey(day));
  for (const file of manifest.files) {
    await putFile(store, file.key, await readArchivedFile(store, file));
  }
  return manifest;
}

function lostConflict(store: ObjectStore, key: string): ArchiveError {
  return new ArchiveError(
    `Other runs kept changing ${store.locate(key)}. Let them end; the next run tries again.`,
  );
}

function sha256(bytes: Buffer): string {
  return hash('sha256', bytes, 'hex');
}
