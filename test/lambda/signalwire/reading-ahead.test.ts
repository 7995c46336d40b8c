import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, test } from '@jest/globals';
import { billingDay } from '../../../lambda/billing-day.ts';
import { SignalWireUnavailableError } from '../../../lambda/errors.ts';
import { readDate } from '../../../lambda/signalwire/date-reading.ts';
import { type LogCollector, readDay, OutOfOrderError } from '../../../lambda/signalwire/day-reading.ts';
import type { GetPage } from '../../../lambda/signalwire/paging.ts';
import type { VideoLog } from '../../../lambda/signalwire/video-log.ts';
import { type BoundsReading, SignalWireServer } from '../../../local/signalwire-server.ts';
import { sessionLog } from '../../support/logs.ts';
import { pageLogs } from '../../support/plain-logs.ts';
import {
  client,
  closeServers,
  Collected,
  CREDENTIALS,
  DAY,
  failureOf,
  FIRST_REQUEST,
  MUCH_WAITING,
  ONE_BY_ONE,
  started,
} from './asking.ts';
import type { SpaceThreadData } from './space-thread.ts';

afterEach(closeServers);

const SPACE = 'https://example.signalwire.com';

/** Three pages that are answered at once; asking for any other page fails. */
function threePages(down?: Error): { getPage: GetPage; asked: number[] } {
  const asked: number[] = [];
  const getPage: GetPage = (url) => {
    const number = Number(url.searchParams.get('page_number') ?? '0');
    asked.push(number);
    if (number === 2 && down !== undefined) return Promise.reject(down);
    const next = number < 2 ? `?created_on=${DAY}&page_number=${number + 1}` : null;
    return Promise.resolve({ next, logs: pageLogs([{ problem: `on page ${number}` }]) });
  };
  return { getPage, asked };
}

describe('while a page is processed', () => {
  test('the next one has been requested, and no other', async () => {
    const { getPage, asked } = threePages();
    const askedBy = new Map<unknown, number[]>();
    for await (const entries of readDate(getPage, SPACE, DAY, ONE_BY_ONE)) {
      askedBy.set(entries.at(0), [...asked]);
    }
    expect([...askedBy]).toEqual([
      [{ problem: 'on page 0' }, [0, 1]],
      [{ problem: 'on page 1' }, [0, 1, 2]],
      [{ problem: 'on page 2' }, [0, 1, 2]],
    ]);
  });

  test('the request for the next one has left, however long the processing blocks', async () => {
    const requests = new Int32Array(new SharedArrayBuffer(4));
    const workerData: SpaceThreadData = { requests, pages: 3 };
    const space = new Worker(new URL('./space-thread.ts', import.meta.url), { workerData });
    const [origin] = (await once(space, 'message')) as [string];
    const waits: string[] = [];
    /** Blocks the thread until the request for the next page has come. */
    class Busy extends Collected {
      override async add(page: readonly VideoLog[]): Promise<void> {
        await super.add(page);
        if (this.logs.length < 3) waits.push(Atomics.wait(requests, 0, this.logs.length, 20_000));
      }
    }
    const day = billingDay(DAY, 'UTC');
    const { logs } = await readDay(client(), origin, day, (reading) => new Busy(reading), ONE_BY_ONE);
    await space.terminate();
    expect(logs).toHaveLength(3);
    expect(waits).not.toContain('timed-out');
  });

  test('a failure of the next one is not thrown before its turn', async () => {
    const { getPage } = threePages(new SignalWireUnavailableError('down'));
    const given: unknown[] = [];
    const reading = (async () => {
      for await (const entries of readDate(getPage, SPACE, DAY, ONE_BY_ONE)) {
        await new Promise(setImmediate);
        given.push(...entries);
      }
    })();
    expect(await failureOf(reading)).toMatchObject({ name: 'SignalWireUnavailableError' });
    expect(given).toEqual([{ problem: 'on page 0' }, { problem: 'on page 1' }]);
  });

  test('a next one that fails or never comes is ignored once the reading has stopped', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): number => unhandled.push(reason);
    process.on('unhandledRejection', note);
    const { getPage } = threePages(new SignalWireUnavailableError('down'));
    const withoutEnd: GetPage = (url) =>
      url.searchParams.has('page_number') ? new Promise(() => undefined) : getPage(url);
    for (const get of [getPage, withoutEnd]) {
      let pages = 0;
      for await (const entries of readDate(get, SPACE, DAY, ONE_BY_ONE)) {
        pages += entries.length;
        if (pages === 2 || get === withoutEnd) break;
      }
    }
    await new Promise(setImmediate);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});

