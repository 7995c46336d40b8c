import { SeededRandom } from '../local/random.ts';
import { STARTS_BY_HOUR } from '../local/sample-day.ts';

/** The UTC date of the day: long over, whatever a machine's clock says. */
export const DATE = '2025-11-22';

/** How large a day is to be. */
export interface DaySize {
  readonly logs: number;
  /** Each occurs at least once if there are at least as many logs. */
  readonly rooms: number;
}

/** What the day costs, by arithmetic independent of the product's: whole ten-thousandths, as BigInt. */
export interface ExactTotals {
  readonly logs: number;
  /** Entries of `charge_details` in all logs together. */
  readonly details: number;
  /** Ten-thousandths of a dollar, as text. */
  readonly charge: string;
  /** The same by room name. */
  readonly rooms: Readonly<Record<string, string>>;
}

/** The logs of a day as they are sent, newest first. */
export interface BenchDay {
  /** JSON of all logs, each followed by a comma. */
  readonly json: Buffer;
  /** Where each log begins in `json`, and where a next one would. */
  readonly offsets: Uint32Array;
  /** When each log was created, in seconds after midnight UTC: never rising. */
  readonly seconds: Uint32Array;
  readonly totals: ExactTotals;
}

/** Each second that has any logs has at least this many. */
const LOGS_A_SECOND = 4;
/** One log in this many is recorded, and has two charge details; the others have one. */
const RECORDED_EVERY = 4;
/** One charge in this many keeps its trailing zeros, as `0.1500`; the others are written as JSON.stringify would. */
const ZEROS_EVERY = 16;
/** The last log's room: exposes a client that relies on names being ASCII. */
const FOREIGN_ROOM = 'büro-münchen';
const MOST_BYTES_A_LOG = 800;

/** Makes the day; the same size gives the same bytes on every machine. */
export function buildDay({ logs, rooms }: DaySize): BenchDay {
  const random = new SeededRandom(`a day of ${logs} logs in ${rooms} rooms`);
  const json = Buffer.allocUnsafe(logs * MOST_BYTES_A_LOG);
  const offsets = new Uint32Array(logs + 1);
  const seconds = new Uint32Array(logs);
  const sums = new Map<string, bigint>();
  let details = 0;
  let end = 0;
  for (let index = 0; index < logs; index += 1) {
    const second = secondOf(index, logs);
    const room = index === logs - 1 ? FOREIGN_ROOM : roomName(random, index, rooms - 1);
    const amounts = amountsOf(random, index);
    end += json.write(`${logJson(random, index, second, room, amounts)},`, end);
    offsets[index + 1] = end;
    seconds[index] = second;
    details += amounts.length;
    for (const amount of amounts) sums.set(room, (sums.get(room) ?? 0n) + BigInt(amount));
  }
  const charge = [...sums.values()].reduce((sum, amount) => sum + amount, 0n);
  return {
    json: json.subarray(0, end),
    offsets,
    seconds,
    totals: {
      logs,
      details,
      charge: String(charge),
      rooms: Object.fromEntries([...sums].map(([room, amount]) => [room, String(amount)])),
    },
  };
}

/** Newest first: the first log is of the last second. */
function secondOf(index: number, logs: number): number {
  const group = index - (index % LOGS_A_SECOND);
  const total = STARTS_BY_HOUR.reduce((sum, starts) => sum + starts, 0);
  let before = total * (1 - (group + 0.5) / logs);
  for (const [hour, starts] of STARTS_BY_HOUR.entries()) {
    if (before < starts) return Math.floor((hour + before / starts) * 3600);
    before -= starts;
  }
  return 24 * 3600 - 1;
}

/** Each room gets one log first; after that rooms are random. */
function roomName(random: SeededRandom, index: number, rooms: number): string {
  const room = index < rooms ? index : random.integer(0, Math.max(0, rooms - 1));
  return `team-room-${String(room).padStart(6, '0')}`;
}

/** Ten-thousandths of a dollar: the session, and its recording if there is one. */
function amountsOf(random: SeededRandom, index: number): number[] {
  const session = random.integer(25, 40_000);
  return index % RECORDED_EVERY === 0 ? [session, random.integer(45, 9_000)] : [session];
}

function logJson(
  random: SeededRandom,
  index: number,
  second: number,
  room: string,
  amounts: readonly number[],
): string {
  const start = Date.parse(`${DATE}T00:00:00Z`) + second * 1000;
  const [createdAt, endedAt] = [start, start + random.integer(30, 7200) * 1000].map(instant);
  const write = index % ZEROS_EVERY === 5 ? dollars : shortDollars;
  const details = amounts.map(
    (amount, detail) =>
      `{"description":"${detail === 0 ? 'Video room session' : 'Recording'}","charge":${write(amount)}}`,
  );
  const charge = write(amounts.reduce((sum, amount) => sum + amount, 0));
  return (
    `{"id":"${uuid(random)}","source":"realtime_api","type":"video_room_session",` +
    `"url":"https://example.signalwire.com/api/video/room_sessions/${uuid(random)}","room_name":"${room}",` +
    `"status":"completed","locked":false,"started_at":"${createdAt}","ended_at":"${endedAt}","charge":${charge},` +
    `"created_at":"${createdAt}","charge_details":[${details.join(',')}]}`
  );
}

function instant(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** Ten-thousandths of a dollar with four fraction digits. */
export function dollars(tenThousandths: number | bigint): string {
  const digits = String(tenThousandths).replace('-', '').padStart(5, '0');
  return `${tenThousandths < 0 ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
}

function shortDollars(tenThousandths: number): string {
  return dollars(tenThousandths).replace(/\.?0+$/, '');
}

function uuid(random: SeededRandom): string {
  const word = (): string =>
    Math.floor(random.next() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  const [a, b, c, d] = [word(), word(), word(), word()];
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-${'89ab'[c.charCodeAt(0) % 4] ?? '8'}${c.slice(1, 4)}-${c.slice(4)}${d}`;
}
