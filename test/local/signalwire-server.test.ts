import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type BoundsReading,
  type LinkStyle,
  type SignalWireLog,
  type SignalWireServer,
  startSignalWireServer,
} from '../../local/signalwire-server.ts';

const PROJECT = 'project';
const TOKEN = 'token';

/** Texts that would change if they were parsed and written again. */
const NOON: SignalWireLog = {
  json: '{"id":"noon", "charge":1e-7,"room_name":"\\u00fc"}',
  createdAt: '2026-11-22T12:00:00Z',
};
const NIGHT: SignalWireLog = {
  json: '{"id":"night","charge":12345678901234567890.10}',
  createdAt: '2026-11-22T23:59:59.999Z',
};
const MORNING: SignalWireLog = { json: '{"id":"morning","charge":0.10}', createdAt: '2026-11-22T00:00:00Z' };
const DELETED: SignalWireLog = { json: '{"id":"deleted"}', createdAt: '2026-11-22T13:00:00Z', deleted: true };
const NEXT_DAY: SignalWireLog = { json: '{"id":"next"}', createdAt: '2026-11-22T23:00:00-01:00' };

let server: SignalWireServer;

beforeEach(async () => {
  server = await startSignalWireServer({ projectId: PROJECT, apiToken: TOKEN });
  server.logs = [NOON, NIGHT, DELETED, NEXT_DAY, MORNING];
});
afterEach(() => server.close());

interface Reply {
  readonly status: number;
  readonly text: string;
}

async function get(target: string, authorization = basic(PROJECT, TOKEN), method = 'GET'): Promise<Reply> {
  const response = await fetch(new URL(target, `${server.url}/api/video/logs`), {
    method,
    headers: { authorization },
  });
  return { status: response.status, text: await response.text() };
}

function basic(project: string, token: string): string {
  return `Basic ${Buffer.from(`${project}:${token}`).toString('base64')}`;
}

/** The data of an answer, as text. */
function data({ text }: Reply): string {
  return /"data":\[(.*)\]\}$/s.exec(text)?.[1] ?? text;
}

function links({ text }: Reply): { self: string; first: string; next?: string; prev?: string } {
  return (JSON.parse(text) as { links: { self: string; first: string; next?: string; prev?: string } }).links;
}

describe('a day', () => {
  test('is listed newest first, by its UTC date, with each log’s text unchanged', async () => {
    const reply = await get('?created_on=2026-11-22');
    expect(reply.status).toBe(200);
    expect(data(reply)).toBe([NIGHT.json, NOON.json, MORNING.json].join(','));
    expect(data(await get('?created_on=2026-11-23'))).toBe(NEXT_DAY.json);
    expect(data(await get('?created_on=2026-11-24'))).toBe('');
  });

  test('includes deleted logs only on request', async () => {
    expect(data(await get('?created_on=2026-11-22&include_deleted=true'))).toBe(
      [NIGHT.json, DELETED.json, NOON.json, MORNING.json].join(','),
    );
    expect(data(await get('?created_on=2026-11-22&include_deleted=false'))).toBe(
      [NIGHT.json, NOON.json, MORNING.json].join(','),
    );
  });

  test('need not be specified', async () => {
    expect(data(await get(''))).toBe([NEXT_DAY.json, NIGHT.json, NOON.json, MORNING.json].join(','));
  });

  test('keeps the given order if instants are equal', async () => {
    const twins = ['b', 'a', 'c'].map((id) => ({ json: `"${id}"`, createdAt: '2026-11-22T12:00:00Z' }));
    server.logs = twins;
    expect(data(await get('?created_on=2026-11-22'))).toBe('"b","a","c"');
  });

  test('has fifty logs per page unless another size is requested', async () => {
    server.logs = Array.from({ length: 1001 }, (_, index) => ({
      json: String(index),
      createdAt: '2026-11-22T12:00:00Z',
    }));
    const size = (reply: Reply): number => data(reply).split(',').length;
    expect(size(await get('?created_on=2026-11-22'))).toBe(50);
    expect(size(await get('?created_on=2026-11-22&page_size=1000'))).toBe(1000);
  });
});

describe('bounds', () => {
  const AFTER = 'created_after=2026-11-22T12:00:00Z';
  const BEFORE = 'created_before=2026-11-22T13:00:00Z';
  const DELETED_TOO = 'created_on=2026-11-22&include_deleted=true';

  test.each<[BoundsReading, string, readonly SignalWireLog[]]>([
    ['exclusive', AFTER, [NIGHT, DELETED]],
    ['exclusive', BEFORE, [NOON, MORNING]],
    ['exclusive', `${AFTER}&${BEFORE}`, []],
    ['exclusive', 'created_after=2026-11-22T13:59:59%2B02:00', [NIGHT, DELETED, NOON]],
    ['exclusive', 'created_before=2026-11-22', []],
    ['inclusive', AFTER, [NIGHT, DELETED, NOON]],
    ['inclusive', BEFORE, [DELETED, NOON, MORNING]],
    ['inclusive', `${AFTER}&${BEFORE}`, [DELETED, NOON]],
    ['inclusive', 'created_before=2026-11-22', [MORNING]],
    ['ignored', `${AFTER}&${BEFORE}`, [NIGHT, DELETED, NOON, MORNING]],
  ])('that are %s narrow the day: %s', async (bounds, query, logs) => {
    server.bounds = bounds;
    expect(data(await get(`?${DELETED_TOO}&${query}`))).toBe(logs.map(({ json }) => json).join(','));
  });

  test('are in the links as they were requested, and the token is valid for no others', async () => {
    const { next = '' } = links(await get(`?${DELETED_TOO}&${AFTER}&page_size=1`));
    expect(new URL(next).searchParams.get('created_after')).toBe('2026-11-22T12:00:00Z');
    expect(data(await get(next))).toBe(DELETED.json);
    expect((await get(next.replace('T12', 'T11'))).status).toBe(422);
  });

  test.each([
    [AFTER, 'created_after'],
    [BEFORE, 'created_before'],
  ])('may be refused: %s', async (query, attribute) => {
    server.bounds = 'refused';
    const { status, text } = await get(`?${DELETED_TOO}&${query}`);
    expect(status).toBe(422);
    expect(JSON.parse(text)).toMatchObject({ errors: [{ attribute, code: 'unknown_parameter' }] });
    expect((await get(`?${DELETED_TOO}`)).status).toBe(200);
  });
});

