import { afterAll, describe, expect, test } from '@jest/globals';
import { certificate } from '../../support/certificates.ts';
import { freePort } from '../../support/free-port.ts';
import { startTlsFront } from '../../support/tls-front.ts';
import {
  ask,
  basicAuthorization,
  closeServers,
  CREDENTIALS,
  deadlineIn,
  FIRST_REQUEST,
  Secret,
} from './asking.ts';
import {
  askFaulty,
  cutAfter,
  type Fault,
  GZIPPED,
  PAGE,
  raw,
  READ,
  RESERVED_MS,
  status,
} from './faulty-space.ts';
import { together } from './together.ts';

afterAll(closeServers);

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
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(GZIPPED.subarray(0, GZIPPED.length / 2));
    },
    says: 'cut short',
  },
  {
    title: 'gzip that is damaged',
    fault: (response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(Buffer.from(GZIPPED).fill(0xff, 12, 40));
    },
    says: 'the connection failed',
  },
];

const UNUSABLE: readonly FaultCase[] = [
  {
    title: 'an HTML page with 200',
    fault: status(200, { 'content-type': 'text/html' }, '<html>Hello</html>'),
    says: 'not JSON',
  },
  {
    title: 'an HTML page that calls itself JSON',
    fault: status(200, { 'content-type': 'application/json' }, '<html>'),
    says: 'not JSON',
  },
  { title: 'an empty body with 200', fault: status(200, {}, ''), says: 'not JSON' },
  { title: 'status 204', fault: (response) => response.writeHead(204).end(), says: 'not JSON' },
];

const FAULTS = [...UNAVAILABLE, ...UNUSABLE];

describe('a request that fails', () => {
  const always = together(FAULTS, ({ fault }) => askFaulty(fault, Infinity));
  const once = together(FAULTS, ({ fault }) => askFaulty(fault, 1));
  const fourTimes = { title: 'four times', fault: status(503) };
  const fourOutcomes = together([fourTimes], ({ fault }) => askFaulty(fault, 4));

  test.each(UNAVAILABLE)(
    'is tried five times, and then SignalWire counts as unavailable: $title',
    async (fault) => {
      const { error, usage, requests } = await always(fault);
      expect(error?.name).toBe('SignalWireUnavailableError');
      expect(error?.message).toContain(fault.says);
      expect(requests).toHaveLength(5);
      expect(usage).toEqual({ requests: 5, retries: 4 });
    },
  );

  test.each(UNUSABLE)(
    'is tried at most five times, and then its answer counts as invalid: $title',
    async (fault) => {
      const { error, usage, requests } = await always(fault);
      expect(error?.name).toBe('SignalWireInvalidResponseError');
      expect(error?.message).toContain(fault.says);
      expect(requests.length).toBeLessThanOrEqual(5);
      expect(usage).toEqual({ requests: requests.length, retries: requests.length - 1 });
    },
  );

  test.each(FAULTS)('only once succeeds on the second try: $title', async (fault) => {
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

test('an endless answer is reported as such after one try', async () => {
  const piece = Buffer.alloc(1 << 20, ' ');
  const { error, usage } = await askFaulty((response) => {
    const write = (): void => {
      while (!response.destroyed && response.write(piece));
    };
    response.writeHead(200).on('drain', write);
    write();
  }, Infinity);
  expect(error?.name).toBe('SignalWireInvalidResponseError');
  expect(error?.message).toContain('more than 32 MB');
  expect(usage).toEqual({ requests: 1, retries: 0 });
});

describe('a server that can’t be reached', () => {
  const UNREACHABLE = [
    { title: 'nothing listens', origin: unusedOrigin, says: 'the connection failed (ECONNREFUSED)' },
    // Longer than a name may be, so that no resolver is asked.
    {
      title: 'the name does not exist',
      origin: () => Promise.resolve(`http://${'a'.repeat(64)}.invalid`),
      says: 'there is no such host (ENOTFOUND). Check SIGNALWIRE_SPACE_URL',
    },
  ];
  const outcomes = together(UNREACHABLE, async ({ origin }) => ask(await origin()));

  test.each(UNREACHABLE)('is reported as unavailable: $title', async (unreachable) => {
    const { error, usage } = await outcomes(unreachable);
    expect(error?.name).toBe('SignalWireUnavailableError');
    expect(error?.message).toContain(unreachable.says);
    expect(usage).toEqual({ requests: 5, retries: 4 });
  });
});

test('an untrusted certificate ends the connection before any byte of the request is sent', async () => {
  const front = await startTlsFront(await certificate(), await unusedOrigin());
  const { error } = await ask(front.url, { deadline: deadlineIn(RESERVED_MS + 1200) });
  await front.close();
  expect(error?.name).toBe('SignalWireUnavailableError');
  expect(error?.message).toContain("certificate can't be trusted (DEPTH_ZERO_SELF_SIGNED_CERT). Check");
  expect(front.received()).toBe(0);
});

describe('a request', () => {
  test('is a GET with HTTP Basic that asks for JSON', async () => {
    const { page: read, requests, usage } = await askFaulty(status(500), 0);
    expect(read).toEqual(READ);
    expect(requests).toMatchObject([
      {
        method: 'GET',
        url: FIRST_REQUEST,
        headers: {
          authorization: basicAuthorization(CREDENTIALS),
          accept: 'application/json',
          // Not deflate: servers disagree on what that is.
          'accept-encoding': 'gzip, br',
        },
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
  ])('encodes %s and %s as %s', async (projectId, apiToken, authorization) => {
    const { requests } = await askFaulty(status(500), 0, { secret: new Secret({ projectId, apiToken }) });
    expect(requests.map(({ headers }) => headers.authorization)).toEqual([authorization]);
  });

  test('carries the same authorization when it is repeated', async () => {
    const { requests } = await askFaulty(status(503, { 'retry-after': '0' }), 2);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(
      Array.from({ length: 3 }, () => basicAuthorization(CREDENTIALS)),
    );
  });

  test('accepts an answer in gzip', async () => {
    const fault: Fault = (response) =>
      void response.writeHead(200, { 'content-encoding': 'gzip' }).end(GZIPPED);
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

async function unusedOrigin(): Promise<string> {
  return `http://127.0.0.1:${await freePort()}`;
}
