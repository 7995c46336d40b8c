import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { formatExact } from '../money/money.ts';
import type { RoomCharge } from '../charges/room-charges.ts';

/** One row of room-charges.csv: its cells as they are in the file. */
export interface RoomChargeRow {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly space: string;
  /** Empty for sessions without a room name; guarded if a spreadsheet would run the name as a formula. */
  readonly room_name: string;
  readonly sessions: string;
  readonly in_progress_sessions: string;
  /** Whole seconds. */
  readonly duration_seconds: string;
  /** Exact decimal. */
  readonly charge: string;
  /** ISO 4217. */
  readonly currency: string;
}

export const ROOM_CHARGE_COLUMNS: readonly (keyof RoomChargeRow)[] = [
  'day',
  'space',
  'room_name',
  'sessions',
  'in_progress_sessions',
  'duration_seconds',
  'charge',
  'currency',
];

/**
 * Writes room-charges.csv: UTF-8 without BOM, RFC 4180 with CRLF, a header even if there are no rows, and the rows in
 * the order given.
 */
export function writeRoomCharges(
  rooms: readonly RoomCharge[],
  { day, space, currency }: Pick<RoomChargeRow, 'day' | 'space' | 'currency'>,
): Buffer {
  const rows = rooms.map((room): RoomChargeRow => ({
    day,
    space,
    room_name: guardFormula(room.roomName ?? ''),
    sessions: String(room.sessions),
    in_progress_sessions: String(room.inProgressSessions),
    duration_seconds: String(Math.round(room.durationMs / 1000)),
    charge: formatExact(room.charge),
    currency,
  }));
  const csv = stringify(rows, {
    columns: [...ROOM_CHARGE_COLUMNS],
    header: true,
    record_delimiter: '\r\n',
    // With CRLF between the rows, the library would not quote a lone CR or LF; RFC 4180 requires it.
    quoted_match: /[\r\n]/,
  });
  return Buffer.from(csv);
}

/**
 * Reads room-charges.csv back.
 *
 * @throws Error if the bytes are not such a file
 */
export function readRoomCharges(bytes: Buffer): RoomChargeRow[] {
  return parse(bytes, { columns: true, record_delimiter: '\r\n' });
}

/** The room name of a row, without the guard; null for sessions without a room name. */
export function roomNameOf({ room_name: cell }: Pick<RoomChargeRow, 'room_name'>): string | null {
  if (cell === '') return null;
  return /^'[=+\-@\t\r\n]/.test(cell) ? cell.slice(1) : cell;
}

/**
 * Keeps a spreadsheet from running text as a formula. For text only: a credit begins with a minus sign too, and must
 * stay a number. Source of the characters: OWASP, "CSV Injection".
 */
function guardFormula(text: string): string {
  return /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
}
