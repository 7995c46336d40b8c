import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { signalWireClient } from '../../../lambda/signalwire/client.ts';
import type { Credentials } from '../../../lambda/signalwire/credentials.ts';
import { readVideoLog } from '../../../lambda/signalwire/video-log.ts';
import { type RecordedRequest } from '../../../local/loopback-server.ts';
import { SignalWireServer } from '../../../local/signalwire-server.ts';
import { certificate } from '../../support/certificates.ts';
import { freePort } from '../../support/free-port.ts';
import { sessionLog } from '../../support/logs.ts';
import { startTlsFront } from '../../support/tls-front.ts';
import { plainLog, plainPage } from '../../support/plain-logs.ts';
import {
  ask,
  type AskOptions,
  basicAuthorization,
  client,
  closeServers,
  CREDENTIALS,
  deadlineIn,
  failureOf,
  FIRST_REQUEST,
  type Outcome,
  page,
  pageQuery,
  DAY,
  ScriptedSpace,
  Secret,
  started,
} from './asking.ts';

/** What must be left after the reading: asking for pages ends before. */
const RESERVED_MS = 15_000;
const LOG = sessionLog('first', { charge: '0.10' });
const PAGE = page([LOG]);
const READ = { next: null, logs: [plainLog(readVideoLog(LOG.json))] };
const ROTATED: Credentials = { ...CREDENTIALS, apiToken: 'PTrotated0123456789' };

afterAll(closeServers);

type Fault = (response: ServerResponse) => void;

interface Seen extends Outcome {
  readonly requests: readonly RecordedRequest[];
  /** Milliseconds between one request's arrival and the next one's. */
  readonly gaps: readonly number[];
}

/** Asks a space that has a fault on its first requests and serves the page afterwards. */
async function askFaulty(fault: Fault, times: number, options: AskOptions = {}): Promise<Seen> {
  const space = await started(new ScriptedSpace(() => PAGE));
  const arrivals: number[] = [];
  space.intercept = (_, response) => {
    arrivals.push(performance.now());
    const faulty = arrivals.length <= times;
    if (faulty) fault(response);
    return faulty;
  };
  const outcome = await ask(space.url, options);
  const gaps = arrivals.slice(1).map((arrival, index) => arrival - (arrivals[index] ?? 0));
  return { ...outcome, requests: space.requests, gaps };
}

/** Cases that are started before the first test: each mostly waits, and they may as well wait together. */
const startedFirst: (() => void)[] = [];
beforeAll(() => {
  for (const start of startedFirst) start();
});

interface Together {
  /** Started before the tests of the same block only: what counts single seconds shall not share the machine. */
  readonly apart?: boolean;
}

/**
 * Runs all cases at once.
 *
 * @returns what gives the outcome of a case
 */
function together<Case, Result>(
  cases: readonly Case[],
  run: (of: Case) => Promise<Result>,
  { apart = false }: Together = {},
): (of: Case) => Promise<Result> {
  const outcomes = new Map<Case, Promise<PromiseSettledResult<Result>>>();
  const start = (): void => {
    for (const each of cases) {
      outcomes.set(
        each,
        Promise.allSettled([run(each)]).then(([settled]) => settled),
      );
    }
  };
  if (apart) beforeAll(start);
  else startedFirst.push(start);
  return async (of) => {
    const settled = await outcomes.get(of);
    if (settled?.status !== 'fulfilled') throw settled?.reason;
    return settled.value;
  };
}

const status =
  (code: number, headers: Readonly<Record<string, string>> = {}, body = 'x'): Fault =>
  (response) => {
    response.writeHead(code, { 'content-length': String(Buffer.byteLength(body)), ...headers }).end(body);
  };

/** The head of a good answer and part of its body, then the end of the connection. */
const cutAfter =
  (headers: Readonly<Record<string, string>>): Fault =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    response.write(PAGE.slice(0, 100), () => response.destroy());
  };

const raw =
  (bytes: string): Fault =>
  ({ socket }) =>
    socket?.end(bytes, 'latin1');

const gzipped = gzipSync(PAGE);
const afterInnerObject = PAGE.slice(0, PAGE.indexOf('}') + 1);

