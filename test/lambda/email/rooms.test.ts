import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RoomChargeRow } from '../../../lambda/archive/room-charges-csv.ts';
import { daysBefore } from '../../../lambda/billing-day.ts';
import { parseArchived } from '../../../lambda/money/money.ts';
import { chargesByCell, type PastDay, type PastRooms } from '../../../lambda/email/history.ts';
import { movements, unusualRooms } from '../../../lambda/email/rooms.ts';

const MONDAY = '2026-11-23';

type Rooms = Readonly<Record<string, string>>;

function rowsOf(rooms: Rooms): RoomChargeRow[] {
  return Object.entries(rooms).map(([room_name, charge]) => ({
    ...{ day: MONDAY, space: 'example', room_name, charge, currency: 'USD' },
    ...{ sessions: '1', in_progress_sessions: '0', duration_seconds: '600' },
  }));
}

/** The days before, the nearest first, with the rooms that each had. */
function past(count: number, roomsOf: (day: string, daysAgo: number) => Rooms | PastRooms): PastDay[] {
  return daysBefore(MONDAY, count).map((day, index) => {
    const found = roomsOf(day, index + 1);
    const rooms: PastRooms = isMissing(found) ? found : known(found);
    return { day, kind: 'known', charge: parseArchived('0.00'), sessions: 1, rooms };
  });
}

function isMissing(rooms: Rooms | PastRooms): rooms is PastRooms {
  return rooms.kind === 'missing';
}

function known(rooms: Rooms): PastRooms {
  return { kind: 'known', charges: chargesByCell(rowsOf(rooms)) };
}

function movementsOf(today: Rooms, days: readonly PastDay[]): string[] {
  const found = movements(rowsOf(today), days);
  if (found === null) throw new Error('The movements are unknown');
  return found.map(
    ({ name, charge, sevenfoldDifference }) =>
      `${name ?? 'none'} ${charge.toFixed(2)} ${sevenfoldDifference.times('0.01').toFixed(4)}`,
  );
}

describe('rooms that moved', () => {
  test('are ordered by dollars, up or down, including a room that is gone and a new one', () => {
    const week = past(7, () => ({ steady: '10.00', down: '10.00', gone: '3.00', up: '1.00' }));
    expect(movementsOf({ steady: '10.00', down: '5.00', up: '3.00', new: '4.00' }, week)).toEqual([
      'down 5.00 -0.3500',
      'new 4.00 0.2800',
      'gone 0.00 -0.2100',
      'up 3.00 0.1400',
      'steady 10.00 0.0000',
    ]);
  });

  test('are ordered by percent if the dollars are equal, then by name', () => {
    const week = past(7, () => ({ large: '100.00', small: '10.00', b: '1.00', a: '1.00' }));
    const today = { large: '105.00', small: '15.00', b: '6.00', a: '6.00' };
    expect(movementsOf(today, week).map((line) => line.split(' ')[0])).toEqual(['a', 'b', 'small', 'large']);
  });

  test('are unknown if one of the seven days or its rooms are missing', () => {
    const days = past(7, () => ({ standup: '1.00' }));
    expect(movements([], [...days.slice(0, 6), { day: '2026-11-16', kind: 'absent' }])).toBeNull();
    const missing = past(7, (_day, daysAgo) =>
      daysAgo === 3 ? { kind: 'missing', why: 'is gone' } : { standup: '1.00' },
    );
    expect(movements([], missing)).toBeNull();
  });

  test('together move as much as the totals do', () => {
    const rooms = fc.dictionary(
      fc.constantFrom('a', 'b', 'c', 'd'),
      fc.integer({ min: -999, max: 99_999 }).map((cents) => (cents / 100).toFixed(2)),
    );
    fc.assert(
      fc.property(rooms, fc.array(rooms, { minLength: 7, maxLength: 7 }), (today, week) => {
        const found = movements(
          rowsOf(today),
          past(7, (_day, daysAgo) => week[daysAgo - 1] ?? {}),
        );
        if (found === null) throw new Error('The movements are unknown');
        const sum = (all: Rooms): number =>
          Object.values(all).reduce((cents, charge) => cents + Math.round(Number(charge) * 100), 0);
        const expected = 7 * sum(today) - week.reduce((cents, day) => cents + sum(day), 0);
        const moved = found.reduce(
          (cents, { sevenfoldDifference }) => cents + Number(sevenfoldDifference.times('100').toFixed()),
          0,
        );
        expect(moved).toBe(expected);
      }),
    );
  });
});

describe('an unusual room', () => {
  const working = (day: string): boolean => ![0, 6].includes(new Date(day).getUTCDay());
  const daily = past(56, (day) => (working(day) ? { standup: '10.00' } : { standup: '500.00' }));

  function unusual(today: Rooms, days: readonly PastDay[]): string[] {
    return unusualRooms(MONDAY, rowsOf(today), days).map(
      ({ name, charge, verdict }) =>
        `${name ?? 'none'} ${charge.toFixed(2)} ${verdict.median.toFixed(2)} ${verdict.points}`,
    );
  }

  test('is compared with days of the same kind', () => {
    expect(unusual({ standup: '20.00' }, daily)).toEqual(['standup 20.00 10.00 40']);
    expect(unusual({ standup: '10.00' }, daily)).toEqual([]);
  });

  test('may be one that is missing today', () => {
    expect(unusual({}, daily)).toEqual(['standup 0.00 10.00 40']);
  });

  test('is never a new or rare one, used on fewer than 14 days', () => {
    const days = (used: number): PastDay[] => {
      let seen = 0;
      return past(56, (day) => {
        if (working(day)) seen += 1;
        return working(day) && seen <= used ? { rare: '1.00' } : {};
      });
    };
    expect(unusual({ rare: '50.00', new: '50.00' }, days(13))).toEqual([]);
    expect(unusual({ rare: '50.00', new: '50.00' }, days(14))).toEqual(['rare 50.00 0.00 40']);
  });

  test('is ordered among others by the size of the difference', () => {
    const days = past(56, () => ({ a: '10.00', b: '10.00', '': '10.00' }));
    expect(unusual({ a: '30.00', b: '90.00', '': '2.00' }, days)).toEqual([
      'b 90.00 10.00 40',
      'a 30.00 10.00 40',
      'none 2.00 10.00 40',
    ]);
  });
});
