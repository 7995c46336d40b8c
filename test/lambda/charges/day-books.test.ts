import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { logChanges, tellChanges } from '../../../lambda/charges/changes.ts';
import { type ClosedBooks, type DayBooks, totalOf } from '../../../lambda/charges/day-books.ts';
import type { LineItem } from '../../../lambda/charges/line-item.ts';
import { formatExact } from '../../../lambda/charges/money.ts';
import type { SignalWireLog } from '../../../local/signalwire-server.ts';
import { booksOf } from '../../support/books.ts';
import { deletedLog, sessionLog, uuid } from '../../support/logs.ts';

function again(logs: readonly SignalWireLog[], before: ClosedBooks, revision = 1): ClosedBooks {
  const books: DayBooks = booksOf(logs);
  books.carryForward(before.lineItems, revision);
  return books.close();
}

function marks({ lineItems }: ClosedBooks): Partial<LineItem>[] {
  return lineItems.map(({ x_LogId, BilledCost, x_DiscardedAt, x_LastSeenRevision }) => ({
    x_LogId,
    BilledCost,
    x_DiscardedAt,
    x_LastSeenRevision,
  }));
}

const FIRST = booksOf([
  sessionLog('a', { charge: '1' }),
  sessionLog('b', { charge: '2', room: 'other' }),
]).close();

describe('the books of a day', () => {
  test('list the newest log first, then by id, then by detail', () => {
    const details = { charge_details: [{ charge: 1 }, { charge: 2 }] };
    const logs = [
      sessionLog('x', { createdAt: '2026-11-22T10:00:00Z' }),
      sessionLog('y', { createdAt: '2026-11-22T11:00:00.500+01:00', charge: '3', more: details }),
      sessionLog('z', { createdAt: '2026-11-22T10:00:00Z' }),
    ];
    const [first, second] = [uuid('x'), uuid('z')].sort();
    for (const order of [logs, logs.toReversed()]) {
      const { lineItems } = booksOf(order).close();
      expect(lineItems.map(({ x_LogId, x_DetailIndex }) => [x_LogId, x_DetailIndex])).toEqual([
        [uuid('y'), '0'],
        [uuid('y'), '1'],
        [first, ''],
        [second, ''],
      ]);
    }
  });

  test('count deleted logs, which bear no charge', () => {
    const books = booksOf([deletedLog('a'), sessionLog('b')]).close();
    expect(books.deletedLogs).toBe(1);
    expect(books.charges.sessions).toBe(1);
  });
});

describe('a further reading', () => {
  test('of the same logs gives the same books', () => {
    expect(
      again([sessionLog('b', { charge: '2', room: 'other' }), sessionLog('a', { charge: '1' })], FIRST),
    ).toEqual(FIRST);
  });

  test('keeps the charge of a log that is absent, and says when it was last seen', () => {
    const books = again([sessionLog('b', { charge: '2', room: 'other' })], FIRST, 3);
    expect(marks(books)).toContainEqual({
      x_LogId: uuid('a'),
      BilledCost: '1.00',
      x_DiscardedAt: '',
      x_LastSeenRevision: '3',
    });
    expect(formatExact(books.charges.charge)).toBe('3.00');
    expect(books.charges).toMatchObject({ sessions: 2, inProgressSessions: 0 });
    expect(books.charges.rooms).toEqual(FIRST.charges.rooms);
    expect(tellChanges(logChanges(FIRST.lineItems, books.lineItems))).toBe(
      '1 charge kept that SignalWire no longer tells',
    );
  });

  test('keeps the charge of a log that was deleted, and says when', () => {
    const books = again([deletedLog('a'), sessionLog('b', { charge: '2', room: 'other' })], FIRST);
    expect(marks(books)).toContainEqual({
      x_LogId: uuid('a'),
      BilledCost: '1.00',
      x_DiscardedAt: '2026-11-22T20:00:00Z',
      x_LastSeenRevision: '1',
    });
    expect(books.deletedLogs).toBe(1);
    expect(formatExact(books.charges.charge)).toBe('3.00');
  });

  test('keeps a mark from one reading to the next, and takes it away when the log is back', () => {
    const gone = again([sessionLog('b', { charge: '2', room: 'other' })], FIRST, 1);
    const stillGone = again([deletedLog('a'), sessionLog('b', { charge: '2', room: 'other' })], gone, 2);
    expect(marks(stillGone)).toContainEqual({
      x_LogId: uuid('a'),
      BilledCost: '1.00',
      x_DiscardedAt: '2026-11-22T20:00:00Z',
      x_LastSeenRevision: '1',
    });
    const logs = [sessionLog('a', { charge: '1' }), sessionLog('b', { charge: '2', room: 'other' })];
    expect(again(logs, stillGone, 3)).toEqual(FIRST);
  });

  test('takes a late charge and a corrected one as they are now', () => {
    const books = again(
      [
        sessionLog('a', { charge: '0.5' }),
        sessionLog('b', { charge: '2', room: 'other' }),
        sessionLog('c', { charge: '4' }),
      ],
      FIRST,
    );
    expect(formatExact(books.charges.charge)).toBe('6.50');
    expect(tellChanges(logChanges(FIRST.lineItems, books.lineItems))).toBe(
      '1 late charge, 1 charge corrected',
    );
  });

  test('keeps a charge that has become null, and counts its session once', () => {
    const books = again(
      [
        sessionLog('a', { charge: 'null', status: 'in-progress' }),
        sessionLog('b', { charge: '2', room: 'other' }),
      ],
      FIRST,
    );
    expect(formatExact(books.charges.charge)).toBe('3.00');
    expect(books.charges).toMatchObject({ sessions: 2, inProgressSessions: 1 });
  });

  test('that only tells more of a session says so', () => {
    const books = again(
      [
        sessionLog('a', { charge: '1', more: { locked: true } }),
        sessionLog('b', { charge: '2', room: 'other' }),
      ],
      FIRST,
    );
    expect(tellChanges(logChanges(FIRST.lineItems, books.lineItems))).toBe(
      'no charge changed, but what is known of the sessions',
    );
  });

  test('never loses a charge, whatever comes after whatever', () => {
    // What a reading may say of each of five logs: nothing, deleted, in progress, or a charge in cents.
    const saying = fc.oneof(
      fc.constantFrom('absent', 'deleted', 'in progress'),
      fc.integer({ min: -50, max: 500 }),
    );
    const reading = fc.array(saying, { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(reading, { minLength: 1, maxLength: 6 }), (readings) => {
        let books: ClosedBooks = booksOf([]).close();
        const lastKnown = new Map<number, number>();
        for (const [index, sayings] of readings.entries()) {
          books = again(sayings.flatMap(logOf), books, index + 1);
          for (const [log, said] of sayings.entries()) if (typeof said === 'number') lastKnown.set(log, said);
          const cents = [...lastKnown.values()].reduce((sum, charge) => sum + charge, 0);
          expect(books.charges.charge.times('100').toFixed().replace('-0', '0')).toBe(String(cents));
          expect(totalOf(books.lineItems).eq(books.charges.charge)).toBe(true);
        }
      }),
    );
  });
});

function logOf(said: string | number, name: number): SignalWireLog[] {
  const room = `room ${name % 2}`;
  if (typeof said === 'number') return [sessionLog(name, { room, charge: (said / 100).toFixed(2) })];
  if (said === 'deleted') return [deletedLog(name)];
  return said === 'absent' ? [] : [sessionLog(name, { room, charge: 'null', status: 'in-progress' })];
}
