import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  OutOfTimeError,
  SignalWireInvalidResponseError,
  SignalWireUnavailableError,
} from '../../../lambda/errors.ts';
import { readDate } from '../../../lambda/signalwire/date-reading.ts';
import type { Waiting } from '../../../lambda/signalwire/waiting-time.ts';
import { SeededRandom } from '../../../local/random.ts';
import { DAY, failureOf, MUCH_WAITING } from './asking.ts';
import { pageLogs } from '../../support/plain-logs.ts';
import { DAY_MS, SECOND, type SimulatedLog, SimulatedSpace, type Understanding } from './simulated-space.ts';

const START = Date.parse(DAY);
const SPACE = 'https://example.signalwire.com';

/** How the logs are distributed over the day. */
type Spread = 'even' | 'bursts' | 'crowded seconds' | 'busy morning' | 'one instant';
const SPREADS: readonly Spread[] = ['even', 'bursts', 'crowded seconds', 'busy morning', 'one instant'];

interface SampleDay {
  readonly seed: number;
  readonly count: number;
  readonly spread: Spread;
  /** Milliseconds of which all instants are multiples. */
  readonly unit: number;
}

/** Logs of the day, and a few at its edges and those of the neighbouring days. */
function logsOf({ seed, count, spread, unit }: SampleDay): SimulatedLog[] {
  const random = new SeededRandom(String(seed));
  const instant: Record<Spread, () => number> = {
    even: () => random.next() * DAY_MS,
    bursts: () => random.integer(0, 23) * 3_600_000 + random.next() * 60_000,
    'crowded seconds': () => random.integer(0, 40) * 2_000_000 + random.integer(0, 3) * 250,
    'busy morning': () =>
      random.chance(0.9) ? 30_000_000 + random.next() * 600_000 : random.next() * DAY_MS,
    'one instant': () => (random.chance(0.7) ? 43_200_000 : random.next() * DAY_MS),
  };
  const ofDay = Array.from({ length: count }, () => Math.floor(instant[spread]() / unit) * unit);
  const edges = [-60_000, -1000, -1, 0, 1, DAY_MS - 1, DAY_MS, DAY_MS + 999, DAY_MS + 60_000];
  return [...ofDay, ...edges].map((at, id) => ({ id, created_at: new Date(START + at).toISOString() }));
}

const sampleDays = fc.record<SampleDay>({
  seed: fc.nat(),
  count: fc.integer({ min: 0, max: 1500 }),
  spread: fc.constantFrom(...SPREADS),
  unit: fc.constantFrom(1, SECOND),
});

/** Every way to honour bounds that the documentation leaves open. */
const honest = fc.record({
  pageSize: fc.integer({ min: 50, max: 90 }),
  isAfterIncluded: fc.boolean(),
  isBeforeIncluded: fc.boolean(),
  boundUnit: fc.constantFrom(1, SECOND),
  logUnit: fc.constantFrom(1, SECOND),
});

const DISHONEST: readonly Partial<Understanding>[] = [
  { ignored: ['created_after'] },
  { ignored: ['created_before'] },
  { ignored: ['created_after', 'created_before'] },
  { boundUnit: DAY_MS, logUnit: DAY_MS },
  { boundUnit: DAY_MS, logUnit: DAY_MS, isAfterIncluded: true, isBeforeIncluded: true },
  { boundUnit: DAY_MS, logUnit: 1 },
  { boundUnit: 3_600_000, logUnit: 1 },
  { boundUnit: 60_000, logUnit: 60_000 },
  { boundUnit: 60_000, logUnit: 1 },
  { boundsReplaceDate: true },
  { boundsReplaceDate: true, ignored: ['created_after'] },
  { isRefusing: true },
  { forgetsBounds: true },
  { turnsWindows: true },
];

interface Reading {
  /** Ids, in the order of their first appearance. */
  readonly ids: readonly number[];
  readonly notices: readonly string[];
}