interface FaultCase {
  readonly title: string;
  readonly fault: Fault;
  readonly says: string;
}

const UNAVAILABLE: readonly FaultCase[] = [
  ...[408, 429, 500, 502, 503, 504, 507, 520, 599].map((code) => ({
    title: `status ${code}`,
    fault: status(code),
    says: `it answered ${code}`,
  })),
  {
    title: 'status 503 with an HTML page',
    fault: status(503, { 'content-type': 'text/html' }, '<h1>Sorry</h1>'),
    says: 'it answered 503',
  },
  { title: 'status 500 with an empty body', fault: status(500, {}, ''), says: 'it answered 500' },
  {
    title: 'status 503 with a reason that is not ASCII',
    fault: raw('HTTP/1.1 503 \u00e9chec\r\ncontent-length: 0\r\n\r\n'),
    says: 'it answered 503',
  },
  {
    title: 'a connection that is reset',
    fault: ({ socket }) => socket?.resetAndDestroy(),
    says: 'the connection failed',
  },
  {
    title: 'a connection that is closed',
    fault: ({ socket }) => socket?.destroy(),
    says: 'the connection failed',
  },
  {
    title: 'an answer that is no HTTP',
    fault: raw('SSH-2.0-OpenSSH_9.9\r\n\r\n'),
    says: 'the connection failed',
  },
  { title: 'a head that is cut', fault: raw('HTTP/1.1 200 OK\r\ncontent-le'), says: 'the connection failed' },
  {
    title: 'a body shorter than its content-length',
    fault: cutAfter({ 'content-length': '5000' }),
    says: 'the connection failed',
  },
  {
    title: 'a chunked body that is cut',
    fault: cutAfter({ 'transfer-encoding': 'chunked' }),
    says: 'the connection failed',
  },
  {
    title: 'a chunk of no length',
    fault: raw('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n'),
    says: 'the connection failed',
  },
  {
    title: 'another protocol',
    fault: raw('HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\nConnection: Upgrade\r\n\r\n'),
    says: 'the connection failed',
  },
  {
    title: 'JSON that is cut, rightly framed',
    fault: status(200, {}, PAGE.slice(0, 100)),
    says: 'cut short',
  },
  { title: 'JSON that is cut after its first bracket', fault: status(200, {}, '{'), says: 'cut short' },
  {
    title: 'JSON that is cut behind an inner object',
    fault: status(200, {}, afterInnerObject),
    says: 'cut short',
  },
  {
    title: 'gzip that is cut, rightly framed',
    fault: (response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipped.subarray(0, gzipped.length / 2));
    },
    says: 'cut short',
  },
  {
    title: 'gzip that is damaged',
    fault: (response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(Buffer.from(gzipped).fill(0xff, 12, 40));
    },
    says: 'the connection failed',
  },
];

const UNUSABLE: readonly FaultCase[] = [
  {
    title: 'an HTML page with 200',
    fault: status(200, { 'content-type': 'text/html' }, '<html>Hello</html>'),
    says: 'no JSON',
  },
  {
    title: 'an HTML page that calls itself JSON',
    fault: status(200, { 'content-type': 'application/json' }, '<html>'),
    says: 'no JSON',
  },
  { title: 'an empty body with 200', fault: status(200, {}, ''), says: 'no JSON' },
  { title: 'status 204', fault: (response) => response.writeHead(204).end(), says: 'no JSON' },
];

const FAULTS = [...UNAVAILABLE, ...UNUSABLE];

