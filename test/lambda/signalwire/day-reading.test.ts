import { afterEach, describe, expect, test } from '@jest/globals';
import { LineItemsFile } from '../../../lambda/archive/line-items-file.ts';
import { billingDay } from '../../../lambda/billing-day.ts';
import { DayBooks } from '../../../lambda/charges/day-books.ts';
import { formatExact } from '../../../lambda/money/money.ts';
import { readDay } from '../../../lambda/signalwire/day-reading.ts';
import { type SignalWireLog, SignalWireServer } from '../../../local/signalwire-server.ts';
import { NOWHERE } from '../../../operator/verify/nowhere.ts';
import { ACCOUNT } from '../../support/books.ts';
import { deletedLog, sessionLog, uuid } from '../../support/logs.ts';
import {
  client,
  closeServers,
  Collected,
  CREDENTIALS,
  DAY,
  failureOf,
  FIRST_REQUEST,
  LOGS_PATH,
  ONE_BY_ONE,
  page,
  pageQuery,
  pagesOf,
  type Script,
  ScriptedSpace,
  started,
} from './asking.ts';

afterEach(closeServers);

/** The UTC dates that the day in New York is asked for with, the later one first. */
const NEXT_DATE = FIRST_REQUEST.replace(DAY, '2026-11-23');