async function read(space: SimulatedSpace, waiting: Waiting | null = MUCH_WAITING): Promise<Reading> {
  const ids = new Set<number>();
  const notices: string[] = [];
  const manner = { waiting, onNotice: (notice: string) => notices.push(notice) };
  for await (const entries of readDate(space.getPage, SPACE, DAY, manner)) {
    for (const entry of entries) ids.add('id' in entry ? Number(entry.id) : NaN);
  }
  return { ids: [...ids], notices };
}

/** Counts waiting as much after a number of waits. */
function muchAfter(most: number): Waiting {
  let waits = 0;
  return {
    during: (page) => {
      waits += 1;
      return page;
    },
    get isMuch() {
      return waits >= most;
    },
  };
}

/** The ids of the day's logs as the space lists them, newest first. */
function listed({ logs }: SimulatedSpace): number[] {
  return logs.filter((log) => log.created_at.startsWith(DAY)).map(({ id }) => id);
}

/** The instants of logs, in the order given. */
function instants(ids: readonly number[], logs: readonly SimulatedLog[]): number[] {
  const byId = new Map(logs.map((log) => [log.id, Date.parse(log.created_at)]));
  return ids.map((id) => byId.get(id) ?? NaN);
}

function pagesOf(space: SimulatedSpace, pageSize: number): number {
  return Math.max(1, Math.ceil(listed(space).length / pageSize));
}

const ascending = (a: number, b: number): number => a - b;

describe('each log of the day comes, newest first and none of another day, whatever the space does with bounds', () => {
  async function holds(day: SampleDay, understanding: Partial<Understanding>): Promise<void> {
    const space = new SimulatedSpace(logsOf(day), understanding);
    const { ids } = await read(space);
    expect(ids.toSorted(ascending)).toEqual(listed(space).toSorted(ascending));
    expect(instants(ids, space.logs)).toEqual(instants(listed(space), space.logs));
    expect(space.mostInFlight).toBeLessThanOrEqual(16);
    expect(space.asked.length).toBeLessThanOrEqual(3 * pagesOf(space, understanding.pageSize ?? 50) + 100);
  }

  test('if it honours them in one way or another', async () => {
    await expect(fc.assert(fc.asyncProperty(sampleDays, honest, holds))).resolves.toBeUndefined();
  });

  test.each(DISHONEST)('if it does not honour them: %j', async (dishonest) => {
    const property = fc.asyncProperty(sampleDays, honest, (day, open) =>
      holds(day, { ...open, ...dishonest }),
    );
    await expect(fc.assert(property, { numRuns: 25 })).resolves.toBeUndefined();
  });

  test.each([{}, ...DISHONEST])('while other logs arrive: %j', async (dishonest) => {
    const arrivals = fc.array(
      fc.record({ request: fc.integer({ min: 1, max: 60 }), at: fc.nat(DAY_MS - 1) }),
    );
    const property = fc.asyncProperty(sampleDays, honest, arrivals, async (day, open, late) => {
      const space = new SimulatedSpace(logsOf(day), { ...open, ...dishonest });
      const before = listed(space);
      space.onRequest = (count) => {
        const arrived = late.filter(({ request }) => request === count);
        space.insert(
          arrived.map(({ at }) => ({ id: 1e6 + at, created_at: new Date(START + at).toISOString() })),
        );
      };
      const ids = (await read(space)).ids.filter((id) => id < 1e6);
      expect(ids.toSorted(ascending)).toEqual(before.toSorted(ascending));
      expect(instants(ids, space.logs)).toEqual(instants(before, space.logs));
    });
    await fc.assert(property, { numRuns: 25 });
  });
});

const LONG_DAY: SampleDay = { seed: 1, count: 3000, spread: 'even', unit: SECOND };

