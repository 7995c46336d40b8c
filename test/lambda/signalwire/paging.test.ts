import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SignalWireInvalidResponseError } from '../../../lambda/errors.ts';
import { readDate } from '../../../lambda/signalwire/date-reading.ts';
import type { GetPage } from '../../../lambda/signalwire/paging.ts';
import { type LinkStyle, SignalWireServer } from '../../../local/signalwire-server.ts';
import { sessionLog } from '../../support/logs.ts';
import { pageLogs } from '../../support/plain-logs.ts';
import {
  basicAuthorization,
  client,
  closeServers,
  CREDENTIALS,
  DAY,
  failureOf,
  FIRST_REQUEST,
  LOGS_PATH,
  ONE_BY_ONE,
  page,
  pageQuery,
  pagesOf,
  ScriptedSpace,
  started,
} from './asking.ts';

const FIRST = sessionLog('first');
const SECOND = sessionLog('second');

let space: ScriptedSpace;
/** Another server, which must never be asked. */
let stranger: ScriptedSpace;

beforeEach(async () => {
  space = await started(new ScriptedSpace(() => page([])));
  stranger = await started(new ScriptedSpace(() => page([SECOND])));
});

afterEach(closeServers);

/** The entries of all pages, as JSON texts, or their problems. */
async function readAll(getPage: GetPage = client(), origin = space.url): Promise<string[]> {
  const entries: string[] = [];
  for await (const part of readDate(getPage, origin, DAY, ONE_BY_ONE)) {
    entries.push(
      ...Array.from(part, (entry) => ('problem' in entry ? entry.problem : entry.asSent.text('json'))),
    );
  }
  return entries;
}

/** Serves the first log with `next` on the first request, and the second log on any other. */
function linkTo(next: unknown): void {
  space.script = (_, before) => (before === 0 ? page([FIRST], next) : page([SECOND]));
}

describe('the first request', () => {
  test('asks for the date, including deleted logs, in pages as large as the API allows', async () => {
    await readAll();
    expect(space.asked).toEqual([FIRST_REQUEST]);
  });

  test('is the same if the address of the space ends with a slash', async () => {
    await readAll(client(), `${space.url}/`);
    expect(space.asked).toEqual([FIRST_REQUEST]);
  });
});