/** The reading of a day, with every collector that was made for it. */
class Reading {
  readonly collectors: Collected[] = [];
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  read(day = DAY, timeZone = 'UTC'): Promise<Collected> {
    const newCollector = (reading: Collected['reading']): Collected => {
      const collector = new Collected(reading);
      this.collectors.push(collector);
      return collector;
    };
    return readDay(client(), this.#origin, billingDay(day, timeZone), newCollector, ONE_BY_ONE);
  }
}

/** A space with these logs, which records the dates that it is asked for. */
async function spaceWith(
  logs: readonly SignalWireLog[],
): Promise<{ reading: Reading; dates: () => string[] }> {
  const server = await started(new SignalWireServer({ ...CREDENTIALS, logs }));
  const dates = (): string[] =>
    server.requests.map(({ url }) => new URL(url, server.url).searchParams.get('created_on') ?? 'none');
  return { reading: new Reading(server.url), dates };
}

async function scripted(script: Script): Promise<{ reading: Reading; space: ScriptedSpace }> {
  const space = await started(new ScriptedSpace(script));
  return { reading: new Reading(space.url), space };
}

describe('a day in UTC', () => {
  test('is one UTC date, from its first millisecond to its last', async () => {
    const logs = [
      sessionLog('last', { createdAt: '2026-11-22T23:59:59.999Z' }),
      deletedLog('deleted'),
      sessionLog('first', { createdAt: '2026-11-22T00:00:00.000Z' }),
    ];
    const strangers = ['2026-11-21T23:59:59.999Z', '2026-11-23T00:00:00.000Z'].map((createdAt) =>
      sessionLog(createdAt, { createdAt }),
    );
    const { reading, dates } = await spaceWith([...logs, ...strangers]);
    const { ids, logs: read } = await reading.read();
    expect(ids).toEqual(['last', 'deleted', 'first'].map(uuid));
    expect(read.map(({ kind }) => kind)).toEqual(['session', 'deleted', 'session']);
    expect(dates()).toEqual(['2026-11-22']);
    expect(reading.collectors).toHaveLength(1);
  });

  test('without logs is read as empty', async () => {
    const { reading } = await spaceWith([]);
    expect((await reading.read()).logs).toEqual([]);
  });

  test.each(['2026-11-21T23:59:59.999Z', '2026-11-23T00:00:00Z', '2026-11-22T23:00:00-05:00'])(
    'does not accept a log of another day, and says that the space may use another time zone: %s',
    async (createdAt) => {
      const { reading, space } = await scripted(() => page([sessionLog('stranger', { createdAt })]));
      const error = await failureOf(reading.read());
      expect(error.name).toBe('SignalWireInvalidResponseError');
      expect(error.message).toMatch(/time zone/);
      expect(error.message).toContain(uuid('stranger'));
      expect(error.message).toContain(new Date(createdAt).toISOString());
      expect(space.asked).toEqual([FIRST_REQUEST]);
    },
  );

  test('does not accept a deleted log of another day either', async () => {
    const { reading } = await scripted(() => page([deletedLog('stranger', '2026-11-23T00:00:00Z')]));
    expect((await failureOf(reading.read())).message).toMatch(/time zone/);
  });

  test('fails if a log can’t be read, and names the log', async () => {
    const { reading, space } = await scripted(() =>
      page([sessionLog('good'), sessionLog('bad', { charge: '"1,5"' })]),
    );
    const error = await failureOf(reading.read());
    expect(error.name).toBe('SignalWireInvalidResponseError');
    expect(error.message).toContain(`log ${uuid('bad')}: charge: "1,5" is not a decimal number`);
    expect(space.asked).toEqual([FIRST_REQUEST]);
  });
});

describe('a day in another time zone', () => {
  test.each([
    [
      '2026-11-22',
      'America/New_York',
      '2026-11-22T05:00:00Z',
      '2026-11-23T05:00:00Z',
      ['2026-11-22', '2026-11-23'],
    ],
    [
      '2026-11-22',
      'Asia/Kolkata',
      '2026-11-21T18:30:00Z',
      '2026-11-22T18:30:00Z',
      ['2026-11-21', '2026-11-22'],
    ],
    [
      '2026-11-22',
      'Pacific/Kiritimati',
      '2026-11-21T10:00:00Z',
      '2026-11-22T10:00:00Z',
      ['2026-11-21', '2026-11-22'],
    ],
    ['2026-11-22', 'Europe/London', '2026-11-22T00:00:00Z', '2026-11-23T00:00:00Z', ['2026-11-22']],
    // 25 hours, the last but one of which ends with the UTC date: no third date is asked for.
    [
      '2026-10-25',
      'Europe/London',
      '2026-10-24T23:00:00Z',
      '2026-10-26T00:00:00Z',
      ['2026-10-24', '2026-10-25'],
    ],
    [
      '2026-11-01',
      'America/New_York',
      '2026-11-01T04:00:00Z',
      '2026-11-02T05:00:00Z',
      ['2026-11-01', '2026-11-02'],
    ],
    [
      '2026-03-29',
      'Europe/Berlin',
      '2026-03-28T23:00:00Z',
      '2026-03-29T22:00:00Z',
      ['2026-03-28', '2026-03-29'],
    ],
  ])('%s in %s lasts from %s until %s, and is asked for as %j', async (day, timeZone, start, end, asked) => {
    const at = (instant: string, ms: number): string => new Date(Date.parse(instant) + ms).toISOString();
    const named = { before: at(start, -1), first: at(start, 0), last: at(end, -1), after: at(end, 0) };
    const logs = Object.entries(named).map(([name, createdAt]) => sessionLog(name, { createdAt }));
    const { reading, dates } = await spaceWith(logs);
    expect([...(await reading.read(day, timeZone)).ids].sort()).toEqual(['first', 'last'].map(uuid).sort());
    expect(dates()).toEqual(asked.toReversed());
  });

  test('counts both of the hours that a clock shows twice', async () => {
    const logs = ['2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z'].map((createdAt) =>
      sessionLog(createdAt, { createdAt, charge: '0.25' }),
    );
    const { reading } = await spaceWith(logs);
    expect((await reading.read('2026-11-01', 'America/New_York')).charge).toBe('0.50');
  });

  test('does not accept a log of a date other than the one asked for', async () => {
    const { reading, space } = await scripted(() =>
      page([sessionLog('stranger', { createdAt: '2026-11-22T20:00:00Z' })]),
    );
    const error = await failureOf(reading.read(DAY, 'America/New_York'));
    expect(error).toMatchObject({ name: 'SignalWireInvalidResponseError' });
    expect(error.message).toMatch(/time zone/);
    expect(space.asked).toEqual([NEXT_DATE]);
  });
});

const TWICE = sessionLog('twice', { charge: '0.10' });
const CHANGED = sessionLog('twice', { charge: '0.30' });
const OTHER = sessionLog('other', { charge: '0.05' });

describe('a log that comes twice', () => {
  test.each([
    ['in one page', [[TWICE, OTHER, TWICE]]],
    ['at the seam of two pages', [[OTHER, TWICE], [TWICE]]],
    ['pages apart', [[TWICE], [], [OTHER], [TWICE, TWICE]]],
  ])('unchanged is counted once, %s', async (_, pages) => {
    const { reading, space } = await scripted(pagesOf(DAY, pages));
    const { ids, charge } = await reading.read();
    expect([...ids].sort()).toEqual([uuid('twice'), uuid('other')].sort());
    expect(charge).toBe('0.15');
    expect(space.asked).toHaveLength(pages.length);
    expect(reading.collectors).toHaveLength(1);
  });

  test('unchanged is counted once if it is a deleted log', async () => {
    const { reading } = await scripted(pagesOf(DAY, [[deletedLog('gone')], [deletedLog('gone')]]));
    expect((await reading.read()).ids).toEqual([uuid('gone')]);
  });

  test.each([
    ['charge', CHANGED],
    ['status', sessionLog('twice', { charge: '0.10', status: 'in-progress' })],
    ['room', sessionLog('twice', { charge: '0.10', room: 'retro' })],
    ['deletion', deletedLog('twice')],
    ['further fields', sessionLog('twice', { charge: '0.10', more: { locked: true } })],
  ])('with a different %s causes the whole day to be read again', async (_, changed) => {
    const unstable = pagesOf(DAY, [[TWICE], [OTHER, changed]]);
    const stable = pagesOf(DAY, [[CHANGED], [OTHER]]);
    const { reading, space } = await scripted((target, before) =>
      (before < 2 ? unstable : stable)(target, before),
    );
    const read = await reading.read();
    expect(read.ids).toEqual(['twice', 'other'].map(uuid));
    expect(read.charge).toBe('0.35');
    const bothPages = [FIRST_REQUEST, `${LOGS_PATH}${pageQuery(DAY, 1)}`];
    expect(space.asked).toEqual([...bothPages, ...bothPages]);
  });

  test('and differs leaves nothing of the first reading behind', async () => {
    const unstable = pagesOf(DAY, [[TWICE, OTHER], [CHANGED]]);
    const stable = pagesOf(DAY, [[CHANGED, OTHER]]);
    const { reading, space } = await scripted((target, before) =>
      (before < 2 ? unstable : stable)(target, before),
    );
    const books = await readDay(
      client(),
      space.url,
      billingDay(DAY, 'UTC'),
      (reading) => new DayBooks(reading, new LineItemsFile(NOWHERE, DAY, ACCOUNT), null),
      ONE_BY_ONE,
    );
    const { charges } = books.close();
    expect(charges).toMatchObject({ sessions: 2, rooms: [{ roomName: 'standup', sessions: 2 }] });
    expect(formatExact(charges.charge)).toBe('0.35');

    space.requests.length = 0;
    const read = await reading.read();
    expect(reading.collectors.map(({ charge }) => charge)).toEqual(['0.15', '0.35']);
    expect(read).toBe(reading.collectors[1]);
  });

  test('and differs in the second reading too is refused', async () => {
    const { reading, space } = await scripted(pagesOf(DAY, [[TWICE], [OTHER], [CHANGED]]));
    const error = await failureOf(reading.read());
    expect(error.name).toBe('SignalWireInvalidResponseError');
    expect(error.message).toContain(uuid('twice'));
    expect(space.asked).toHaveLength(6);
    expect(reading.collectors).toHaveLength(2);
  });

  test('and differs on the second date causes both dates to be read again', async () => {
    const late = { createdAt: '2026-11-23T01:00:00Z' };
    const early = { createdAt: '2026-11-22T20:00:00Z' };
    let unstable = true;
    const { reading, space } = await scripted((target) => {
      if (target.searchParams.get('created_on') !== DAY) return page([sessionLog('late', late)]);
      const again = unstable ? [sessionLog('early', { ...early, charge: '9' })] : [];
      unstable = false;
      return page([sessionLog('early', early), ...again]);
    });
    expect((await reading.read(DAY, 'America/New_York')).charge).toBe('0.20');
    const bothDates = [NEXT_DATE, FIRST_REQUEST];
    expect(space.asked).toEqual([...bothDates, ...bothDates]);
  });

  test('and differs between two dates causes both to be read again', async () => {
    const { reading, space } = await scripted((target, before) => {
      const date = target.searchParams.get('created_on') ?? '';
      const createdAt = `${date}T${date === DAY ? '20' : '01'}:00:00Z`;
      return page(before < 2 || date === DAY ? [sessionLog('moved', { createdAt })] : []);
    });
    expect((await reading.read(DAY, 'America/New_York')).charge).toBe('0.10');
    expect(space.asked).toHaveLength(4);
  });

  test('and differs, but is outside the billing day, is ignored', async () => {
    const createdAt = '2026-11-22T01:00:00Z';
    const { reading, space } = await scripted((target) =>
      page(
        target.searchParams.get('created_on') === DAY
          ? [sessionLog('outside', { createdAt }), sessionLog('outside', { createdAt, charge: '9' })]
          : [],
      ),
    );
    expect((await reading.read(DAY, 'America/New_York')).logs).toEqual([]);
    expect(space.asked).toHaveLength(2);
  });
});

test('rows that are inserted while the pages are read neither duplicate nor hide any log', async () => {
  const createdAt = (second: number): string =>
    new Date(Date.UTC(2026, 10, 22, 12, 0, -second)).toISOString();
  const logs = Array.from({ length: 2500 }, (_, index) =>
    sessionLog(index, { createdAt: createdAt(index), charge: '0.01' }),
  );
  const server = await started(new SignalWireServer({ ...CREDENTIALS, logs }));
  server.afterHandling = () => {
    const inserted = `inserted ${server.requests.length}`;
    server.logs = [...server.logs, sessionLog(inserted, { createdAt: '2026-11-22T23:00:00Z', charge: '5' })];
    return false;
  };
  const read = await new Reading(server.url).read();
  expect(read.ids).toEqual(Array.from({ length: 2500 }, (_, index) => uuid(index)));
  expect(read.charge).toBe('25.00');
  expect(server.requests).toHaveLength(3);
});