describe('a request that fails', () => {
  const always = together(FAULTS, ({ fault }) => askFaulty(fault, Infinity));
  const once = together(FAULTS, ({ fault }) => askFaulty(fault, 1));
  const fourTimes = { title: 'four times', fault: status(503) };
  const fourOutcomes = together([fourTimes], ({ fault }) => askFaulty(fault, 4));

  test.each(UNAVAILABLE)('is tried five times, then SignalWire is unavailable: $title', async (fault) => {
    const { error, usage, requests } = await always(fault);
    expect(error?.name).toBe('SignalWireUnavailableError');
    expect(error?.message).toContain(fault.says);
    expect(requests).toHaveLength(5);
    expect(usage).toEqual({ requests: 5, retries: 4 });
  });

  test.each(UNUSABLE)('is tried at most five times, then its answer is invalid: $title', async (fault) => {
    const { error, usage, requests } = await always(fault);
    expect(error?.name).toBe('SignalWireInvalidResponseError');
    expect(error?.message).toContain(fault.says);
    expect(requests.length).toBeLessThanOrEqual(5);
    expect(usage).toEqual({ requests: requests.length, retries: requests.length - 1 });
  });

  test.each(FAULTS)('once succeeds on the second try: $title', async (fault) => {
    const { page: read, usage, requests } = await once(fault);
    expect(read).toEqual(READ);
    expect(requests.map(({ url }) => url)).toEqual([FIRST_REQUEST, FIRST_REQUEST]);
    expect(usage).toEqual({ requests: 2, retries: 1 });
  });

  test('four times succeeds on the fifth try, having waited longer each time', async () => {
    const { page: read, usage, gaps } = await fourOutcomes(fourTimes);
    expect(read).toEqual(READ);
    expect(usage).toEqual({ requests: 5, retries: 4 });
    const longest = [500, 1000, 2000, 4000];
    for (const [index, gap] of gaps.entries()) {
      const most = longest[index] ?? 0;
      expect(gap).toBeGreaterThan(most / 2 - 20);
      expect(gap).toBeLessThan(most + 1000);
    }
  });
});

describe('a server that can’t be reached', () => {
  const UNREACHABLE = [
    { title: 'nothing listens', origin: unusedOrigin, says: 'the connection failed (ECONNREFUSED)' },
    // Longer than a name may be: no resolver needs to be asked.
    {
      title: 'the name does not exist',
      origin: () => Promise.resolve(`http://${'a'.repeat(64)}.invalid`),
      says: 'there is no such host (ENOTFOUND). Check SIGNALWIRE_SPACE_URL',
    },
  ];
  const outcomes = together(UNREACHABLE, async ({ origin }) => ask(await origin()));

  test.each(UNREACHABLE)('is unavailable: $title', async (unreachable) => {
    const { error, usage } = await outcomes(unreachable);
    expect(error?.name).toBe('SignalWireUnavailableError');
    expect(error?.message).toContain(unreachable.says);
    expect(usage).toEqual({ requests: 5, retries: 4 });
  });
});

test('a certificate that nobody vouches for ends the connection before a byte of the request', async () => {
  const front = await startTlsFront(await certificate(), await unusedOrigin());
  const { error } = await ask(front.url, { deadline: deadlineIn(RESERVED_MS + 1200) });
  await front.close();
  expect(error?.name).toBe('SignalWireUnavailableError');
  expect(error?.message).toContain("certificate can't be trusted (DEPTH_ZERO_SELF_SIGNED_CERT). Check");
  expect(front.received()).toBe(0);
});

describe('a request', () => {
  test('is a GET with HTTP Basic and asks for JSON', async () => {
    const { page: read, requests, usage } = await askFaulty(status(500), 0);
    expect(read).toEqual(READ);
    expect(requests).toMatchObject([
      {
        method: 'GET',
        url: FIRST_REQUEST,
        headers: { authorization: basicAuthorization(CREDENTIALS), accept: 'application/json' },
      },
    ]);
    expect(requests[0]?.headers).not.toHaveProperty('cookie');
    expect(usage).toEqual({ requests: 1, retries: 0 });
  });

  test.each([
    ['project', 'token', 'Basic cHJvamVjdDp0b2tlbg=='],
    ['Aladdin', 'open sesame', 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
    ['a', 'b:c', 'Basic YTpiOmM='],
    ['prøject', 'tøken', 'Basic cHLDuGplY3Q6dMO4a2Vu'],
  ])('authorizes %s with %s as %s', async (projectId, apiToken, authorization) => {
    const { requests } = await askFaulty(status(500), 0, { secret: new Secret({ projectId, apiToken }) });
    expect(requests.map(({ headers }) => headers.authorization)).toEqual([authorization]);
  });

  test('bears the same authorization when it is repeated', async () => {
    const { requests } = await askFaulty(status(503, { 'retry-after': '0' }), 2);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(
      Array.from({ length: 3 }, () => basicAuthorization(CREDENTIALS)),
    );
  });

  test('understands an answer in gzip', async () => {
    const fault: Fault = (response) =>
      void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipped);
    expect((await askFaulty(fault, 1)).page).toEqual(READ);
  });

  test('reads numbers exactly as they were sent', async () => {
    const numbers = '"charge":0.10,"b":12345678901234567890,"c":1e999999999,"d":-0';
    const json = `{"id":"a","created_at":"2026-11-22T12:00:00Z",${numbers}}`;
    const body = `{"links":{},"data":[${json}]}`;
    expect((await askFaulty(status(200, {}, body), 1)).page).toMatchObject({
      logs: [{ charge: '0.10', asSent: { json } }],
    });
  });
});

