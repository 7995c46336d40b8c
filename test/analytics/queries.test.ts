import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FolderStore } from '../../operator/folder/folder-store.ts';
import { synthesized } from '../infrastructure/synthesized.ts';
import { fullDecimal, sumOf } from './exact.ts';
import { type Lake, openLake } from './lake.ts';
import {
  archivedAt,
  archiveYear,
  latest,
  MISSING_DAYS,
  RESTATEMENTS,
  type Session,
  type Year,
} from './year.ts';

const folder = mkdtempSync(join(tmpdir(), 'archive-'));
let year: Year;
let sessions: Session[];
let lake: Lake;

beforeAll(async () => {
  year = await archiveYear(new FolderStore(folder));
  sessions = [...year.keys()].flatMap((day) => latest(year, day));
  lake = await openLake(synthesized(), { folder, now: '2029-01-01T06:30:00Z' });
});

afterAll(() => {
  lake.close();
  rmSync(folder, { recursive: true });
});

const chargeOf = (some: readonly Session[]): bigint => sumOf(some.map(({ charge }) => charge));
const month = (day: string): string => `${day.slice(0, 7)}-01`;
/** A timestamp as DuckDB writes it: without trailing zeros. */
const shown = (instant: number): string =>
  new Date(instant)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.?0*Z$/, '');
const descending = (a: bigint, b: bigint): number => Number(b > a) - Number(b < a);

describe('of a year in the archive, the saved query', () => {
  test('returns the cost by room and month', async () => {
    const groups = Object.entries(
      Object.groupBy(sessions, ({ day, roomName }) => JSON.stringify([month(day), roomName])),
    ).map(([key, ofGroup = []]) => {
      const [ofMonth, roomName] = JSON.parse(key) as [string, string | null];
      // room-charges.csv guards names against being run as formulas by spreadsheets.
      const name = roomName === '=1+1' ? "'=1+1" : roomName;
      return { month: ofMonth, room_name: name, sessions: ofGroup.length, charge: chargeOf(ofGroup) };
    });
    const expected = groups
      .sort((a, b) => b.month.localeCompare(a.month) || descending(a.charge, b.charge))
      .map((group) => ({
        ...group,
        sessions: String(group.sessions),
        charge: fullDecimal(group.charge),
        currency: 'USD',
      }));
    expect(expected.length).toBeGreaterThan(60);
    expect(await lake.ask('Cost by room and month')).toEqual(expected);
  });

  test('returns the month to date', async () => {
    const days = [...year.keys()].filter((day) => day >= '2028-12-01');
    const expected = days.map((day, index) => ({
      day,
      charge: fullDecimal(chargeOf(latest(year, day))),
      month_to_date: fullDecimal(
        chargeOf(days.slice(0, index + 1).flatMap((earlier) => latest(year, earlier))),
      ),
      currency: 'USD',
    }));
    expect(await lake.ask('Month to date')).toEqual(expected.reverse());
  });

  test('returns the most expensive sessions, each with all its line items', async () => {
    const expected = sessions
      .toSorted((a, b) => descending(a.charge, b.charge))
      .slice(0, 100)
      .map(({ id, day, roomName, start, end, charge }) => ({
        day,
        log_id: id,
        room_name: roomName,
        started_at: shown(start),
        ended_at: shown(end),
        charge: fullDecimal(charge),
        currency: 'USD',
        url: null,
      }));
    expect(await lake.ask('The dearest sessions')).toEqual(expected);
  });

  test('returns the restatements', async () => {
    const expected = [...RESTATEMENTS.keys()].flatMap((day) =>
      (year.get(day) ?? []).slice(1).map((reading, index) => {
        const before = chargeOf(year.get(day)?.[index] ?? []);
        return {
          day,
          revision: String(index + 2),
          archived_at: shown(archivedAt(day, index + 2)),
          charge_before: fullDecimal(before),
          charge_after: fullDecimal(chargeOf(reading)),
          difference: fullDecimal(chargeOf(reading) - before),
          sessions_difference: '0',
          currency: 'USD',
          reason: 'charges changed',
          restated_by: 'the test',
        };
      }),
    );
    expect(expected).toHaveLength(4);
    expect(await lake.ask('Restatements')).toEqual(
      expected.sort((a, b) => b.archived_at.localeCompare(a.archived_at)),
    );
  });

  test('returns the missing days', async () => {
    expect(await lake.ask('Days missing')).toEqual(MISSING_DAYS.map((day) => ({ missing_day: day })));
  });

  test('finds no day that does not add up', async () => {
    expect(await lake.ask('Days that do not add up')).toEqual([]);
  });
});
