import type { Manifest } from '../../lambda/archive/manifest.ts';
import type { RoomChargeRow } from '../../lambda/archive/room-charges-csv.ts';
import { totalOf } from '../../lambda/charges/changes.ts';
import type { LineItem } from '../../lambda/charges/line-item.ts';
import { formatExact, parseArchived, sumOf } from '../../lambda/money/money.ts';

/**
 * Checks that the rooms, the line items and the manifest agree: exact sums, counts, day and currency.
 *
 * @returns what is wrong, in plain words
 * @throws ArchiveError if an amount can't be read
 */
export function checkTotals(
  manifest: Manifest,
  rooms: readonly RoomChargeRow[],
  lineItems: readonly LineItem[],
): string[] {
  const charge = parseArchived(manifest.charge);
  const ofRooms = sumOf(rooms.map((row) => parseArchived(row.charge)));
  const ofLines = totalOf(lineItems);
  const { day, space, currency } = manifest;
  return [
    ...(ofRooms.eq(charge) ? [] : [`the rooms add up to ${formatExact(ofRooms)}, ${says(manifest.charge)}`]),
    ...(ofLines.eq(charge)
      ? []
      : [`the line items add up to ${formatExact(ofLines)}, ${says(manifest.charge)}`]),
    ...count('rooms', rooms.length, manifest.rooms),
    ...count('sessions', sumOfCounts(rooms, 'sessions'), manifest.sessions),
    ...count('sessions in progress', sumOfCounts(rooms, 'in_progress_sessions'), manifest.inProgressSessions),
    ...strangers(
      'room-charges.csv has rows',
      rooms.filter((row) => row.day !== day || row.space !== space || row.currency !== currency).length,
    ),
    ...strangers(
      'line-items.csv has rows',
      lineItems.filter(
        ({ BillingCurrency, BillingAccountName }) =>
          BillingCurrency !== currency || BillingAccountName !== space,
      ).length,
    ),
  ];
}

function count(what: string, actual: number, recorded: number): string[] {
  return actual === recorded ? [] : [`${what}: ${actual} in room-charges.csv, ${says(recorded)}`];
}

function sumOfCounts(rooms: readonly RoomChargeRow[], column: 'sessions' | 'in_progress_sessions'): number {
  return rooms.reduce((sum, row) => sum + Number(row[column]), 0);
}

function strangers(what: string, rows: number): string[] {
  return rows === 0 ? [] : [`${what} of another day, space or currency: ${rows}`];
}

function says(value: string | number): string {
  return `the manifest says ${value}`;
}