describe('Retry-After', () => {
  const soon = (): string => new Date(Date.now() + 2500).toUTCString();
  const WAITS = [
    { title: 'in seconds, after 429', code: 429, value: () => '2' },
    { title: 'in seconds, after 503', code: 503, value: () => '2' },
    { title: 'in seconds, after 500', code: 500, value: () => '2' },
    { title: 'as HTTP-date', code: 429, value: soon },
  ];
  const waited = together(WAITS, async ({ code, value }) => {
    const header = value();
    const seen = await askFaulty(status(code, { 'retry-after': header }), 1);
    return { ...seen, until: Date.parse(header), end: Date.now() };
  });

  test.each(WAITS.slice(0, 3))('is waited for: $title', async (wait) => {
    const { page: read, gaps, usage } = await waited(wait);
    expect(read).toEqual(READ);
    expect(gaps[0]).toBeGreaterThan(1980);
    expect(usage).toEqual({ requests: 2, retries: 1 });
  });

  test.each(WAITS.slice(3))('is waited for: $title', async (wait) => {
    const { page: read, until, end, usage } = await waited(wait);
    expect(read).toEqual(READ);
    expect(end).toBeGreaterThan(until - 20);
    expect(usage).toEqual({ requests: 2, retries: 1 });
  });

  const USUAL = [
    { title: 'words', headers: { 'retry-after': 'soon' } },
    { title: 'no characters', headers: { 'retry-after': '' } },
    { title: 'a negative number', headers: { 'retry-after': '-1' } },
    { title: 'a fraction', headers: { 'retry-after': '1.5' } },
    { title: 'hexadecimal', headers: { 'retry-after': '0x10' } },
    { title: 'another header alone', headers: { 'ratelimit-reset': '3600', 'x-ratelimit-reset': '3600' } },
  ];
  const usual = together(USUAL, ({ headers }) => askFaulty(status(429, headers), 1));

  test.each(USUAL)('that can’t be read leaves the usual wait: $title', async (of) => {
    const { page: read, gaps, usage } = await usual(of);
    expect(read).toEqual(READ);
    expect(gaps[0]).toBeGreaterThan(230);
    expect(gaps[0]).toBeLessThan(1500);
    expect(usage).toEqual({ requests: 2, retries: 1 });
  });

  test.each([
    ['0', '0'],
    ['a date that has passed', 'Sun, 06 Nov 1994 08:49:37 GMT'],
  ])('of %s means at once, and still at most five tries', async (_, value) => {
    const { error, usage, elapsedMs } = await askFaulty(status(503, { 'retry-after': value }), Infinity);
    expect(error?.name).toBe('SignalWireUnavailableError');
    expect(usage).toEqual({ requests: 5, retries: 4 });
    // The usual waits would sum up to more.
    expect(elapsedMs).toBeLessThan(3700);
  });

  test.each([
    ['seconds', () => '120'],
    ['an HTTP-date', () => new Date(Date.now() + 120_000).toUTCString()],
    ['more seconds than a timer can count', () => '99999999999999999999'],
  ])('beyond the time left fails at once: %s', async (_, value) => {
    const { error, usage, requests, elapsedMs } = await askFaulty(
      status(429, { 'retry-after': value() }),
      1,
      {
        deadline: deadlineIn(60_000),
      },
    );
    expect(error?.name).toBe('SignalWireUnavailableError');
    expect(error?.message).toMatch(/it answered 429 and asked to wait \d+ s\. Nothing/);
    expect(requests).toHaveLength(1);
    expect(usage).toEqual({ requests: 1, retries: 0 });
    expect(elapsedMs).toBeLessThan(1000);
  });
});

