import { toWholeSeconds } from '../lambda/whole-seconds.ts';
import { SeededRandom } from './random.ts';
import { SAMPLE_ROOMS, type SampleRoom } from './sample-rooms.ts';
import type { SignalWireLog } from './signalwire-server.ts';

/** Prices in ten-thousandths of a dollar: whole numbers, so that all sums are exact. */
const PRICES = {
  /** For each minute of a participant. */
  session: 40,
  /** For each minute of recording. */
  recording: 45,
  /** For each minute of streaming. */
  streaming: 500,
} as const;

/** Relative number of sessions that begin in each hour of the day. */
export const STARTS_BY_HOUR = [
  2, 1, 1, 1, 2, 4, 14, 45, 90, 110, 105, 85, 60, 95, 110, 100, 85, 60, 34, 22, 16, 11, 7, 4,
];

const IN_PROGRESS_SESSIONS = 5;
const DELETED_LOGS = 2;

/** A day is larger or smaller than usual by up to this share. */
const VARIATION = 0.03;

/**
 * The video logs of one day of a medium-sized company: about 3,400 sessions in 40 rooms, some without a room, some
 * still running, and two deleted logs. The same date gives the same logs.
 *
 * @param date UTC date, YYYY-MM-DD
 * @returns newest first, with amounts written out exactly
 */
export function sampleDay(date: string): SignalWireLog[] {
  const random = new SeededRandom(`sample day ${date}`);
  const load = 1 + (random.next() * 2 - 1) * VARIATION;
  const completed = SAMPLE_ROOMS.flatMap((room) =>
    Array.from({ length: Math.max(1, Math.round(room.sessions * load)) }, () =>
      completedLog(random, room, date),
    ),
  );
  const inProgress = Array.from({ length: IN_PROGRESS_SESSIONS }, () => inProgressLog(random, date));
  const deleted = Array.from({ length: DELETED_LOGS }, () => deletedLog(random, date));
  return [...completed, ...inProgress, ...deleted].sort(
    // All instants have the same format, so their texts sort like the instants.
    (a, b) => Number(a.createdAt < b.createdAt) - Number(a.createdAt > b.createdAt),
  );
}

/** The same day, long afterwards: every session that it lists has ended. */
export function settledSampleDay(date: string): SignalWireLog[] {
  return sampleDay(date).filter(({ json }) => !json.includes('"status":"in-progress"'));
}

function completedLog(random: SeededRandom, room: SampleRoom, date: string): SignalWireLog {
  const start = startTime(random, date);
  const minutes = random.integer(...room.minutes);
  const seconds = minutes * 60 - random.integer(0, 59);
  const people = random.integer(...room.people);
  // Not everyone stays from beginning to end; every minute begun is charged.
  const participantMinutes = minutes + Math.ceil((people - 1) * minutes * (0.5 + random.next() / 2));
  const details = [
    detail('Video room session', participantMinutes * PRICES.session),
    ...(random.chance(room.recorded) ? [detail('Recording', minutes * PRICES.recording)] : []),
    ...(random.chance(room.streamed) ? [detail('Streaming', minutes * PRICES.streaming)] : []),
  ];
  return sessionLog(random, room, start, {
    status: 'completed',
    endedAt: toWholeSeconds(start.getTime() + seconds * 1000),
    details,
  });
}

/** A session that began in the day's last hour and has not ended yet. */
function inProgressLog(random: SeededRandom, date: string): SignalWireLog {
  const room = SAMPLE_ROOMS[random.weighted(SAMPLE_ROOMS.map(({ sessions }) => sessions))] ?? SAMPLE_ROOMS[0];
  if (room === undefined) throw new Error('There are no sample rooms');
  const start = new Date(`${date}T23:00:00Z`);
  start.setUTCSeconds(random.integer(0, 3599));
  return sessionLog(random, room, start, { status: 'in-progress', endedAt: null, details: null });
}

function deletedLog(random: SeededRandom, date: string): SignalWireLog {
  const start = startTime(random, date);
  const createdAt = toWholeSeconds(start.getTime());
  const discardedAt = toWholeSeconds(start.getTime() + random.integer(3600, 86_400) * 1000);
  const json = JSON.stringify({ id: random.uuid(), discarded_at: discardedAt, created_at: createdAt });
  return { json, createdAt, deleted: true };
}

interface ChargeDetail {
  readonly description: string;
  /** Ten-thousandths of a dollar. */
  readonly amount: number;
}

interface SessionEnd {
  readonly status: string;
  readonly endedAt: string | null;
  /** Null if nothing is charged yet. */
  readonly details: readonly ChargeDetail[] | null;
}

/** The amounts are inserted as text, since JSON.stringify would choose its own digits. */
function sessionLog(random: SeededRandom, room: SampleRoom, start: Date, end: SessionEnd): SignalWireLog {
  const createdAt = toWholeSeconds(start.getTime());
  const head = JSON.stringify({
    id: random.uuid(),
    source: 'realtime_api',
    type: 'video_room_session',
    url: `https://example.signalwire.com/api/video/room_sessions/${random.uuid()}`,
    room_name: room.name,
    status: end.status,
    locked: false,
    started_at: createdAt,
    ended_at: end.endedAt,
    created_at: createdAt,
  });
  const charge =
    end.details === null ? 'null' : dollars(end.details.reduce((sum, { amount }) => sum + amount, 0));
  const details = (end.details ?? []).map(
    ({ description, amount }) => `{"description":${JSON.stringify(description)},"charge":${dollars(amount)}}`,
  );
  const json = `${head.slice(0, -1)},"charge":${charge},"charge_details":[${details.join(',')}]}`;
  return { json, createdAt };
}

function detail(description: string, amount: number): ChargeDetail {
  return { description, amount };
}

/** Converts ten-thousandths of a dollar to a decimal with four decimal places. */
function dollars(amount: number): string {
  const digits = String(amount).padStart(5, '0');
  return `${digits.slice(0, -4)}.${digits.slice(-4)}`;
}

function startTime(random: SeededRandom, date: string): Date {
  const start = new Date(`${date}T00:00:00Z`);
  start.setUTCSeconds(random.weighted(STARTS_BY_HOUR) * 3600 + random.integer(0, 3599));
  return start;
}
