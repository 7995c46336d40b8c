import { afterAll, describe, expect, test } from '@jest/globals';
import { SignalWireServer } from '../../../local/signalwire-server.ts';
import {
  client,
  closeServers,
  CREDENTIALS,
  DAY,
  failureOf,
  FIRST_REQUEST,
  ScriptedSpace,
  started,
} from './asking.ts';
import { askFaulty, PAGE, status } from './faulty-space.ts';

afterAll(closeServers);

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

  test('is not retried even if it has a Retry-After', async () => {
    const { error, requests } = await askFaulty(status(403, { 'retry-after': '0' }), Infinity);
    expect(error?.name).toBe('SignalWireRejectedError');
    expect(requests).toHaveLength(1);
  });

  test('of the date itself is reported in the API’s own words', async () => {
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

  test('is reported without its reasons if they are too long to be meant for people', async () => {
    const body = plain('x'.repeat(1 << 20));
    const { error } = await askFaulty(status(404, { 'content-type': 'application/json' }, body), 1);
    expect(error?.name).toBe('SignalWireRejectedError');
    expect(error?.message).toContain('refused the request with 404. Check SIGNALWIRE_SPACE_URL');
  });

  test('is reported on one line, however long its reasons are', async () => {
    const body = plain(`first\r\nsecond\u2028third\0${'x'.repeat(50_000)}`);
    const { error } = await askFaulty(status(400, { 'content-type': 'application/json' }, body), 1);
    expect(error?.message).toContain('first second third xxx');
    expect(error?.message.length).toBeLessThan(600);
  });
});