describe('the time left', () => {
  const stalledHead: Fault = () => undefined;
  const stalledBody: Fault = (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' }).write(PAGE);
  };
  const stalledError: Fault = (response) => {
    response.writeHead(500, { 'content-length': '5000' }).write('<html>');
  };
  const trickling: Fault = (response) => {
    const timer = setInterval(() => response.write(' '), 50);
    response.writeHead(200).on('close', () => {
      clearInterval(timer);
    });
  };
  const SHORT = [
    { title: 'a head that does not come', fault: stalledHead, requests: 1, says: 'did not answer in time' },
    { title: 'a body that stops coming', fault: stalledBody, requests: 1, says: 'did not answer in time' },
    {
      title: 'an error’s body that stops coming',
      fault: stalledError,
      requests: 1,
      says: 'did not answer in time',
    },
    {
      title: 'a body that comes drop by drop',
      fault: trickling,
      requests: 1,
      says: 'did not answer in time',
    },
    // The second wait would be up to a second: more than the rest of 1.2.
    { title: 'waits between tries', fault: status(503), requests: 2, says: 'it answered 503' },
  ];
  const outcomes = together(
    SHORT,
    ({ fault }) => askFaulty(fault, Infinity, { deadline: deadlineIn(RESERVED_MS + 1200) }),
    { apart: true },
  );

  test.each(SHORT)('is never overdrawn: $title', async (of) => {
    const { error, usage, requests, leftMs } = await outcomes(of);
    expect(error?.name).toBe('SignalWireUnavailableError');
    expect(error?.message).toContain(of.says);
    expect(requests).toHaveLength(of.requests);
    expect(usage).toEqual({ requests: of.requests, retries: of.requests - 1 });
    expect(leftMs).toBeGreaterThan(RESERVED_MS - 500);
  });

  test.each([0, -5, 1000, RESERVED_MS, RESERVED_MS + 999])('of %d ms is too little to begin', async (ms) => {
    const space = await started(new ScriptedSpace(() => PAGE));
    const { error, usage } = await ask(space.url, { deadline: { remainingMs: () => ms } });
    expect(error?.name).toBe('OutOfTimeError');
    expect(usage).toEqual({ requests: 0, retries: 0 });
    expect(space.requests).toEqual([]);
  });

  test('that has become too little before a later page ends the reading there', async () => {
    const space = await started(new ScriptedSpace(() => PAGE));
    let left = 60_000;
    const usage = { requests: 0, retries: 0 };
    const { getPage } = signalWireClient(new Secret().read, { remainingMs: () => left }, usage);
    await getPage(new URL(FIRST_REQUEST, space.url));
    left = RESERVED_MS;
    expect(
      await failureOf(getPage(new URL(pageQuery(DAY, 1), `${space.url}${FIRST_REQUEST}`))),
    ).toMatchObject({
      name: 'OutOfTimeError',
    });
    expect(usage).toEqual({ requests: 1, retries: 0 });
    expect(space.requests).toHaveLength(1);
  });
});

describe('a redirect', () => {
  test.each([
    ...[301, 302, 303, 307, 308].map((code) => [code, 'another server', (other: string) => other] as const),
    [302, 'itself', () => ''] as const,
  ])('%d to %s is not followed', async (code, _, to) => {
    const other = await started(new ScriptedSpace(() => PAGE));
    const { error, usage, requests } = await askFaulty(
      status(code, { location: `${to(other.url)}/elsewhere` }),
      Infinity,
    );
    expect(error?.name).toBe('SignalWireInvalidResponseError');
    expect(error?.message).toContain(`redirect (${code})`);
    expect(requests.map(({ url }) => url)).toEqual([FIRST_REQUEST]);
    expect(usage).toEqual({ requests: 1, retries: 0 });
    expect(other.requests).toEqual([]);
  });
});