describe('a long day', () => {
  test.each([
    [true, true, 1],
    [true, false, SECOND],
    [false, true, SECOND],
    [false, false, 1],
  ])(
    'is read as windows if bounds are honoured (included: %j, %j; unit %d)',
    async (isAfterIncluded, isBeforeIncluded, unit) => {
      const space = new SimulatedSpace(logsOf(LONG_DAY), {
        isAfterIncluded,
        isBeforeIncluded,
        boundUnit: unit,
        logUnit: unit,
      });
      expect((await read(space)).notices).toEqual([]);
      expect(space.mostInFlight).toBe(16);
      // All but four requests are for windows: the fourth is in flight while windows are proved.
      expect(space.windows).toHaveLength(space.asked.length - 4);
      expect(space.asked.length).toBeLessThan(1.6 * pagesOf(space, 50));
    },
  );

  test('is read page by page while the reader waits little, then as windows', async () => {
    const space = new SimulatedSpace(logsOf(LONG_DAY));
    // For twenty pages, and for the two requests that prove windows.
    const { ids, notices } = await read(space, muchAfter(21));
    expect(ids).toEqual(listed(space));
    expect(notices).toEqual([]);
    const [ofDate, windows] = [true, false].map((isOfDate) =>
      space.asked.filter((query) => query.has('created_before') !== isOfDate),
    );
    expect(ofDate?.map((query) => query.get('page_number'))).toEqual([
      null,
      ...Array.from({ length: 19 }, (_, index) => String(index + 1)),
    ]);
    // The two that prove windows come after the third page; the first real one begins with the twentieth page.
    const oldest = space.logs.find(({ id }) => id === listed(space)[949])?.created_at ?? '';
    const begin = new Date(Date.parse(oldest) + 2 * SECOND).toISOString().replace('.000Z', 'Z');
    expect(windows?.[2]?.get('created_before')).toBe(begin);
    expect(space.mostInFlight).toBe(16);
  });

  test('is read whole even if a log of the last page before windows is listed on the next page', async () => {
    const space = new SimulatedSpace(logsOf(LONG_DAY), { moves: [990, 1010] });
    const { ids } = await read(space, muchAfter(21));
    expect(ids.toSorted(ascending)).toEqual(listed(space).toSorted(ascending));
  });

  test.each<readonly [place: number, to: number]>([
    [10, 30],
    [240, 260],
    // The first log of its page.
    [240, 250],
    [940, 960],
  ])('is read page by page if the log from index %d is listed at %d', async (place, to) => {
    const space = new SimulatedSpace(logsOf(LONG_DAY), { moves: [place, to] });
    const { ids, notices } = await read(space, muchAfter(21));
    expect(ids.toSorted(ascending)).toEqual(listed(space).toSorted(ascending));
    expect(notices).toEqual([]);
    expect(space.windows.length).toBeLessThanOrEqual(2);
  });

  test('is read as windows even if the logs at the seam of two pages share an instant', async () => {
    const logs = Array.from({ length: 3000 }, (_, id) => ({
      id,
      created_at: new Date(START + DAY_MS - SECOND - Math.floor(id / 3) * 25 * SECOND).toISOString(),
    }));
    const space = new SimulatedSpace(logs);
    const { ids } = await read(space);
    expect(ids).toEqual(listed(space));
    expect(space.windows.length).toBeGreaterThan(20);
  });

  test('is read page by page if the reader never waits much; windows are proved, but not used', async () => {
    const space = new SimulatedSpace(logsOf(LONG_DAY));
    const { ids, notices } = await read(space, { ...MUCH_WAITING, isMuch: false });
    expect(ids).toEqual(listed(space));
    expect(notices).toEqual([]);
    expect(space.windows).toHaveLength(2);
    expect(space.asked).toHaveLength(pagesOf(space, 50) + 2);
  });

  test('is asked for by date and by windows in whole seconds, with one more second at both ends', async () => {
    const logs = Array.from({ length: 3000 }, (_, id) => ({
      id,
      created_at: new Date(START + DAY_MS - SECOND - id * 25 * SECOND).toISOString(),
    }));
    const space = new SimulatedSpace(logs);
    await read(space);
    const [first, , , , span, nothing] = space.asked.map(String);
    const ofDate = `created_on=${DAY}&include_deleted=true&page_size=1000`;
    expect(first).toBe(ofDate);
    // The first page reaches from 23:59:59 back to 23:39:34.
    expect(span).toBe(`${ofDate}&created_after=${DAY}T23%3A39%3A33Z&created_before=2026-11-23T00%3A00%3A01Z`);
    expect(nothing).toBe(`${ofDate}&created_before=${DAY}T00%3A00%3A01Z`);
    for (const query of space.windows) {
      expect(query.get('created_on')).toBe(DAY);
      expect(query.get('created_before')).toMatch(/^2026-11-\d\dT\d\d:\d\d:\d\dZ$/);
    }
  });

  test('is read page by page if the setting says so', async () => {
    const space = new SimulatedSpace(logsOf(LONG_DAY));
    expect((await read(space, null)).ids).toEqual(listed(space));
    expect(space.windows).toEqual([]);
    expect(space.asked).toHaveLength(pagesOf(space, 50));
    expect(space.mostInFlight).toBe(1);
  });

  test.each<[Partial<Understanding>, string]>([
    [{ ignored: ['created_after'] }, 'asked for logs between '],
    [{ ignored: ['created_before'] }, 'asked for logs between the beginning and 2026-11-22T00:00:01.000Z, '],
    [{ isRefusing: true }, 'SignalWire refused a request for one'],
    [{ forgetsBounds: true }, 'the link to the next page does not keep created_before'],
    [{ turnsWindows: true }, 'SignalWire did not list the logs of a window newest first'],
    [
      { boundUnit: DAY_MS, logUnit: DAY_MS },
      'asked for the span of its first page, SignalWire did not list the',
    ],
  ])('is read page by page if windows are not proved, with a notice: %j', async (understanding, reason) => {
    const space = new SimulatedSpace(logsOf(LONG_DAY), understanding);
    const { notices } = await read(space);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain(`${DAY} are read page by page, not in time windows: `);
    expect(notices[0]).toContain(reason);
    expect(notices[0]).toContain('set readInWindows to false');
    expect(space.asked.length).toBeLessThan(pagesOf(space, 50) + 25);
  });

  test.each([1, 50, 51, 150, 151, 300])(
    'does not need windows if it has only %d logs: none is requested',
    async (count) => {
      const logs = logsOf(LONG_DAY).filter(({ created_at: at }) => at.startsWith(DAY));
      const space = new SimulatedSpace(logs.slice(0, count));
      await read(space);
      expect(space.windows).toEqual([]);
      expect(space.asked).toHaveLength(pagesOf(space, 50));
    },
  );

  test('does not need windows if all its logs are of the evening, on three pages', async () => {
    const logs = logsOf(LONG_DAY).map((log, index) => ({
      ...log,
      created_at: new Date(START + DAY_MS - 1 - index * SECOND).toISOString(),
    }));
    const space = new SimulatedSpace(logs.slice(0, 150));
    await read(space);
    expect(space.asked).toHaveLength(3);
  });

  test('is read with few waiting pages in memory, even if the reader is slow', async () => {
    const space = new SimulatedSpace(logsOf(LONG_DAY));
    const manner = { waiting: MUCH_WAITING, onNotice: () => undefined };
    let given = 0;
    let mostAhead = 0;
    for await (const entries of readDate(space.getPage, SPACE, DAY, manner)) {
      given += entries.length > 0 ? 1 : 0;
      for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
      mostAhead = Math.max(mostAhead, space.asked.length - given);
    }
    // The two requests that prove windows yield no pages.
    expect(mostAhead).toBeLessThanOrEqual(40 + 2 + 2);
  });

  test('fails with the error of a window, after everything before it was yielded', async () => {
    const space = new SimulatedSpace(logsOf(LONG_DAY));
    const late = new OutOfTimeError('2 s are left.');
    space.onRequest = (count) => {
      if (count === 60) throw late;
    };
    expect(await failureOf(read(space))).toBe(late);
    expect(space.inFlight).toBeLessThan(16);
    const asked = space.asked.length;
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    expect(space.asked).toHaveLength(asked);
  });

  const UNANSWERED = [
    {
      error: new SignalWireUnavailableError('It answered 429.'),
      reason: 'SignalWire did not answer that many requests at once',
    },
    {
      error: new SignalWireInvalidResponseError('It answered with a redirect.'),
      reason: "SignalWire's answer to a request for one can't be used",
    },
  ];

  test.each(UNANSWERED.flatMap((of) => [4, 5, 6, 30].map((first) => ({ ...of, first }))))(
    'goes on page by page if this happens from request $first on: $reason',
    async ({ error, reason, first }) => {
      const space = new SimulatedSpace(logsOf(LONG_DAY));
      space.onRequest = (count, query) => {
        if (count >= first && query.has('created_before')) throw error;
      };
      const { ids, notices } = await read(space);
      expect(ids.toSorted(ascending)).toEqual(listed(space).toSorted(ascending));
      expect(notices).toEqual([expect.stringContaining(`: ${reason}. The report is the same`)]);
    },
  );

  test('fails on the next page if SignalWire is down altogether', async () => {
    const space = new SimulatedSpace(logsOf(LONG_DAY));
    const down = new SignalWireUnavailableError('SignalWire is down.');
    let asked = 0;
    space.onRequest = (count) => {
      asked = count;
      if (count >= 30) throw down;
    };
    expect(await failureOf(read(space))).toBe(down);
    expect(space.asked.at(-1)?.has('created_before')).toBe(false);
    expect(asked).toBeLessThan(30 + 16 + 2);
  });

  test('causes no further requests once the reading has stopped', async () => {
    const space = new SimulatedSpace(logsOf(LONG_DAY));
    let pages = 0;
    for await (const entries of readDate(space.getPage, SPACE, DAY, {
      waiting: MUCH_WAITING,
      onNotice: () => undefined,
    })) {
      expect(entries.length).toBeGreaterThan(0);
      pages += 1;
      if (pages === 5) break;
    }
    const asked = space.asked.length;
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    expect(space.asked).toHaveLength(asked);
    expect(space.inFlight).toBe(0);
  });
});

