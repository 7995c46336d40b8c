import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareLogs, LogOrder } from '../../../lambda/charges/log-order.ts';
import { OutOfOrderError } from '../../../lambda/signalwire/day-reading.ts';
import { AsSent } from '../../../lambda/signalwire/as-sent.ts';
import { DeletedLog, type VideoLog } from '../../../lambda/signalwire/video-log.ts';
import { SeededRandom } from '../../../local/random.ts';

const NOON = Date.parse('2026-11-22T12:00:00Z');

function logAt(createdAt: number, id: string): VideoLog {
  return new DeletedLog(AsSent.of({ id }), createdAt, '2026-11-22T20:00:00Z');
}

/** Logs in the archive's order, several per second. */
function newestFirst(count: number): VideoLog[] {
  return Array.from({ length: count }, (_, index) =>
    logAt(NOON - Math.floor(index / 3) * 1000, String(index % 3)),
  );
}

/** What the order yields for pages of these logs. */
function through(
  logs: readonly VideoLog[],
  page: number,
  holdsAll = false,
): { logs: VideoLog[]; most: number } {
  const order = new LogOrder(holdsAll);
  const out: VideoLog[] = [];
  let most = 0;
  for (const [index, log] of logs.entries()) {
    order.add(log);
    most = Math.max(most, index + 1 - out.length);
    if ((index + 1) % page === 0) out.push(...order.take());
  }
  out.push(...order.takeRest());
  return { logs: out, most };
}

/** The same logs, each moved by a limited number of places at most. */
function disordered(logs: readonly VideoLog[], places: number, seed: string): VideoLog[] {
  const random = new SeededRandom(seed);
  return logs
    .map((log, index) => ({ log, place: index + random.next() * places }))
    .sort((a, b) => a.place - b.place)
    .map(({ log }) => log);
}

function shuffled(logs: readonly VideoLog[]): VideoLog[] {
  return disordered(logs, 1_000_000_000, 'shuffled');
}

const cuts = fc.constantFrom(1, 7, 99, 100, 101, 500, 1000, 4000);

describe('a list of logs', () => {
  test('in any order comes out in the archive’s order if it is short', () => {
    const log = fc
      .tuple(fc.integer({ min: -3, max: 3 }), fc.string({ maxLength: 2 }))
      .map(([seconds, id]) => logAt(NOON + seconds * 1000, id));
    fc.assert(
      fc.property(
        fc.uniqueArray(log, { selector: ({ id }) => id }),
        fc.integer({ min: 1, max: 5 }),
        (logs, page) => {
          expect(through(logs, page).logs).toEqual(logs.toSorted(compareLogs));
        },
      ),
    );
  });

  test('that comes newest first, or nearly so, comes out in order, with few logs held', () => {
    const sorted = newestFirst(12_000);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), cuts, fc.string(), (places, page, seed) => {
        const { logs, most } = through(disordered(sorted, places, seed), page);
        expect(logs).toEqual(sorted);
        expect(most).toBeLessThanOrEqual(4000 + page);
      }),
      { numRuns: 25 },
    );
  });

  test.each([
    ['oldest first', (logs: readonly VideoLog[]) => logs.toReversed()],
    ['in no order', shuffled],
  ])('that comes %s is held to the end, and comes out in order', (_order, reorder) => {
    const sorted = newestFirst(9000);
    expect(through(reorder(sorted), 1000)).toEqual({ logs: sorted, most: 9000 });
  });

  test.each([80, 3000])(
    'in which %i logs share an instant, with ids in no order, does not count as disordered',
    (burst) => {
      const sorted = newestFirst(9000).map((log, index) =>
        index >= 1000 && index < 1000 + burst
          ? logAt(NOON - 400_000, String(index).padStart(5, '0'))
          : logAt(log.createdAt - (index < 1000 ? 0 : 1_000_000), log.id),
      );
      const mixed = [
        ...sorted.slice(0, 1000),
        ...shuffled(sorted.slice(1000, 1000 + burst)),
        ...sorted.slice(1000 + burst),
      ];
      const { logs, most } = through(mixed, 500);
      expect(logs).toEqual(sorted);
      expect(most).toBeLessThan(5500);
    },
  );

  test('that must be held is held, whatever its order', () => {
    const sorted = newestFirst(9000);
    expect(through(sorted, 1000, true)).toEqual({ logs: sorted, most: 9000 });
    expect(through(shuffled(sorted), 1000, true)).toEqual({ logs: sorted, most: 9000 });
  });

  test('in which a log comes late, but before logs after it were handed on, comes out in order', () => {
    const sorted = newestFirst(10_000);
    const late = (places: number): VideoLog[] => [
      ...sorted.slice(0, 6000),
      ...sorted.slice(6001, 6001 + places),
      ...sorted.slice(6000, 6001),
      ...sorted.slice(6001 + places),
    ];
    expect(through(late(100), 100).logs).toEqual(sorted);
    expect(() => through(late(400), 100)).toThrow(OutOfOrderError);
  });

  test('in which a log comes after logs behind it were handed on is out of order', () => {
    const sorted = newestFirst(10_000);
    const order = new LogOrder(false);
    for (const log of sorted.slice(1, 6000)) order.add(log);
    expect(order.take()).toEqual(sorted.slice(1, 5900));
    expect(() => {
      order.add(logAt(NOON, '0'));
    }).toThrow(OutOfOrderError);
  });

  test('whose last log was just handed on accepts one that belongs right after it', () => {
    const order = new LogOrder(false);
    const sorted = newestFirst(5001);
    for (const log of sorted.slice(0, 4500)) order.add(log);
    const out = [...order.take()];
    expect(out).toHaveLength(4400);
    const { createdAt, id } = out.at(-1) ?? logAt(NaN, '');
    order.add(logAt(createdAt, `${id}!`));
    expect(order.takeRest()[0]).toMatchObject({ createdAt, id: `${id}!` });
  });
});