describe('a refusal', () => {
  const plain = (message: string): string => JSON.stringify({ error: message });
  const detailed = JSON.stringify({
    errors: [
      {
        type: 'validation_error',
        code: 'invalid_date',
        message: 'created_on must be a date',
        attribute: 'created_on',
        url: 'https://developer.signalwire.com/rest/overview/error-codes/#invalid_date',
      },
      {
        type: 'validation_error',
        code: 'out_of_range',
        message: 'page_size is too large',
        attribute: 'page_size',
      },
    ],
  });
  const BODIES = [
    {
      kind: 'one error',
      type: 'application/json',
      body: plain('Not in this space'),
      says: ['Not in this space'],
    },
    {
      kind: 'a list of errors',
      type: 'application/json; charset=utf-8',
      body: detailed,
      says: [
        'created_on must be a date (code invalid_date, attribute created_on)',
        'page_size is too large (code out_of_range, attribute page_size)',
      ],
    },
    { kind: 'HTML', type: 'text/html', body: '<html><b>Blocked</b></html>', says: [] },
    { kind: 'JSON that is cut', type: 'application/json', body: '{"error":"Una', says: [] },
    { kind: 'JSON of another shape', type: 'application/json', body: '[null]', says: [] },
    { kind: 'no body', type: 'application/json', body: '', says: [] },
  ];
  const CODES = [
    { code: 400, remedy: 'show this message to the developers' },
    { code: 401, remedy: 'Video scope' },
    { code: 403, remedy: 'Video scope' },
    { code: 404, remedy: 'SIGNALWIRE_SPACE_URL' },
    { code: 422, remedy: 'show this message to the developers' },
  ];

  test.each(CODES.flatMap((code) => BODIES.map((body) => ({ ...code, ...body }))))(
    '$code with $kind is not repeated, and says what to do',
    async ({ code, remedy, type, body, says }) => {
      const { error, usage, requests } = await askFaulty(
        status(code, { 'content-type': type }, body),
        Infinity,
      );
      expect(error?.name).toBe('SignalWireRejectedError');
      for (const text of [String(code), remedy, ...says]) expect(error?.message).toContain(text);
      expect(error?.message).not.toContain('<');
      expect(requests).toHaveLength(1);
      expect(usage).toEqual({ requests: 1, retries: 0 });
    },
  );

  test('is not repeated because of a Retry-After', async () => {
    const { error, requests } = await askFaulty(status(403, { 'retry-after': '0' }), Infinity);
    expect(error?.name).toBe('SignalWireRejectedError');
    expect(requests).toHaveLength(1);
  });

  test('of the date itself comes with the API’s own words', async () => {
    const server = await started(new SignalWireServer(CREDENTIALS));
    expect(
      await failureOf(client()(new URL(FIRST_REQUEST.replace(DAY, 'yesterday'), server.url))),
    ).toMatchObject({
      name: 'SignalWireRejectedError',
      message: expect.stringMatching(
        /422.*created_on must be a date such as 2026-11-22 \(code invalid_date, attribute created_on\)/,
      ),
    });
  });

  test('is told of without its reasons where they are too long to be meant for people', async () => {
    const body = plain('x'.repeat(1 << 20));
    const { error } = await askFaulty(status(404, { 'content-type': 'application/json' }, body), 1);
    expect(error?.name).toBe('SignalWireRejectedError');
    expect(error?.message).toContain('refused the request with 404. Check SIGNALWIRE_SPACE_URL');
  });

  test('takes one line, however long its reasons', async () => {
    const body = plain(`first\r\nsecond\u2028third\0${'x'.repeat(50_000)}`);
    const { error } = await askFaulty(status(400, { 'content-type': 'application/json' }, body), 1);
    expect(error?.message).toContain('first second third xxx');
    expect(error?.message.length).toBeLessThan(600);
  });
});

