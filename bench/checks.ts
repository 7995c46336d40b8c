import { hash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { lineItemsKey, roomChargesKey } from '../lambda/archive/layout.ts';
import { type ArchivedRun, tenThousandths } from './archived-run.ts';
import type { ClientRun } from './client-run.ts';
import { DATE, dollars, type ExactTotals } from './day.ts';

/** A client's result, compared with the exact totals. */
export interface Verdict {
  /** By how many dollars its sum is wrong, as decimal text; null if it has none, or is right. */
  readonly wrongBy: string | null;
  /** Whatever else is wrong. */
  readonly problems: readonly string[];
}

/** Compares what a client found, and what it left behind, with what the day is known to cost. */
export function judge({ measurement, archived }: ClientRun, totals: ExactTotals): Verdict {
  const { charge, roomCharges } = measurement;
  const difference = charge === null ? 0n : tenThousandths(charge) - BigInt(totals.charge);
  return {
    wrongBy: difference === 0n ? null : dollars(difference),
    problems: [
      ...(roomCharges === undefined ? [] : problemsOfRooms(roomCharges, totals)),
      ...(archived === null ? [] : problemsOfArchive(archived, totals)),
    ],
  };
}

function problemsOfRooms(csv: string, { rooms }: ExactTotals): string[] {
  const rows = parse<Record<string, string>>(csv, { columns: true });
  const wrong = rows.filter(
    ({ room_name: room = '', charge = '' }) => String(tenThousandths(charge)) !== rooms[room],
  );
  return [
    ...wrong
      .slice(0, 3)
      .map(({ room_name: room, charge }) => `${String(room)} is said to cost ${String(charge)}`),
    ...expect('rooms of room-charges.csv', rows.length, Object.keys(rooms).length),
  ];
}

function problemsOfArchive(run: ArchivedRun, totals: ExactTotals): string[] {
  const { files, charge, sessions } = JSON.parse(run.manifest) as {
    files: { key: string; sha256: string; rows: number }[];
    charge: string;
    sessions: number;
  };
  const fileOf = (key: string) => files.find((file) => file.key === key);
  return [
    ...problemsOfRooms(run.roomCharges, totals),
    ...expect('charge of the manifest', String(tenThousandths(charge)), totals.charge),
    ...expect('sessions of the manifest', sessions, totals.logs),
    ...expect(
      'hash of room-charges.csv',
      fileOf(roomChargesKey(DATE))?.sha256,
      hash('sha256', run.roomCharges),
    ),
    ...expect('hash of line-items.csv', fileOf(lineItemsKey(DATE))?.sha256, run.lineItems.sha256),
    ...expect('rows of line-items.csv, by the manifest', fileOf(lineItemsKey(DATE))?.rows, totals.details),
    ...expect('rows of line-items.csv', run.lineItems.rows, totals.details),
    ...expect('sum of line-items.csv', run.lineItems.billed, totals.charge),
    ...expect('mails', run.mails, 1),
  ];
}

function expect(what: string, found: unknown, expected: unknown): string[] {
  return found === expected ? [] : [`${what}: ${String(found)} instead of ${String(expected)}`];
}