describe('links.next', () => {
  const NEXT = pageQuery(DAY, 1);

  test.each<[string, (origin: string) => string]>([
    ['absolute', (origin) => `${origin}${LOGS_PATH}${NEXT}`],
    ['a path', () => `${LOGS_PATH}${NEXT}`],
    ['a query alone', () => NEXT],
    ['absolute, its scheme in capitals', (origin) => `${origin.replace('http', 'HTTP')}${LOGS_PATH}${NEXT}`],
  ])('%s is followed', async (_, next) => {
    linkTo(next(space.url));
    expect(await readAll()).toEqual([FIRST.json, SECOND.json]);
    expect(space.asked).toEqual([FIRST_REQUEST, `${LOGS_PATH}${NEXT}`]);
  });

  test.each<LinkStyle>(['absolute', 'relative', 'query-only'])(
    'leads through a whole day, written %s',
    async (links) => {
      const logs = Array.from({ length: 2001 }, (_, index) => sessionLog(index));
      const server = await started(new SignalWireServer({ ...CREDENTIALS, logs, links }));
      expect(await readAll(client(), server.url)).toEqual(logs.map(({ json }) => json));
      expect(server.requests).toHaveLength(3);
      expect(new Set(server.requests.map(({ headers }) => headers.authorization))).toEqual(
        new Set([basicAuthorization(CREDENTIALS)]),
      );
    },
  );

  test.each([[null], [undefined]])('that is %s ends the list', async (next) => {
    linkTo(next);
    expect(await readAll()).toEqual([FIRST.json]);
    expect(space.asked).toEqual([FIRST_REQUEST]);
  });

  test('of an empty page is followed', async () => {
    space.script = pagesOf(DAY, [[], [FIRST], [], [], [SECOND], []]);
    expect(await readAll()).toEqual([FIRST.json, SECOND.json]);
    expect(space.asked).toHaveLength(6);
  });

  const hostOf = (origin: string): string => new URL(origin).host;
  const query = `${LOGS_PATH}${NEXT}`;

  test.each<[string, (own: string, other: string) => unknown]>([
    ['to another port', (_, other) => `${other}${query}`],
    ['to another host', (own) => `${own.replace('127.0.0.1', 'localhost')}${query}`],
    ['to a host that only begins alike', (own) => `${own}.example.org${query}`],
    ['to another scheme', (own) => `${own.replace('http', 'https')}${query}`],
    ['to a file', () => `file://${query}`],
    ['to a script', () => 'javascript:alert(1)'],
    ['with a user name', (own) => `${own.replace('//', '//user@')}${query}`],
    ['with a password', (own) => `${own.replace('//', '//:password@')}${query}`],
    ['with the space as user of another host', (own, other) => `${own}@${hostOf(other)}${query}`],
    ['to another host behind two slashes', (_, other) => `//${hostOf(other)}${query}`],
    ['to its own host behind two slashes', (own) => `//${hostOf(own)}${query}`],
    ['to another host behind three slashes', (_, other) => `///${hostOf(other)}${query}`],
    ['to another host behind two backslashes', (_, other) => `\\\\${hostOf(other)}${query}`],
    ['to another host behind slash and backslash', (_, other) => `/\\${hostOf(other)}${query}`],
    [
      'to another host behind backslashes after the scheme',
      (_, other) => `http:\\\\${hostOf(other)}${query}`,
    ],
    [
      'to another host behind many slashes after the scheme',
      (_, other) => `http:////${hostOf(other)}${query}`,
    ],
    ['with a backslash in its path', () => `/api/video\\logs${NEXT}`],
    ['to another host behind a tab between slashes', (_, other) => `/\t/${hostOf(other)}${query}`],
    ['to another host behind a line break between slashes', (_, other) => `/\n/${hostOf(other)}${query}`],
    ['with a tab inside', () => `/api/vid\teo/logs${NEXT}`],
    ['with a line break inside', () => `${query}\r\nx: y`],
    ['with a blank before it', (own) => ` ${own}${query}`],
    ['to another path', () => `/api/video/rooms${NEXT}`],
    ['to a path that only begins alike', () => `${LOGS_PATH}/archive${NEXT}`],
    ['to a path with a slash at its end', () => `${LOGS_PATH}/${NEXT}`],
    ['to a path with something before it', () => `/proxy${query}`],
    ['out of the path', () => `${LOGS_PATH}/../rooms${NEXT}`],
    ['to a path in other letters', () => `/api/video/%6Cogs${NEXT}`],
    ['without created_on', () => '?page_number=1&page_size=1000&page_token=PA1'],
    ['to another created_on', () => NEXT.replace(DAY, '2026-11-21')],
    ['to an empty created_on', () => NEXT.replace(DAY, '')],
    ['to created_on twice', () => `${NEXT}&created_on=${DAY}`],
    ['to two dates', () => `${NEXT}&created_on=2026-11-21`],
    ['to created_on as a list', () => NEXT.replace('created_on', 'created_on[]')],
    ['back to the page it stands on', () => FIRST_REQUEST],
    ['back to the page it stands on, absolute', (own) => `${own}${FIRST_REQUEST}`],
    ['back to the page it stands on, with a fragment', () => `${FIRST_REQUEST}#more`],
    ['back, its parameters in another order', () => `?page_size=1000&created_on=${DAY}&include_deleted=true`],
    ['nowhere: no characters', () => ''],
    ['nowhere: no URL', () => 'http://[::1'],
    ['nowhere: a number', () => 2],
    ['nowhere: false', () => false],
    ['nowhere: a list', () => [query]],
    ['nowhere: an object', () => ({ href: query })],
  ])('%s is refused, and no request is made for it', async (_, next) => {
    linkTo(next(space.url, stranger.url));
    const error = await failureOf(readAll());
    expect(error).toBeInstanceOf(SignalWireInvalidResponseError);
    expect(error).toMatchObject({ name: 'SignalWireInvalidResponseError' });
    expect(error.message).toContain(DAY);
    expect(space.asked).toEqual([FIRST_REQUEST]);
    expect(stranger.asked).toEqual([]);
  });

  test.each([
    ['as it was', (index: number) => pageQuery(DAY, index)],
    [
      'its parameters in another order',
      (index: number, turn: number) => {
        const parameters = [...new URLSearchParams(pageQuery(DAY, index))];
        return `?${new URLSearchParams(turn % 2 === 0 ? parameters : parameters.reverse()).toString()}`;
      },
    ],
  ])('that leads from one page to another and back is refused, %s', async (_, link) => {
    space.script = (target, before) =>
      page([FIRST], link(target.searchParams.get('page_number') === '1' ? 2 : 1, before));
    expect(await failureOf(readAll())).toMatchObject({
      name: 'SignalWireInvalidResponseError',
      message: expect.stringContaining('leads back'),
    });
    expect(space.asked).toHaveLength(3);
  });
});

