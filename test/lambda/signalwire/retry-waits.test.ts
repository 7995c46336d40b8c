import { afterAll, describe, expect, test } from '@jest/globals';
import { BadBodyError, RefusedError } from '../../../lambda/signalwire/attempt.ts';
import { signalWireClient } from '../../../lambda/signalwire/client.ts';
import { ConnectionError, TimedOutError, TooLongError } from '../../../lambda/signalwire/exchange.ts';
import { waitAfter } from '../../../lambda/signalwire/retry-waits.ts';
import {
  ask,
  closeServers,
  DAY,
  deadlineIn,
  failureOf,
  FIRST_REQUEST,
  pageQuery,
  ScriptedSpace,
  Secret,
  started,
} from './asking.ts';
import { askFaulty, type Fault, PAGE, READ, RESERVED_MS, status } from './faulty-space.ts';
import { together } from './together.ts';

afterAll(closeServers);

describe('the wait before a request is sent again', () => {
  const refused = (status: number, retryAfter?: string): RefusedError =>
    new RefusedError(status, retryAfter, '');

  test.each<[string, Error]>([
    ['an overload', refused(503)],
    ['a lost connection', new ConnectionError(new Error('reset'), false)],
    ['no answer in time', new TimedOutError()],
    ['a body that can’t be used', new BadBodyError(true)],
  ])('doubles after %s, and leaves half of itself to chance', (_, error) => {
    expect([1, 2, 3, 4].map((retry) => waitAfter(error, retry))).toEqual([
      { least: 250, most: 500 },
      { least: 500, most: 1000 },
      { least: 1000, most: 2000 },
      { least: 2000, most: 4000 },
    ]);
  });

  test('is never shorter than Retry-After, and spreads those who were told the same', () => {
    expect(waitAfter(refused(429, '2'), 1)).toEqual({ least: 2000, most: 2250 });
    expect(waitAfter(refused(503, '0'), 4)).toEqual({ least: 0, most: 250 });
  });

  test('is none after a kept connection that was dead', () => {
    expect(waitAfter(new ConnectionError(new Error('reset'), true), 1)).toEqual({ least: 0, most: 0 });
  });

  test.each<[string, Error]>([
    ['a refusal', refused(403, '2')],
    ['a redirect', refused(302)],
    ['a body that is too long', new TooLongError()],
    ['a fault of the program', new TypeError('no such thing')],
  ])('does not come after %s: it is not repeated', (_, error) => {
    expect(waitAfter(error, 1)).toBeNull();
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

  test.each(WAITS.slice(0, 3))('is obeyed: $title', async (wait) => {
    const { page: read, gaps, usage } = await waited(wait);
    expect(read).toEqual(READ);
    expect(gaps[0]).toBeGreaterThan(1980);
    expect(usage).toEqual({ requests: 2, retries: 1 });
  });

  test.each(WAITS.slice(3))('is obeyed: $title', async (wait) => {
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

  test.each(USUAL)('that can’t be read is replaced by the usual wait: $title', async (of) => {
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
    // The usual waits would add up to more.
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
    expect(error?.message).toMatch(/it answered 429 and asked us to wait \d+ s\. Nothing/);
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

  test.each(SHORT)('is never exceeded: $title', async (of) => {
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

  test('ends the reading when it is too little for another page', async () => {
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