describe('pages', () => {
  const PATH = '/api/video/logs';
  const QUERY = 'created_on=2026-11-22&include_deleted=true';

  test.each<[LinkStyle, () => string]>([
    ['absolute', () => server.url + PATH],
    ['relative', () => PATH],
    ['query-only', () => ''],
  ])('are linked, with %s links', async (style, origin) => {
    server.links = style;
    const first = await get(`?${QUERY}&page_size=3`);
    expect(data(first)).toBe([NIGHT.json, DELETED.json, NOON.json].join(','));
    const firstLink = `${origin()}?${QUERY}&page_number=0&page_size=3`;
    const nextLink = expect.stringMatching(/&page_number=1&page_size=3&page_token=PA[0-9a-f]{16}$/);
    expect(links(first)).toEqual({ self: firstLink, first: firstLink, next: nextLink });

    const second = await get(links(first).next ?? '');
    expect(data(second)).toBe(MORNING.json);
    expect(links(second)).toEqual({ self: links(first).next, first: firstLink, prev: firstLink });
    expect(links(second).self.startsWith(`${origin()}?${QUERY}`)).toBe(true);
  });

  test('end exactly where the logs end', async () => {
    expect(links(await get(`?${QUERY}&page_size=4`)).next).toBeUndefined();
  });

  test('after the first need the token of exactly that page and query', async () => {
    const next = links(await get(`?${QUERY}&page_size=1`)).next ?? '';
    expect((await get(next)).status).toBe(200);
    for (const other of [
      next.replace(/&page_token=.*/, ''),
      next.replace('page_number=1', 'page_number=2'),
      next.replace('page_size=1', 'page_size=2'),
      next.replace('2026-11-22', '2026-11-23'),
      next.replace('page_number=1', 'page_number=0'),
    ]) {
      const reply = await get(other);
      expect(reply.status).toBe(422);
      expect(JSON.parse(reply.text)).toMatchObject({ errors: [{ attribute: 'page_token' }] });
    }
  });
});

describe('a refusal', () => {
  test.each([
    ['another project', basic('another', TOKEN)],
    ['another token', basic(PROJECT, 'another')],
    ['no credentials', ''],
    ['another scheme', `Bearer ${TOKEN}`],
  ])('is the answer to %s', async (_what, authorization) => {
    expect(await get('?created_on=2026-11-22', authorization)).toEqual({
      status: 401,
      text: '{"error":"Unauthorized"}',
    });
  });

  test('follows a change of the token', async () => {
    server.apiToken = 'rotated';
    expect((await get('')).status).toBe(401);
    expect((await get('', basic(PROJECT, 'rotated'))).status).toBe(200);
  });

  test.each([
    ['unknown=1', 'unknown', 'unknown_parameter'],
    ['page_size=0', 'page_size', 'out_of_range'],
    ['page_size=1001', 'page_size', 'out_of_range'],
    ['page_size=ten', 'page_size', 'out_of_range'],
    ['page_number=-1', 'page_number', 'out_of_range'],
    ['page_token=PA0123456789abcdef', 'page_token', 'invalid_page_token'],
    ['created_on=2026-02-30', 'created_on', 'invalid_date'],
    ['created_on=2026-11-22T00:00:00Z', 'created_on', 'invalid_date'],
    ['created_after=noon', 'created_after', 'invalid_date'],
    ['created_before=2026-11-22T25:00:00Z', 'created_before', 'invalid_date'],
    ['include_deleted=1', 'include_deleted', 'invalid_boolean'],
    ['created_on=2026-11-22&created_on=2026-11-23', 'created_on', 'repeated_parameter'],
  ])('is the answer to the query %s', async (query, attribute, code) => {
    const { status, text } = await get(`?${query}`);
    expect(status).toBe(422);
    expect(JSON.parse(text)).toEqual({
      errors: [
        {
          type: 'validation_error',
          code,
          message: expect.stringMatching(new RegExp(`^${attribute} `)),
          attribute,
          url: `https://developer.signalwire.com/rest/overview/error-codes/#${code}`,
        },
      ],
    });
  });

  test('is the answer to other paths and methods', async () => {
    expect(await get('/api/video/rooms')).toEqual({ status: 404, text: '{"error":"Not Found"}' });
    expect(await get('/api/video/logs/')).toEqual({ status: 404, text: '{"error":"Not Found"}' });
    expect(await get('', basic(PROJECT, TOKEN), 'POST')).toEqual({
      status: 405,
      text: '{"error":"Method Not Allowed"}',
    });
  });

  test('is the reaction to logs without an instant', () => {
    expect(() => {
      server.logs = [{ json: '{}', createdAt: 'yesterday' }];
    }).toThrow(RangeError);
  });
});
