import pMap from 'p-map';
import { archivedOf, fileOf, findDay, readArchivedFile } from '../archive/archived-day.ts';
import { roomChargesKey } from '../archive/layout.ts';
import { isKnownTo, type Manifest } from '../archive/manifest.ts';
import type { ObjectStore } from '../archive/object-store.ts';
import { readRoomCharges, type RoomChargeRow } from '../archive/room-charges-csv.ts';
import { daysBefore } from '../billing-day.ts';
import { type Money, parseArchived, ZERO } from '../money/money.ts';
import { type Deadline, RESERVED_MS } from '../deadline.ts';
import { nameOf, OutOfTimeError } from '../errors.ts';
import { kindOf } from './calendar.ts';

/** How many days back restated days are looked for. */
const DAYS_READ = 63;
/** How many days back rooms and totals are compared: days of the same kind, and all of the last week. */
export const DAYS_COMPARED = 56;
const WEEK = 7;

const REQUESTS_AT_ONCE = 16;
/** Comparisons are a convenience: they may take this long, but at most half of the time that the mail can spare. */
const MOST_MS = 30_000;
/** Rooms of days with larger files (some 15,000 rooms) are not compared: 40 such days would be in memory at once. */
const MOST_COMPARED_BYTES = 1024 * 1024;

/** What an earlier day's rooms cost, or why that is unknown. */
export type PastRooms =
  /** Exact sums, keyed by the room name as room-charges.csv has it. */
  | { readonly kind: 'known'; readonly charges: ReadonlyMap<string, Money> }
  /** Not needed: too far back, or a day of the other kind. */
  | { readonly kind: 'not-compared' }
  | { readonly kind: 'missing'; readonly why: string };

/** A day before the reported one, as the archive had it when the reported day was archived. */
export type PastDay = { readonly day: string } & (
  | {
      readonly kind: 'known';
      /** Exact. */
      readonly charge: Money;
      readonly sessions: number;
      readonly rooms: PastRooms;
    }
  | { readonly kind: 'absent' }
  /** It can't be compared; `why` says so: `is in EUR`. */
  | { readonly kind: 'other'; readonly why: string }
  /** The archive could not be read; `error` is the error's name. */
  | { readonly kind: 'unreadable'; readonly error: string }
);

/** The days before a report, most recent first, and the manifests that could be read. */
export interface History {
  readonly days: readonly PastDay[];
  readonly manifests: readonly Manifest[];
}

/**
 * Reads from the archive what came before a report: up to 63 manifests, and the rooms of the days whose rooms are
 * compared. If a day was restated after the report was archived, its earlier figures count, so that a mail sent once
 * more says the same. A day that can't be read is reported as unreadable; nothing is thrown.
 *
 * @param reported manifest of the reported day
 */
export async function readHistory(
  reported: Manifest,
  store: ObjectStore,
  deadline: Deadline,
): Promise<History> {
  const timeBoxed = timeBoxOf(deadline);
  const before = daysBefore(reported.day, DAYS_READ);
  const archived = timeBoxed(() => archivedOf(before.toReversed(), store));
  const found = await pMap(
    before,
    async (day): Promise<Found> => {
      try {
        const isArchived = (await archived).includes(day);
        const manifest = isArchived ? ((await timeBoxed(() => findDay(store, day)))?.manifest ?? null) : null;
        return { manifest, pastDay: pastDayOf(day, manifest, reported) };
      } catch (error) {
        return { manifest: null, pastDay: { day, kind: 'unreadable', error: nameOf(error) } };
      }
    },
    { concurrency: REQUESTS_AT_ONCE },
  );
  const days = await pMap(
    found,
    async ({ manifest, pastDay }, index): Promise<PastDay> => {
      if (manifest === null || pastDay.kind !== 'known' || !hasRoomsCompared(reported, pastDay.day, index))
        return pastDay;
      return { ...pastDay, rooms: await readRooms(manifest, reported, store, timeBoxed) };
    },
    { concurrency: REQUESTS_AT_ONCE },
  );
  return { days, manifests: found.flatMap(({ manifest }) => manifest ?? []) };
}

interface Found {
  readonly manifest: Manifest | null;
  readonly pastDay: PastDay;
}

function pastDayOf(day: string, manifest: Manifest | null, reported: Manifest): PastDay {
  const revision = manifest?.revisions.findLast((one) => isKnownTo(reported, one));
  if (manifest === null || revision === undefined) return { day, kind: 'absent' };
  const { space, currency, timeZone } = manifest;
  if (space !== reported.space) return { day, kind: 'other', why: `belongs to the space ${space}` };
  if (currency !== reported.currency) return { day, kind: 'other', why: `is in ${currency}` };
  if (timeZone !== reported.timeZone) return { day, kind: 'other', why: `has the time zone ${timeZone}` };
  return {
    day,
    kind: 'known',
    charge: parseArchived(revision.charge),
    sessions: revision.sessions,
    rooms: { kind: 'not-compared' },
  };
}

function hasRoomsCompared(reported: Manifest, day: string, index: number): boolean {
  return index < WEEK || (index < DAYS_COMPARED && kindOf(day) === kindOf(reported.day));
}

async function readRooms(
  manifest: Manifest,
  reported: Manifest,
  store: ObjectStore,
  timeBoxed: TimeBox,
): Promise<PastRooms> {
  // The manifest lists only the files of its last revision.
  if (!manifest.revisions.every((one) => isKnownTo(reported, one))) {
    return { kind: 'missing', why: 'was restated after this report' };
  }
  try {
    const file = fileOf(manifest, roomChargesKey(manifest.day));
    if (file.bytes > MOST_COMPARED_BYTES)
      return { kind: 'missing', why: 'has more than 1 MB of room charges' };
    const rows = readRoomCharges(await timeBoxed(() => readArchivedFile(store, file)));
    return { kind: 'known', charges: chargesByCell(rows) };
  } catch (error) {
    return { kind: 'missing', why: `could not be read (${nameOf(error)})` };
  }
}

/** Exact sums by the name's cell: the guard against formulas may have made two names the same. */
export function chargesByCell(rows: readonly RoomChargeRow[]): ReadonlyMap<string, Money> {
  const charges = new Map<string, Money>();
  for (const { room_name: cell, charge } of rows) {
    charges.set(cell, (charges.get(cell) ?? ZERO).plus(parseArchived(charge)));
  }
  return charges;
}

type TimeBox = <T>(work: () => Promise<T>) => Promise<T>;

/** Starts no work once the time is up, and stops waiting for work that takes longer. */
function timeBoxOf(deadline: Deadline): TimeBox {
  const outOfTime = new OutOfTimeError('No time is left to compare with more days.');
  const spare = (deadline.remainingMs() - RESERVED_MS.email) / 2;
  if (spare <= 0) return () => Promise.reject(outOfTime);
  const signal = AbortSignal.timeout(Math.floor(Math.min(MOST_MS, spare)));
  const { promise: timeUp, reject } = Promise.withResolvers<never>();
  // It may reject while nobody is waiting for it.
  timeUp.catch(() => undefined);
  signal.addEventListener('abort', () => {
    reject(outOfTime);
  });
  return (work) => (signal.aborted ? timeUp : Promise.race([work(), timeUp]));
}