describe('the credentials', () => {
  const { apiToken } = CREDENTIALS;
  const basic = basicAuthorization(CREDENTIALS).slice('Basic '.length);
  const asJson = { 'content-type': 'application/json' };
  const inMessage = (message: string): string => JSON.stringify({ error: message });
  const inErrors = (error: object): string => JSON.stringify({ errors: [error] });

  const ECHOES = [
    { title: 'in the error', fault: status(401, asJson, inMessage(`${apiToken} is not known`)) },
    { title: 'in the error, as header', fault: status(403, asJson, inMessage(`Bad: Basic ${basic}`)) },
    {
      title: 'in the error, many times',
      fault: status(400, asJson, inMessage(`${apiToken}${basic}`.repeat(50))),
    },
    {
      title: 'where a long error is cut',
      fault: status(400, asJson, inMessage(`${'x'.repeat(290)}${apiToken}`)),
    },
    { title: 'in a message', fault: status(422, asJson, inErrors({ message: `${apiToken}: bad` })) },
    { title: 'in a code', fault: status(422, asJson, inErrors({ message: 'bad', code: apiToken })) },
    { title: 'in an attribute', fault: status(422, asJson, inErrors({ message: 'bad', attribute: basic })) },
    { title: 'in HTML', fault: status(403, { 'content-type': 'text/html' }, `<p>${apiToken} ${basic}</p>`) },
    { title: 'in a header', fault: status(403, { 'x-authorization': `Basic ${basic}` }) },
    { title: 'in the reason', fault: raw(`HTTP/1.1 401 ${apiToken} ${basic}\r\ncontent-length: 0\r\n\r\n`) },
    {
      title: 'in the target of a redirect',
      fault: status(302, { location: `/?token=${apiToken}&basic=${basic}` }),
    },
    { title: 'in an overload', fault: status(429, { 'retry-after': '9999999' }, `${apiToken} ${basic}`) },
    { title: 'in what is no JSON', fault: status(200, {}, `${apiToken} ${basic}`) },
    { title: 'in JSON that is cut', fault: status(200, {}, `{"token":"${apiToken} ${basic}`) },
    { title: 'in what is no HTTP', fault: raw(`${apiToken} ${basic}\r\n\r\n`) },
    {
      title: 'nowhere: the connection is reset',
      fault: (({ socket }) => socket?.resetAndDestroy()) as Fault,
    },
    { title: 'nowhere: there is no answer', fault: () => undefined },
  ];
  const outcomes = together(
    ECHOES,
    ({ fault }) => askFaulty(fault, Infinity, { deadline: deadlineIn(RESERVED_MS + 1100) }),
    { apart: true },
  );

  test.each(ECHOES)('are nowhere in the failure, even if the API repeats them: $title', async (echo) => {
    const { error } = await outcomes(echo);
    expect(error?.name).toMatch(/^SignalWire(Rejected|Unavailable|InvalidResponse)Error$/);
    const everything = [
      error?.message,
      error?.stack,
      JSON.stringify(error),
      inspect(error, { depth: Infinity, showHidden: true }),
      inspect(error?.cause, { depth: Infinity, showHidden: true }),
    ].join('\n');
    expect(everything).not.toContain(apiToken);
    expect(everything).not.toContain(basic);
  });
});

