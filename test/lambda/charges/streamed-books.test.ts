import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatExact } from '../../../lambda/money/money.ts';
import { SeededRandom } from '../../../local/random.ts';
import type { SignalWireLog } from '../../../local/signalwire-server.ts';
import { deletedLog, sessionLog } from '../../support/logs.ts';
import { type ExpectedDay, expectedDay } from './day-oracle.ts';
import { type Read, readAgainst } from './read-against.ts';

const LAST_SECOND = Date.parse('2026-11-22T23:59:59Z');

/** The order in which SignalWire lists a day. */
type Order = 'newest first' | 'nearly so' | 'oldest first';

/** What a reading says about each log; most are as they were before. */
function listOf(count: number, order: Order, moves: boolean, seed: string): SignalWireLog[] {
  const random = new SeededRandom(seed);
  const instants = Array.from({ length: count }, (_, index) => index - (index % 3));
  if (moves)
    for (let log = 0; log < count; log += 1) if (random.chance(3 / count)) instants[log] = count - log;
  const logs = instants.flatMap((seconds, name) => {
    const createdAt = new Date(LAST_SECOND - seconds * 1000).toISOString().replace('.000Z', 'Z');
    const place = order === 'nearly so' ? seconds + random.next() * 40 : seconds;
    return saidOf(name, createdAt, count > 100 ? 0.002 : 0.3, random).map((log) => ({ log, place }));
  });
  logs.sort((a, b) => a.place - b.place);
  if (order === 'oldest first') logs.reverse();
  return logs.map(({ log }) => log);
}

/** @param odds that a log differs from a usual one */
function saidOf(name: number, createdAt: string, odds: number, random: SeededRandom): SignalWireLog[] {
  const room = [null, 'standup', 'Zürich, "A"'][name % 3] ?? null;
  const isUsual = !random.chance(odds);
  const cents = isUsual ? name % 700 : random.integer(-100, 900);
  switch (isUsual ? 0 : random.integer(0, 4)) {
    case 1:
      return [];
    case 2:
      return [deletedLog(name, createdAt)];
    case 3:
      return [sessionLog(name, { room, createdAt, charge: inDollars(cents), status: 'in-progress' })];
    case 4:
      return [sessionLog(name, { room, createdAt, charge: 'null', status: 'in-progress' })];
    default: {
      const parts = [{ charge: inDollars(cents - 5), description: 'a' }, { charge: '0.05' }];
      const more = name % 10 === 0 ? { charge_details: parts } : {};
      return [sessionLog(name, { room, createdAt, charge: inDollars(cents), more })];
    }
  }
}

function inDollars(cents: number): string {
  return (cents / 100).toFixed(2);
}

function found({ books, bytes }: Read): unknown {
  const { charges, changes, deletedLogs, carriedForward } = books;
  return {
    rooms: charges.rooms.map((room) => [
      room.roomName,
      room.sessions,
      room.inProgressSessions,
      room.durationMs,
      formatExact(room.charge),
    ]),
    changes,
    deletedLogs,
    carriedForward: formatExact(carriedForward),
    csv: bytes.toString(),
  };
}

function wanted({ rooms, changes, deletedLogs, carriedCents, csv }: ExpectedDay): unknown {
  return {
    rooms: rooms.map(([name, sessions, running, ms, cents]) => [name, sessions, running, ms, inFull(cents)]),
    changes,
    deletedLogs,
    carriedForward: inFull(carriedCents),
    csv,
  };
}

