import { expect, test } from '@jest/globals';
import { sessionLog } from '../../support/logs.ts';
import {
  cut,
  type Hook,
  reply,
  replyJson,
  reset,
  stall,
  stallInBody,
  times,
  truncate,
  truncateGzip,
} from '../support/faults.ts';
import { delivery, failure } from './support/outcome.ts';
import { apart } from './support/runs.ts';

const MORNING = { logs: [sessionLog(1, { charge: '1.25' }), sessionLog(2, { charge: '0.005' })] };
const CHARGE = '1.255';
const SHOWN = '$1.26';

interface Outage {
  readonly what: string;
  readonly fault: Hook;
  /** What the error tells of it. */
  readonly says: string;
}

const STATUSES = [500, 501, 502, 503, 504].map((status) => ({
  what: `${status}`,
  fault: replyJson(status, { error: 'Internal Server Error' }),
  says: `it answered ${status}`,
}));

const OUTAGES: readonly Outage[] = [
  ...STATUSES,
  { what: '429', fault: replyJson(429, { error: 'Too Many Requests' }), says: 'it answered 429' },
  {
    what: '500 with a list of errors',
    fault: replyJson(500, { errors: [{ code: 'internal', message: 'Failed' }] }),
    says: 'it answered 500',
  },
  {
    what: '503 with HTML',
    fault: reply(503, '<h1>Back soon</h1>', { 'content-type': 'text/html' }),
    says: 'it answered 503',
  },
  { what: '502 without a body', fault: reply(502), says: 'it answered 502' },
  { what: 'a connection that is closed', fault: cut, says: 'the connection failed' },
  { what: 'a connection that is reset', fault: reset, says: 'the connection failed \\(ECONNRESET\\)' },
  { what: 'a body that is cut', fault: truncate, says: 'the connection failed' },
  {
    what: 'a body that ends too early',
    fault: reply(200, '{"links":{},"data":[', { 'content-type': 'application/json' }),
    says: 'its answer was cut short',
  },
  { what: 'gzip that is cut', fault: truncateGzip('cut'), says: 'the connection failed' },
  { what: 'gzip that ends too early', fault: truncateGzip('ended'), says: 'its answer was cut short' },
];

const UNREADABLE: readonly Outage[] = [
  {
    what: 'HTML',
    fault: reply(200, '<!DOCTYPE html><title>Login</title>', { 'content-type': 'text/html' }),
    says: 'something that is no JSON\\. Check SIGNALWIRE_SPACE_URL, and whether a proxy',
  },
  { what: 'an empty body', fault: reply(200), says: 'something that is no JSON' },
];

const STALLED: readonly Outage[] = [
  { what: 'headers that never come', fault: stall, says: 'it did not answer in time' },
  { what: 'a body that never ends', fault: stallInBody, says: 'it did not answer in time' },
];

test('once: the second try delivers the day, exact and once', async () => {
  // The longest first: a try is given up after 20 seconds.
  const runs = [...STALLED, ...OUTAGES, ...UNREADABLE].map((outage) => ({
    ...outage,
    fault: times(1, outage.fault),
  }));

  expect(await apart(runs, () => MORNING)).toEqual(
    runs.map(({ what }) => delivery({ what, charge: CHARGE, shown: SHOWN, tries: 2 })),
  );
});

test('for ever: the run fails after five tries', async () => {
  const runs = [...OUTAGES, ...UNREADABLE];

  expect(await apart(runs, () => MORNING)).toEqual([
    ...OUTAGES.map(({ what, says }) => failure({ what, ...unavailable(says), tries: 5 })),
    ...UNREADABLE.map(({ what, says }) =>
      failure({ what, error: 'SignalWireInvalidResponseError', says: new RegExp(says), tries: 5 }),
    ),
  ]);
});

test('no answer at all: the run fails while there is time to say so', async () => {
  const runs = STALLED.map((outage) => ({ ...outage, remainingMs: 18_000 }));

  expect(await apart(runs, () => MORNING)).toEqual(
    runs.map(({ what, says }) => failure({ what, ...unavailable(says), tries: 1 })),
  );
});

function unavailable(says: string): { error: string; says: RegExp } {
  return {
    error: 'SignalWireUnavailableError',
    says: new RegExp(`^SignalWire is not available: ${says}.*Nothing was stored or mailed. The next run tries again`),
  };
}
