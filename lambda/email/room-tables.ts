import { type RoomChargeRow, roomNameOf } from '../archive/room-charges-csv.ts';
import {
  formatQuotient,
  formatRounded,
  parseArchived,
  percentChange,
  sumOf,
  withSign,
} from '../money/money.ts';
import type { Findings } from './findings.ts';
import { figure, type Table, words } from './table.ts';
import { visibleName } from './visible-text.ts';
import { formatCount, formatDuration, signed } from './words.ts';

/** The most rooms with a row of their own; the others share one. */
const ROOMS_SHOWN = 50;
/** Fewer rooms are shown if their names take more bytes than this: a mail program might clip the mail. */
const MOST_NAME_BYTES = 16 * 1024;

const MOVEMENTS_SHOWN = 5;

/** The rooms that moved furthest from their seven-day average; null if that is unknown, or none has moved. */
export function movementsTable({ movements, manifest: { currency } }: Findings): Table | null {
  if (movements === null) return null;
  const rows = movements.slice(0, MOVEMENTS_SHOWN).flatMap((room) => {
    const { name, charge, weekSum, sevenfoldDifference } = room;
    const difference = formatQuotient(sevenfoldDifference, 7, currency);
    if (!/[1-9]/.test(difference)) return [];
    const percent = percentChange(charge, weekSum, 7);
    const change = withSign(sevenfoldDifference, difference);
    return [
      [
        visibleName(name),
        formatQuotient(weekSum, 7, currency),
        formatRounded(charge, currency),
        percent === null ? change : `${change} (${signed(percent)})`,
      ],
    ];
  });
  if (rows.length === 0) return null;
  return {
    caption: 'Rooms that moved most, compared with their 7-day average',
    columns: [words('Room'), figure('Average'), figure('This day'), figure('Change')],
    rows,
    note: null,
  };
}

/** The most expensive rooms, and all others in one row; null if there are no rooms. */
export function roomsTable({ rows, manifest: { currency } }: Findings): Table | null {
  if (rows.length === 0) return null;
  const shown = fittingRooms(rows);
  const others = rows.slice(shown);
  return {
    caption:
      others.length === 0
        ? 'Rooms, most expensive first'
        : `The ${shown} most expensive rooms, then all others`,
    columns: [words('Room'), figure('Sessions'), figure('Time'), figure('Charge')],
    rows: [
      ...rows.slice(0, shown).map((row) => roomCells(visibleName(roomNameOf(row)), [row], currency)),
      ...(others.length === 0
        ? []
        : [roomCells(`${formatCount(others.length)} other rooms`, others, currency)]),
    ],
    note: null,
  };
}

function fittingRooms(rows: readonly RoomChargeRow[]): number {
  let bytes = 0;
  const mostExpensive = rows.slice(0, ROOMS_SHOWN);
  const tooHeavy = mostExpensive.findIndex((row) => {
    // Counted as HTML, where each of these characters takes up to six bytes.
    bytes += Buffer.byteLength(visibleName(roomNameOf(row)).replaceAll(/["&<]/g, '&quot;'));
    return bytes > MOST_NAME_BYTES;
  });
  return tooHeavy === -1 ? mostExpensive.length : tooHeavy;
}

function roomCells(name: string, rows: readonly RoomChargeRow[], currency: string): string[] {
  const charge = sumOf(rows.map((row) => parseArchived(row.charge)));
  const sum = (column: 'sessions' | 'duration_seconds'): number =>
    rows.reduce((total, row) => total + Number(row[column]), 0);
  return [
    name,
    formatCount(sum('sessions')),
    formatDuration(sum('duration_seconds')),
    formatRounded(charge, currency),
  ];
}
