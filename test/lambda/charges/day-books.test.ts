import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LineItemsFile } from '../../../lambda/archive/line-items-file.ts';
import { billingDay } from '../../../lambda/billing-day.ts';
import type { ArchivedLog } from '../../../lambda/charges/archived-logs.ts';
import { logChanges, describeChanges, totalOf } from '../../../lambda/charges/changes.ts';
import { DayBooks } from '../../../lambda/charges/day-books.ts';
import { EarlierReading } from '../../../lambda/charges/earlier-reading.ts';
import type { LineItem } from '../../../lambda/charges/line-item.ts';
import { formatExact } from '../../../lambda/money/money.ts';
import { readDay } from '../../../lambda/signalwire/day-reading.ts';
import type { SignalWireLog } from '../../../local/signalwire-server.ts';
import { ACCOUNT, closedBooks, type WrittenBooks } from '../../support/books.ts';
import { deletedLog, sessionLog, uuid } from '../../support/logs.ts';
import { WatchedStore } from '../../support/watched-store.ts';

function again(
  logs: readonly SignalWireLog[],
  before: WrittenBooks,
  revision?: number,
): Promise<WrittenBooks> {
  return closedBooks(logs, before.lineItems, revision);
}

/** What the archive would hold, without how it came to that. */
function archived({ charges, deletedLogs, notices, bytes }: WrittenBooks): unknown {
  return { charges, deletedLogs, notices, bytes };
}

function marks({ lineItems }: WrittenBooks): Partial<LineItem>[] {
  return lineItems.map(({ x_LogId, BilledCost, x_DiscardedAt, x_LastSeenRevision }) => ({
    x_LogId,
    BilledCost,
    x_DiscardedAt,
    x_LastSeenRevision,
  }));
}

const FIRST = await closedBooks([
  sessionLog('a', { charge: '1' }),
  sessionLog('b', { charge: '2', room: 'other' }),
]);

/** What has changed since the first reading; counting as the logs come and comparing whole files must agree. */
function changesIn({ changes, lineItems }: WrittenBooks): string {
  const words = describeChanges(changes);
  expect(describeChanges(logChanges(FIRST.lineItems, lineItems))).toBe(words);
  return words;
}

describe('the books of a day', () => {
  test('list the newest log first, then by id, then by detail', async () => {
    const details = { charge_details: [{ charge: 1 }, { charge: 2 }] };
    const logs = [
      sessionLog('x', { createdAt: '2026-11-22T10:00:00Z' }),
      sessionLog('y', { createdAt: '2026-11-22T11:00:00.500+01:00', charge: '3', more: details }),
      sessionLog('z', { createdAt: '2026-11-22T10:00:00Z' }),
    ];
    const [first, second] = [uuid('x'), uuid('z')].sort();
    for (const order of [logs, logs.toReversed()]) {
      const { lineItems } = await closedBooks(order);
      expect(lineItems.map(({ x_LogId, x_DetailIndex }) => [x_LogId, x_DetailIndex])).toEqual([
        [uuid('y'), '0'],
        [uuid('y'), '1'],
        [first, ''],
        [second, ''],
      ]);
    }
  });

  test('count deleted logs, which have no charge', async () => {
    const books = await closedBooks([deletedLog('a'), sessionLog('b')]);
    expect(books.deletedLogs).toBe(1);
    expect(books.charges.sessions).toBe(1);
  });
});