describe('a day of many pages', () => {
  const logs = Array.from({ length: 14_400 }, (_, index) =>
    sessionLog(index, { createdAt: new Date(Date.parse(DAY) + index * 6000).toISOString() }),
  );

  async function read(
    bounds: BoundsReading,
  ): Promise<{ ids: readonly string[]; notices: string[]; windows: number; requests: number }> {
    const server = await started(new SignalWireServer({ ...CREDENTIALS, logs, bounds }));
    const notices: string[] = [];
    const manner = {
      waiting: MUCH_WAITING,
      onNotice: (notice: string) => void notices.push(notice),
    };
    const { ids } = await readDay(
      client(),
      server.url,
      billingDay(DAY, 'UTC'),
      (reading) => new Collected(reading),
      manner,
    );
    const windows = server.requests.filter(({ url }) => url.includes('created_before')).length;
    return { ids, notices, windows, requests: server.requests.length };
  }

  const newestFirst = logs.map(({ json }) => (JSON.parse(json) as { id: string }).id).toReversed();

  test.each<BoundsReading>(['inclusive', 'exclusive'])(
    'is read as windows if bounds are %s',
    async (bounds) => {
      const { ids, notices, windows, requests } = await read(bounds);
      expect(ids).toEqual(newestFirst);
      expect(notices).toEqual([]);
      expect(windows).toBe(requests - 4);
      expect(requests).toBeLessThan(25);
    },
  );

  test('is read as windows even if nobody else keeps its pages', async () => {
    const server = await started(new SignalWireServer({ ...CREDENTIALS, logs, bounds: 'inclusive' }));
    let count = 0;
    const counting = (): LogCollector => ({
      add: ({ length }) => {
        count += length;
        return Promise.resolve();
      },
      end: () => Promise.resolve(),
      discard: () => Promise.resolve(),
    });
    const notices: string[] = [];
    const manner = { waiting: MUCH_WAITING, onNotice: (notice: string) => notices.push(notice) };
    await readDay(client(), server.url, billingDay(DAY, 'UTC'), counting, manner);
    expect([count, notices]).toEqual([logs.length, []]);
    expect(server.requests.filter(({ url }) => url.includes('created_before')).length).toBeGreaterThan(10);
  });

  test('is read page by page when it is read again because of its order', async () => {
    const server = await started(new SignalWireServer({ ...CREDENTIALS, logs, bounds: 'inclusive' }));
    let readings = 0;
    class Ordered extends Collected {
      override add(some: readonly VideoLog[]): Promise<void> {
        return this.reading.isPatient || this.logs.length < 8000
          ? super.add(some)
          : Promise.reject(new OutOfOrderError());
      }
    }
    const notices: string[] = [];
    const { ids } = await readDay(
      client(),
      server.url,
      billingDay(DAY, 'UTC'),
      (reading) => {
        readings += 1;
        return new Ordered(reading);
      },
      { waiting: MUCH_WAITING, onNotice: (notice) => notices.push(notice) },
    );
    expect(readings).toBe(2);
    expect(ids).toEqual(newestFirst);
    expect(notices).toEqual([expect.stringContaining('are not in order, so they are read again')]);
    // Requests that the first reading aborted may still arrive after the second one has begun.
    const urls = server.requests.map(({ url }) => url);
    const again = urls.slice(urls.lastIndexOf(FIRST_REQUEST));
    expect(again.filter((url) => !url.includes('created_before'))).toHaveLength(15);
  });

  test.each<[BoundsReading, string]>([
    ['ignored', 'asked for logs between '],
    ['refused', 'SignalWire refused a request for one'],
  ])('is read page by page if bounds are %s', async (bounds, reason) => {
    const { ids, notices, requests } = await read(bounds);
    expect(ids).toEqual(newestFirst);
    expect(notices).toEqual([expect.stringContaining(reason)]);
    expect(requests).toBeLessThan(19);
  });
});
