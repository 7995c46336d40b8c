import { findDay } from '../../lambda/archive/archived-day.ts';
import { earlierReading } from '../../lambda/archive/archived-line-items.ts';
import { archiveFirst, archiveNext } from '../../lambda/archive/revisions.ts';
import type { ObjectStore } from '../../lambda/archive/object-store.ts';
import { billingDay } from '../../lambda/billing-day.ts';
import { SeededRandom } from '../../local/random.ts';
import type { SignalWireLog } from '../../local/signalwire-server.ts';
import { ACCOUNT, booksInto } from '../support/books.ts';
import { fullDecimal } from './exact.ts';

/** A session as SignalWire lists it. */
export interface Session {
  readonly id: string;
  readonly day: string;
  readonly roomName: string | null;
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly end: number;
  /** In 10⁻¹⁸ of a dollar. */
  readonly charge: bigint;
}

/** What was archived, known without reading the archive: for each day, all readings, oldest first. */
export type Year = ReadonlyMap<string, readonly (readonly Session[])[]>;

// A leap year. The first and the last day are archived, so that every gap lies between archived days.
const DAYS = Array.from({ length: 366 }, (_, index) => isoDay(Date.UTC(2028, 0, 1 + index)));
const QUIET_DAYS = ['2028-04-16', '2028-12-25'];
const ROOM_NAMES = ['standup', 'Müller, "board"', 'C:\\rooms\\new', '=1+1', '東京 🎉', null];

export const MISSING_DAYS = ['2028-02-29', '2028-07-01', '2028-07-02', '2028-12-30'];

/** How often a day was read again and had changed. */
export const RESTATEMENTS = new Map([
  ['2028-03-10', 1],
  ['2028-05-05', 2],
  ['2028-12-31', 1],
]);

/** When this day is read again, one of its sessions is no longer listed; its charge is kept. */
const FORGETFUL_DAY = '2028-03-10';

/** Archives a year of made-up sessions, day by day, as the job does. */
export async function archiveYear(store: ObjectStore): Promise<Year> {
  const random = new SeededRandom('a year in the archive');
  const year = new Map<string, Session[][]>();
  for (const day of DAYS.filter((candidate) => !MISSING_DAYS.includes(candidate))) {
    const sessions = QUIET_DAYS.includes(day) ? [] : sessionsOf(day, random);
    const read = await booksInto(store, day, sessions.map(toLog));
    await archiveFirst(store, billingDay(day, 'UTC'), read, circumstances(day, 1));
    year.set(day, [sessions]);
  }
  for (const [day, times] of RESTATEMENTS) {
    for (let time = 1; time <= times; time += 1) {
      const before = latest(year, day);
      const forgets = day === FORGETFUL_DAY;
      const after = forgets ? before : before.map(withLateCharge);
      await readAgain(store, day, forgets ? before.slice(1) : after);
      year.get(day)?.push(after);
    }
  }
  return year;
}

/** The sessions of a day according to its last reading. */
export function latest(year: Year, day: string): Session[] {
  return [...(year.get(day)?.at(-1) ?? [])];
}

/** When a reading of a day was archived: each on a different morning. */
export function archivedAt(day: string, revision: number): number {
  return Date.parse(`${day}T06:00:00.123Z`) + revision * 86_400_000;
}

function isoDay(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

async function readAgain(store: ObjectStore, day: string, sessions: readonly Session[]): Promise<void> {
  const before = await findDay(store, day);
  if (before === null) throw new Error(`${day} is not archived`);
  const { revision } = before.manifest;
  const earlier = earlierReading(store, before.manifest);
  const manifest = await archiveNext(
    store,
    billingDay(day, 'UTC'),
    await booksInto(store, day, sessions.map(toLog), earlier),
    before,
    circumstances(day, revision + 1),
    { reason: 'charges changed', restatedBy: 'the test' },
  );
  if (manifest === null) throw new Error(`${day} has not changed`);
}

function circumstances(day: string, revision: number): Parameters<typeof archiveFirst>[3] {
  return {
    space: ACCOUNT.space,
    currency: ACCOUNT.currency,
    at: archivedAt(day, revision),
    notices: [],
  };
}

function sessionsOf(day: string, random: SeededRandom): Session[] {
  return Array.from({ length: random.integer(1, 12) }, () => {
    const start = Date.parse(day) + random.integer(0, 86_399_000);
    return {
      id: random.uuid(),
      day,
      roomName: ROOM_NAMES[random.integer(0, ROOM_NAMES.length - 1)] ?? null,
      start,
      end: start + random.integer(0, 7_200_000),
      charge: chargeFrom(random),
    };
  });
}

/** Amounts that floats would get wrong: of all magnitudes, down to the last decimal, and some of them credits. */
function chargeFrom(random: SeededRandom): bigint {
  const digits = BigInt(random.integer(1, 10 ** 15)) * 10n ** BigInt(random.integer(0, 18));
  return random.chance(0.05) ? -digits : digits;
}

function withLateCharge(session: Session, index: number): Session {
  return { ...session, charge: session.charge + BigInt(index + 1) };
}

function toLog({ id, roomName, start, end, charge }: Session, index: number): SignalWireLog {
  const createdAt = new Date(start).toISOString();
  const json = JSON.stringify({
    id,
    type: 'video_room_session',
    source: 'realtime_api',
    room_name: roomName,
    status: 'completed',
    locked: false,
    created_at: createdAt,
    started_at: createdAt,
    ended_at: new Date(end).toISOString(),
    charge: fullDecimal(charge),
    ...(index % 3 > 0 && { charge_details: detailsOf(charge, index % 3 === 1) }),
  });
  return { json, createdAt };
}

/** Two details. If they add up to the charge, they make two line items; if not, they are kept as JSON in one. */
function detailsOf(charge: bigint, addUp: boolean): object[] {
  const first = charge / 3n;
  return [
    { description: 'Video, "HD"', charge: fullDecimal(first) },
    { description: 'Recording in C:\\rooms', charge: fullDecimal(addUp ? charge - first : 0n) },
  ];
}
