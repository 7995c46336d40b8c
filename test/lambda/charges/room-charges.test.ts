import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readArchivedAmount } from '../../../lambda/money/amount.ts';
import { formatExact } from '../../../lambda/money/money.ts';
import { type DayCharges, RoomCharges, type RoomShare } from '../../../lambda/charges/room-charges.ts';

function session(roomName: string | null, charge: string | null, more: Partial<RoomShare> = {}): RoomShare {
  return {
    roomName,
    sessions: 1,
    inProgressSessions: Number(charge === null),
    durationMs: 60_000,
    charges: charge === null ? [] : [readArchivedAmount(charge)],
    ...more,
  };
}

function chargesOf(shares: readonly RoomShare[]): DayCharges {
  const rooms = new RoomCharges();
  for (const share of shares) rooms.add(share);
  return rooms.total();
}

function rowsOf({ rooms }: DayCharges): unknown[] {
  return rooms.map(({ roomName, sessions, inProgressSessions, durationMs, charge }) => [
    roomName,
    sessions,
    inProgressSessions,
    durationMs,
    formatExact(charge),
  ]);
}

describe('room charges', () => {
  test('are summed by room, sorted by charge, most expensive first, then by name', () => {
    const total = chargesOf([
      session('b', '0.10'),
      session('a', '0.10'),
      session('c', '0.05'),
      session('c', '0.25'),
      session('__proto__', '0.10'),
      session(null, '0.10'),
      session('credit', '-3'),
    ]);
    expect(rowsOf(total)).toEqual([
      ['c', 2, 0, 120_000, '0.30'],
      [null, 1, 0, 60_000, '0.10'],
      ['__proto__', 1, 0, 60_000, '0.10'],
      ['a', 1, 0, 60_000, '0.10'],
      ['b', 1, 0, 60_000, '0.10'],
      ['credit', 1, 0, 60_000, '-3.00'],
    ]);
    expect(formatExact(total.charge)).toBe('-2.30');
  });

  test('count sessions in progress among the sessions', () => {
    const total = chargesOf([
      session('a', null, { durationMs: 0 }),
      session('a', '0.50', { inProgressSessions: 1 }),
      session('a', '0.50'),
    ]);
    expect(rowsOf(total)).toEqual([['a', 3, 2, 120_000, '1.00']]);
    expect(total).toMatchObject({ sessions: 3, inProgressSessions: 2 });
  });

  test('include sessions that are running, have no end, or no charge yet', () => {
    const rooms = new RoomCharges();
    const charge = readArchivedAmount('0.25');
    rooms.addSession({ roomName: 'a', inProgress: false, durationMs: 60_000, charge });
    rooms.addSession({ roomName: 'a', inProgress: true, durationMs: null, charge });
    rooms.addSession({ roomName: null, inProgress: true, durationMs: null, charge: null });
    expect(rowsOf(rooms.total())).toEqual([
      ['a', 2, 1, 60_000, '0.50'],
      [null, 1, 1, 0, '0.00'],
    ]);
  });

  test('of a day without logs have no rooms, and a total of zero', () => {
    const total = chargesOf([]);
    expect(total).toMatchObject({ rooms: [], sessions: 0, inProgressSessions: 0 });
    expect(formatExact(total.charge)).toBe('0.00');
  });

  test('are the same in any order, and agree with an independent computation', () => {
    const log = fc.record({
      room: fc.constantFrom('a', 'b', '', 'ä', '__proto__', 'constructor'),
      tenThousandths: fc.integer({ min: -1_000_000, max: 1_000_000 }),
    });
    fc.assert(
      fc.property(fc.array(log), (logs) => {
        const sessions = logs.map(({ room, tenThousandths }) => session(room, inDollars(tenThousandths)));
        const found = chargesOf(sessions);
        for (const { roomName, charge } of found.rooms) {
          const expected = logs
            .filter(({ room }) => room === roomName)
            .reduce((sum, { tenThousandths }) => sum + tenThousandths, 0);
          expect(charge.times('10000').toFixed().replace('-0', '0')).toBe(String(expected));
        }
        expect(rowsOf(chargesOf(sessions.toReversed()))).toEqual(rowsOf(found));
      }),
    );
  });
});

function inDollars(tenThousandths: number): string {
  const digits = String(Math.abs(tenThousandths)).padStart(5, '0');
  return `${tenThousandths < 0 ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
}