describe('a 401', () => {
  async function spaceOf(credentials: Credentials): Promise<SignalWireServer> {
    return started(new SignalWireServer({ ...credentials, logs: [sessionLog('first')] }));
  }

  /** A client that has got a page, whose token then was rotated. */
  async function rotatedAfterAPage() {
    const space = await spaceOf(CREDENTIALS);
    const secret = new Secret(CREDENTIALS, ROTATED);
    const { getPage } = signalWireClient(secret.read, deadlineIn(60_000), { requests: 0, retries: 0 });
    const url = new URL(FIRST_REQUEST, space.url);
    await getPage(url);
    space.apiToken = ROTATED.apiToken;
    return { space, secret, getPage, url };
  }

  test('with the secret unchanged is final after one request and a second look at the secret', async () => {
    const space = await spaceOf(ROTATED);
    const secret = new Secret();
    const { error, usage } = await ask(space.url, { secret });
    expect(error?.name).toBe('SignalWireRejectedError');
    expect(error?.message).toContain('refused the request with 401 and said: Unauthorized');
    expect(space.requests).toHaveLength(1);
    expect(usage.requests).toBe(1);
    expect(secret.reads).toBe(2);
  });

  test.each([
    ['token', ROTATED],
    ['project', { ...CREDENTIALS, projectId: 'another project' }],
  ])(
    'with another %s in the secret meanwhile is repeated with it, and so are all pages after',
    async (_, fresh) => {
      const space = await spaceOf(fresh);
      const secret = new Secret(CREDENTIALS, fresh);
      const usage = { requests: 0, retries: 0 };
      const { getPage } = signalWireClient(secret.read, deadlineIn(60_000), usage);
      for (let pages = 0; pages < 3; pages += 1) {
        expect(plainPage(await getPage(new URL(FIRST_REQUEST, space.url)))).toEqual(READ);
      }
      expect(space.requests.map(({ headers }) => headers.authorization)).toEqual(
        [CREDENTIALS, fresh, fresh, fresh].map(basicAuthorization),
      );
      expect(usage.requests).toBe(4);
      expect(secret.reads).toBe(2);
    },
  );

  test('in the midst of the pages is repeated with the rotated token', async () => {
    const { space, getPage, url } = await rotatedAfterAPage();
    await getPage(url);
    expect(space.requests.map(({ headers }) => headers.authorization)).toEqual(
      [CREDENTIALS, CREDENTIALS, ROTATED].map(basicAuthorization),
    );
  });

  test('of many requests at once has the secret read once, also for those that are answered late', async () => {
    const { space, secret, getPage, url } = await rotatedAfterAPage();
    let refusals = 0;
    let firstIsRepeated = (): void => undefined;
    const repeated = new Promise<void>((resolve) => (firstIsRepeated = resolve));
    space.afterHandling = async (_, __, answer) => {
      if (answer.status === 200) firstIsRepeated();
      else if ((refusals += 1) > 8) await repeated;
      return false;
    };
    const pages = await Promise.all(Array.from({ length: 16 }, () => getPage(url)));
    expect(pages.map(plainPage)).toEqual(Array.from({ length: 16 }, () => READ));
    expect(refusals).toBe(16);
    expect(secret.reads).toBe(2);
  });

  test('that comes again with the rotated token is final', async () => {
    const { error, usage, requests } = await askFaulty(
      status(401, { 'content-type': 'application/json' }, `{"error":"${ROTATED.apiToken} is not known"}`),
      Infinity,
      { secret: new Secret(CREDENTIALS, ROTATED) },
    );
    expect(error?.name).toBe('SignalWireRejectedError');
    expect(error?.message).not.toContain(ROTATED.apiToken);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(
      [CREDENTIALS, ROTATED].map(basicAuthorization),
    );
    expect(usage.requests).toBe(2);
  });

  test('after which the secret can’t be read fails with what the secret’s reader says', async () => {
    const space = await spaceOf(ROTATED);
    let reads = 0;
    const read = (): Promise<Credentials> => {
      reads += 1;
      return reads === 1 ? Promise.resolve(CREDENTIALS) : Promise.reject(new Error('The secret is gone'));
    };
    const { getPage } = signalWireClient(read, deadlineIn(60_000), { requests: 0, retries: 0 });
    expect((await failureOf(getPage(new URL(FIRST_REQUEST, space.url)))).message).toBe('The secret is gone');
    expect(space.requests).toHaveLength(1);
  });

  test('is none where the credentials are right: the secret is read once, however many the pages', async () => {
    const space = await spaceOf(CREDENTIALS);
    const secret = new Secret();
    const { getPage } = signalWireClient(secret.read, deadlineIn(60_000), { requests: 0, retries: 0 });
    for (let pages = 0; pages < 3; pages += 1) await getPage(new URL(FIRST_REQUEST, space.url));
    expect(secret.reads).toBe(1);
  });
});

async function unusedOrigin(): Promise<string> {
  return `http://127.0.0.1:${await freePort()}`;
}