describe('a list of very many pages', () => {
  /** Pages made up without a server: a hundred thousand requests would take minutes. */
  function endless(last: number): { getPage: GetPage; asked: () => number } {
    let count = 0;
    const getPage: GetPage = () => {
      count += 1;
      return Promise.resolve({
        next: count < last ? `?created_on=${DAY}&page_number=${count}` : null,
        logs: pageLogs([{ problem: String(count) }]),
      });
    };
    return { getPage, asked: () => count };
  }

  test('is read if there are no more than 100,000', async () => {
    const { getPage, asked } = endless(100_000);
    expect((await readAll(getPage)).length).toBe(100_000);
    expect(asked()).toBe(100_000);
  });

  test('is refused beyond that, and not requested any further', async () => {
    const { getPage, asked } = endless(Infinity);
    expect(await failureOf(readAll(getPage))).toMatchObject({
      name: 'SignalWireInvalidResponseError',
      message: expect.stringContaining('more than 100000 pages'),
    });
    expect(asked()).toBe(100_000);
  });
});

describe('a page', () => {
  test.each([
    'null',
    'true',
    '5',
    '"page"',
    '[]',
    '{}',
    '{"data":[]}',
    '{"links":null,"data":[]}',
    '{"links":[],"data":{}}',
    '{"links":{}}',
    '{"links":{},"data":null}',
    '{"links":{},"data":{"0":{}}}',
    '{"links":{},"data":"[]"}',
    '{"links":{},"data":0}',
    '{"error":"Unauthorized"}',
  ])('that has another shape is refused: %s', async (body) => {
    space.script = () => body;
    expect(await failureOf(readAll())).toMatchObject({
      name: 'SignalWireInvalidResponseError',
      message: expect.stringContaining('a page does not have the expected shape'),
    });
    expect(space.asked).toEqual([FIRST_REQUEST]);
  });

  test('of another shape is reported field by field, on one line', async () => {
    space.script = () => '{"links":{"next":7},"data":"none"}';
    expect((await failureOf(readAll())).message).toContain(
      'a page does not have the expected shape: links.next: Invalid input: expected string, received object; ' +
        'data: Invalid input: expected array, received string. Nothing was stored or mailed for the day.',
    );
  });

  test('may hold unknown fields', async () => {
    space.script = () => `{"links":{"self":5,"last":null},"data":[${FIRST.json}],"total":1}`;
    expect(await readAll()).toEqual([FIRST.json]);
  });
});

test('a list is read whole and in order, however it is split into pages', async () => {
  const lists = fc.array(fc.array(fc.nat({ max: 999_999 }), { maxLength: 5 }), {
    minLength: 1,
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(lists, async (lengths) => {
      const pages = lengths.map((names) => names.map((name) => sessionLog(name, { charge: `0.${name}0` })));
      space.script = pagesOf(DAY, pages);
      space.requests.length = 0;
      expect(await readAll()).toEqual(pages.flat().map(({ json }) => json));
      expect(space.asked).toHaveLength(pages.length);
    }),
  );
});