test('from a space whose dates begin before UTC dates, logs of the day before come as well, to be refused', async () => {
  const space = new SimulatedSpace(logsOf(LONG_DAY), { dateBegins: 7_200_000 });
  const { ids, notices } = await read(space);
  expect(instants(ids, space.logs).filter((at) => at < START)).toEqual([
    START - 1,
    START - 1000,
    START - 60_000,
  ]);
  expect(notices).toEqual([expect.stringContaining('SignalWire also listed logs of another date')]);
});

test('if a window can’t be trusted after all, paging goes on, and nothing is lost', async () => {
  const space = new SimulatedSpace(logsOf(LONG_DAY));
  const getPage: typeof space.getPage = async (url) => {
    const withoutBounds = new URL(url);
    withoutBounds.searchParams.delete('created_before');
    return space.getPage(space.asked.length > 40 ? withoutBounds : url);
  };
  const notices: string[] = [];
  const ids = new Set<number>();
  const manner = { waiting: MUCH_WAITING, onNotice: (notice: string) => notices.push(notice) };
  for await (const entries of readDate(getPage, SPACE, DAY, manner)) {
    for (const entry of entries) ids.add('id' in entry ? Number(entry.id) : NaN);
  }
  expect([...ids]).toEqual(listed(space));
  expect(notices).toHaveLength(1);
  expect(space.mostInFlight).toBeLessThanOrEqual(16);
});

test('if a window holds a log that can’t be read, paging goes on, and fails when its turn comes', async () => {
  const space = new SimulatedSpace(logsOf(LONG_DAY));
  const id = String(listed(space)[2000]);
  const getPage: typeof space.getPage = async (url) => {
    const page = await space.getPage(url);
    if ('problem' in page) return page;
    const logs = Array.from(page.logs, (log) => ('id' in log && log.id === id ? { problem: id } : log));
    return { ...page, logs: pageLogs(logs) };
  };
  const notices: string[] = [];
  const given: unknown[] = [];
  const manner = { waiting: MUCH_WAITING, onNotice: (notice: string) => notices.push(notice) };
  for await (const entries of readDate(getPage, SPACE, DAY, manner)) given.push(...entries);
  expect(given).toContainEqual({ problem: id });
  expect(notices).toEqual([expect.stringContaining(": a window holds a log that can't be read. The report")]);
});
