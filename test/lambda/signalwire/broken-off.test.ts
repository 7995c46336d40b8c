import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { billingDay } from '../../../lambda/billing-day.ts';
import { type ApiUsage, signalWireClient } from '../../../lambda/signalwire/client.ts';
import { type ReadingManner } from '../../../lambda/signalwire/date-reading.ts';
import { readDay } from '../../../lambda/signalwire/day-reading.ts';
import { onDemand } from '../../../lambda/signalwire/on-demand.ts';
import type { GetPage } from '../../../lambda/signalwire/paging.ts';
import { timed } from '../../../lambda/signalwire/timed.ts';
import { SignalWireServer } from '../../../local/signalwire-server.ts';
import { sessionLog } from '../../support/logs.ts';
import {
  closeServers,
  Collected,
  CREDENTIALS,
  DAY,
  deadlineIn,
  failureOf,
  FIRST_REQUEST,
  MUCH_WAITING,
  ONE_BY_ONE,
  Secret,
  started,
} from './asking.ts';

const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));
afterEach(closeServers);
afterEach(() => {
  if (unhandled.length > 0) throw new AggregateError(unhandled, 'Nobody has dealt with a rejection');
});

/** Fifteen pages. */
const LOGS = Array.from({ length: 14_400 }, (_, index) =>
  sessionLog(index, { createdAt: new Date(Date.parse(DAY) + index * 6000).toISOString() }),
);

/** A space that leaves some requests without an answer. */
class HangingSpace extends SignalWireServer {
  readonly hanging: ServerResponse[] = [];
  #someHang: () => void = () => undefined;
  readonly someHang = new Promise<void>((resolve) => (this.#someHang = resolve));

  hang(response: ServerResponse): true {
    this.hanging.push(response);
    this.#someHang();
    return true;
  }

  /** Resolves once the client has closed what hangs. */
  async closed(): Promise<void> {
    await Promise.all(this.hanging.map(async (response) => response.closed || once(response, 'close')));
  }
}

function space(): Promise<HangingSpace> {
  return started(new HangingSpace({ ...CREDENTIALS, logs: LOGS }));
}

/** The client as it is used by the job. */
function client(usage: ApiUsage = { requests: 0, retries: 0 }, onPage = (): void => undefined): GetPage {
  const load = () => Promise.resolve(signalWireClient(new Secret().read, deadlineIn(300_000), usage));
  return timed(onDemand(load), onPage).getPage;
}

/** Reads the day until a number of portions have come, ten for a whole page, and some requests hang. */
function readUntil(server: HangingSpace, most: number, manner: ReadingManner): Promise<unknown> {
  class Sated extends Collected {
    #portions = 0;

    override async add(logs: Parameters<Collected['add']>[0]): Promise<void> {
      await super.add(logs);
      this.#portions += 1;
      if (this.#portions < most) return;
      await server.someHang;
      throw new Error('No room');
    }
  }
  return readDay(client(), server.url, billingDay(DAY, 'UTC'), (reading) => new Sated(reading), manner);
}

test('once the reading has failed, the next page is no longer requested', async () => {
  const server = await space();
  server.intercept = ({ url }, response) => url.includes('page_number') && server.hang(response);
  expect(await failureOf(readUntil(server, 10, ONE_BY_ONE))).toMatchObject({ message: 'No room' });
  await server.closed();
  expect(server.requests).toHaveLength(2);
});

test('once the reading has failed, windows are no longer requested', async () => {
  const server = await space();
  const manner = { ...ONE_BY_ONE, waiting: MUCH_WAITING };
  // Four pages, two requests to prove windows, and the first window, of which the first portion is waited for.
  server.intercept = (_, response) => server.requests.length > 7 && server.hang(response);
  expect(await failureOf(readUntil(server, 4 * 10 + 1, manner))).toMatchObject({ message: 'No room' });
  await server.closed();
  expect(server.requests).toHaveLength(7 + server.hanging.length);
});

test('once windows are given up in favour of pages, they are no longer requested', async () => {
  const server = await space();
  let windows = 0;
  server.intercept = async ({ url }, response) => {
    if (!url.includes('created_before')) return false;
    windows += 1;
    if (windows > 3) return server.hang(response);
    if (windows < 3) return false;
    await server.someHang;
    response.writeHead(422).end();
    return true;
  };
  const notices: string[] = [];
  const manner = { waiting: MUCH_WAITING, onNotice: (notice: string) => void notices.push(notice) };
  const day = billingDay(DAY, 'UTC');
  const { ids } = await readDay(client(), server.url, day, (reading) => new Collected(reading), manner);
  await server.closed();
  expect(ids).toEqual(LOGS.map(({ json }) => (JSON.parse(json) as { id: string }).id).toReversed());
  expect(notices).toEqual([expect.stringContaining('SignalWire refused a request for one')]);
});

test('a page that waits for its next try stops waiting when it is no longer wanted', async () => {
  const server = await space();
  const usage = { requests: 0, retries: 0 };
  let pagesReported = 0;
  const ended = new AbortController();
  server.intercept = (_, response) => {
    response.writeHead(503, { 'retry-after': '60' }).end();
    response.on('close', () =>
      setImmediate(() => {
        ended.abort();
      }),
    );
    return true;
  };
  const error = await failureOf(
    client(usage, () => (pagesReported += 1))(new URL(FIRST_REQUEST, server.url), ended.signal),
  );
  expect(error.name).toBe('AbortError');
  expect(usage.requests).toBe(1);
  expect(pagesReported).toBe(0);
});