function inFull(cents: bigint): string {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

const reading = fc.record({
  order: fc.constantFrom<Order>('newest first', 'newest first', 'nearly so', 'oldest first'),
  moves: fc.boolean(),
  seed: fc.string(),
});

/**
 * Reads a day again and again, and compares each reading with the expected result.
 *
 * @returns how often the day was read for each reading
 */
async function check(
  count: number,
  readings: readonly { order: Order; moves: boolean; seed: string }[],
): Promise<number[]> {
  let expected = expectedDay([], new Map(), 0);
  let before: { bytes: Buffer; revision: number } | null = null;
  const times: number[] = [];
  for (const [revision, { order, moves, seed }] of readings.entries()) {
    const logs = listOf(count, order, moves, seed);
    expected = expectedDay(
      logs.map(({ json }) => json),
      expected.items,
      revision,
    );
    const read = await readAgainst(logs, before);
    expect(found(read)).toEqual(wanted(expected));
    times.push(read.readings);
    before = { bytes: read.bytes, revision: revision + 1 };
  }
  return times;
}

test('a day that is read again agrees with an independent computation, whatever has changed in between', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 25 }),
      fc.array(reading, { minLength: 2, maxLength: 4 }),
      async (count, readings) => {
        expect(Math.max(...(await check(count, readings)))).toBeLessThanOrEqual(2);
      },
    ),
    { numRuns: 200 },
  );
});

test('so does a day of thousands of logs, whose line items are written as they come', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 4500, max: 6000 }),
      fc.tuple(reading, reading),
      async (count, readings) => {
        expect(Math.max(...(await check(count, readings)))).toBeLessThanOrEqual(2);
      },
    ),
    { numRuns: 5 },
  );
});

test.each<Order>(['newest first', 'nearly so', 'oldest first'])(
  'a day of thousands of logs that comes %s is read once',
  async (order) => {
    const readings = ['a', 'b'].map((seed) => ({ order, moves: false, seed }));
    expect(await check(6000, readings)).toEqual([1, 1]);
  },
);

test('a log whose time of creation has changed is counted once, after the day is read a second time', async () => {
  const at = (time: string): SignalWireLog[] => [
    sessionLog('later', { createdAt: '2026-11-22T20:00:00Z' }),
    sessionLog('moved', { createdAt: `2026-11-22T${time}Z`, charge: '5' }),
    sessionLog('earlier', { createdAt: '2026-11-22T10:00:00Z' }),
  ];
  const first = await readAgainst(at('12:00:00'), null);
  for (const time of ['09:00:00', '21:00:00']) {
    const { books, bytes, readings } = await readAgainst(at(time), { bytes: first.bytes, revision: 1 });
    expect(readings).toBe(2);
    expect(formatExact(books.charges.charge)).toBe('5.20');
    expect(books.charges.sessions).toBe(3);
    expect(books.changes).toEqual({ late: 0, corrected: 0, forgotten: 0 });
    expect(bytes).toEqual((await readAgainst(at(time), null)).bytes);
  }
});

test('a deleted log whose time of creation has changed keeps its charge, and moves in the archive’s order', async () => {
  const other = sessionLog('other', { createdAt: '2026-11-22T10:00:00Z' });
  const first = await readAgainst([sessionLog('moved'), other], null);
  const listed = [other, deletedLog('moved', '2026-11-22T09:00:00Z')];
  const second = await readAgainst(listed, { bytes: first.bytes, revision: 1 });
  expect(formatExact(second.books.charges.charge)).toBe('0.20');
  expect(second.bytes.toString()).toContain(',2026-11-22T09:00:00.000Z,2026-11-22T12:00:00Z,');
  const third = await readAgainst(listed, { bytes: second.bytes, revision: 2 });
  expect(third.bytes).toEqual(second.bytes);
  expect(third.readings).toBe(1);
});

test('if a log comes after logs behind it were handed on, the day is read again, to the same bytes', async () => {
  const [newest, ...others] = listOf(6000, 'newest first', false, 'late');
  const late = newest === undefined ? others : [...others.slice(0, 5500), newest, ...others.slice(5500)];
  const inOrder = await readAgainst(listOf(6000, 'newest first', false, 'late'), null);
  const { readings, bytes, books } = await readAgainst(late, null);
  expect([inOrder.readings, readings]).toEqual([1, 2]);
  expect(bytes.equals(inOrder.bytes)).toBe(true);
  expect(found({ readings, bytes, books })).toEqual(found(inOrder));
});
