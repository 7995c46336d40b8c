import type { Manifest } from '../archive/manifest.ts';
import { type RoomChargeRow, roomNameOf } from '../archive/room-charges-csv.ts';
import { formatRounded, type Money, parseArchived, percentChange, ZERO } from '../charges/money.ts';

/** How many rooms have a row of their own; the rest share one. */
const ROOMS_SHOWN = 50;

/** A row of the mail's table: what it says, ready to be read. */
export interface RoomLine {
  /** Null where the sessions name no room. */
  readonly name: string | null;
  readonly sessions: string;
  readonly duration: string;
  readonly charge: string;
}

/** Everything that the mail of a day tells, as text: both forms of the mail are made from it and so can't differ. */
export interface Summary {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** `Sunday, November 22, 2026`. */
  readonly longDay: string;
  readonly timeZone: string;
  readonly space: string;
  /** Rounded once, half up, with the currency's sign. */
  readonly total: string;
  /** Exact, without a sign. */
  readonly exactTotal: string;
  readonly currency: string;
  /** `+8%`; null where fewer than seven days before are archived, or they cost nothing. */
  readonly changeToAverage: string | null;
  readonly sessions: number;
  readonly rooms: number;
  readonly inProgressSessions: number;
  readonly deletedLogs: number;
  /** The dearest rooms first. */
  readonly roomLines: readonly RoomLine[];
  /** The rooms beyond those, summed; null where there are none. */
  readonly otherRooms: { readonly count: number; readonly line: RoomLine } | null;
  readonly notices: readonly string[];
  readonly revision: number;
  readonly file: { readonly location: string; readonly sha256: string; readonly attached: boolean };
  /** Why an archived report is mailed once more; null for the first mail. */
  readonly resendReason: string | null;
  /** An earlier mail with the same report may have arrived. */
  readonly possibleRepeat: boolean;
}

/** What the archive does not tell about a mail. */
export type Occasion = Pick<Summary, 'resendReason' | 'possibleRepeat'>;

/**
 * @param rows room-charges.csv of the day, in its order
 * @param weekBefore exact charges of the seven days before, as far as they are archived
 * @param file where room-charges.csv lies, and whether the mail carries it
 */
export function summarize(
  manifest: Manifest,
  rows: readonly RoomChargeRow[],
  weekBefore: readonly string[],
  file: Summary['file'],
  occasion: Occasion,
): Summary {
  const { day, currency } = manifest;
  const total = parseArchived(manifest.charge);
  const others = rows.slice(ROOMS_SHOWN);
  return {
    day,
    longDay: new Intl.DateTimeFormat('en-US', { dateStyle: 'full', timeZone: 'UTC' }).format(Date.parse(day)),
    timeZone: manifest.timeZone,
    space: manifest.space,
    total: formatRounded(total, currency),
    exactTotal: manifest.charge,
    currency,
    changeToAverage: changeToAverage(total, weekBefore),
    sessions: manifest.sessions,
    rooms: manifest.rooms,
    inProgressSessions: manifest.inProgressSessions,
    deletedLogs: manifest.deletedLogs,
    roomLines: rows.slice(0, ROOMS_SHOWN).map((row) => roomLine(roomNameOf(row), [row], currency)),
    otherRooms:
      others.length === 0
        ? null
        : { count: others.length, line: roomLine(`${others.length} other rooms`, others, currency) },
    notices: manifest.notices,
    revision: manifest.revision,
    file,
    ...occasion,
  };
}

/** `SignalWire video costs 2026-11-22: $123.45 (+8% vs 7-day average)` */
export function subjectOf({ day, total, changeToAverage }: Summary): string {
  const change = changeToAverage === null ? '' : ` (${changeToAverage} vs 7-day average)`;
  return `SignalWire video costs ${day}: ${total}${change}`;
}

function roomLine(name: string | null, rows: readonly RoomChargeRow[], currency: string): RoomLine {
  const charge = rows.reduce((sum: Money, row) => sum.plus(parseArchived(row.charge)), ZERO);
  const sum = (column: 'sessions' | 'duration_seconds'): number =>
    rows.reduce((total, row) => total + Number(row[column]), 0);
  return {
    name,
    sessions: formatCount(sum('sessions')),
    duration: formatDuration(sum('duration_seconds')),
    charge: formatRounded(charge, currency),
  };
}

function changeToAverage(total: Money, weekBefore: readonly string[]): string | null {
  if (weekBefore.length < 7) return null;
  const week = weekBefore.reduce((sum: Money, charge) => sum.plus(parseArchived(charge)), ZERO);
  const percent = percentChange(total, week, 7);
  return percent === null ? null : `${percent.startsWith('-') ? '' : '+'}${percent}%`;
}

export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** `2 h 05 min`; hours are not turned into days. */
function formatDuration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  const hours = Math.trunc(minutes / 60);
  return hours === 0
    ? `${minutes} min`
    : `${formatCount(hours)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