describe('a later reading', () => {
  test('of the same logs gives the same books', async () => {
    const books = await again(
      [sessionLog('b', { charge: '2', room: 'other' }), sessionLog('a', { charge: '1' })],
      FIRST,
    );
    expect(archived(books)).toEqual(archived(FIRST));
    expect(books.changes).toEqual({ late: 0, corrected: 0, forgotten: 0 });
  });

  test('keeps the charge of a log that is absent, and records when it was last seen', async () => {
    const books = await again([sessionLog('b', { charge: '2', room: 'other' })], FIRST, 3);
    expect(marks(books)).toContainEqual({
      x_LogId: uuid('a'),
      BilledCost: '1.00',
      x_DiscardedAt: '',
      x_LastSeenRevision: '3',
    });
    expect(formatExact(books.charges.charge)).toBe('3.00');
    expect(books.charges).toMatchObject({ sessions: 2, inProgressSessions: 0 });
    expect(books.charges.rooms).toEqual(FIRST.charges.rooms);
    expect(changesIn(books)).toBe('1 charge kept that SignalWire no longer lists');
  });

  test('keeps the charge of a log that was deleted, and records when', async () => {
    const books = await again([deletedLog('a'), sessionLog('b', { charge: '2', room: 'other' })], FIRST);
    expect(marks(books)).toContainEqual({
      x_LogId: uuid('a'),
      BilledCost: '1.00',
      x_DiscardedAt: '2026-11-22T20:00:00Z',
      x_LastSeenRevision: '1',
    });
    expect(books.deletedLogs).toBe(1);
    expect(formatExact(books.charges.charge)).toBe('3.00');
  });

  test('keeps a mark from one reading to the next, and removes it when the log is back', async () => {
    const gone = await again([sessionLog('b', { charge: '2', room: 'other' })], FIRST, 1);
    const stillGone = await again(
      [deletedLog('a'), sessionLog('b', { charge: '2', room: 'other' })],
      gone,
      2,
    );
    expect(marks(stillGone)).toContainEqual({
      x_LogId: uuid('a'),
      BilledCost: '1.00',
      x_DiscardedAt: '2026-11-22T20:00:00Z',
      x_LastSeenRevision: '1',
    });
    const logs = [sessionLog('a', { charge: '1' }), sessionLog('b', { charge: '2', room: 'other' })];
    expect(archived(await again(logs, stillGone, 3))).toEqual(archived(FIRST));
  });

  test('takes a late charge and a corrected one as they are now', async () => {
    const books = await again(
      [
        sessionLog('a', { charge: '0.5' }),
        sessionLog('b', { charge: '2', room: 'other' }),
        sessionLog('c', { charge: '4' }),
      ],
      FIRST,
    );
    expect(formatExact(books.charges.charge)).toBe('6.50');
    expect(changesIn(books)).toBe('1 late charge, 1 charge corrected');
  });

  test('keeps a charge that has become null, and counts its session once', async () => {
    const books = await again(
      [
        sessionLog('a', { charge: 'null', status: 'in-progress' }),
        sessionLog('b', { charge: '2', room: 'other' }),
      ],
      FIRST,
    );
    expect(formatExact(books.charges.charge)).toBe('3.00');
    expect(books.charges).toMatchObject({ sessions: 2, inProgressSessions: 1 });
  });

  test('that only brings other details of a session is described so', async () => {
    const books = await again(
      [
        sessionLog('a', { charge: '1', more: { locked: true } }),
        sessionLog('b', { charge: '2', room: 'other' }),
      ],
      FIRST,
    );
    expect(changesIn(books)).toBe('no charge changed, only other details of the sessions');
  });

  test('never loses a charge, whatever sequence of readings there is', async () => {
    // What a reading may say about each of five logs: absent, deleted, in progress, or a charge in cents.
    const saying = fc.oneof(
      fc.constantFrom('absent', 'deleted', 'in progress'),
      fc.integer({ min: -50, max: 500 }),
    );
    const reading = fc.array(saying, { minLength: 5, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(reading, { minLength: 1, maxLength: 6 }), async (readings) => {
        let books = await closedBooks([]);
        const lastKnown = new Map<number, number>();
        for (const [index, sayings] of readings.entries()) {
          books = await again(sayings.flatMap(logOf), books, index + 1);
          for (const [log, said] of sayings.entries()) if (typeof said === 'number') lastKnown.set(log, said);
          const cents = [...lastKnown.values()].reduce((sum, charge) => sum + charge, 0);
          expect(books.charges.charge.times('100').toFixed().replace('-0', '0')).toBe(String(cents));
          expect(totalOf(books.lineItems).eq(books.charges.charge)).toBe(true);
        }
      }),
    );
  });
});

test('if closing the earlier reading fails, the books still discard their file, and the first error is thrown', async () => {
  const store = new WatchedStore();
  const portions: AsyncIterator<ArchivedLog[]> = {
    next: () => Promise.resolve({ done: false, value: [] }),
    return: () => Promise.reject(new Error('Not closed')),
  };
  const reading = readDay(
    () => Promise.reject(new Error('No page')),
    'https://example.signalwire.com',
    billingDay('2026-11-22', 'UTC'),
    (manner) =>
      new DayBooks(
        manner,
        new LineItemsFile(store, '2026-11-22', ACCOUNT),
        new EarlierReading(1, { [Symbol.asyncIterator]: () => portions }),
      ),
    { waiting: null, onNotice: () => undefined },
  );
  expect(store.openUploads).toHaveLength(1);
  await expect(reading).rejects.toThrow('No page');
  expect(store.openUploads).toEqual([]);
});

function logOf(said: string | number, name: number): SignalWireLog[] {
  const room = `room ${name % 2}`;
  if (typeof said === 'number') return [sessionLog(name, { room, charge: (said / 100).toFixed(2) })];
  if (said === 'deleted') return [deletedLog(name)];
  return said === 'absent' ? [] : [sessionLog(name, { room, charge: 'null', status: 'in-progress' })];
}
