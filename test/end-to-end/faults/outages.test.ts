import { expect, test } from '@jest/globals';
import { API_TOKEN, PROJECT_ID } from '../../../local/cloud.ts';
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
import { apart, type Case, expectedOf } from './support/runs.ts';

const BASIC = Buffer.from(`${PROJECT_ID}:${API_TOKEN}`).toString('base64');
const MORNING = { logs: [sessionLog(1, { charge: '1.25' }), sessionLog(2, { charge: '0.005' })] };
const CHARGE = '1.255';
const SHOWN = '$1.26';

interface Outage {
  readonly what: string;
  readonly fault: Hook;
  /** The error's name if the outage lasts. @default SignalWireUnavailableError */
  readonly error?: string;
  /** What the error says. */
  readonly says: RegExp;
}

const unavailable = (what: string): RegExp =>
  new RegExp(
    `^SignalWire is not available: ${what}.*Nothing was stored or mailed for the day. The next run tries again`,
  );

const OUTAGES: readonly Outage[] = [
  {
    what: '500 with an error in JSON',
    fault: replyJson(500, { error: 'Internal Server Error' }),
    says: unavailable('it answered 500'),
  },
  {
    what: '501 with a list of errors in JSON',
    fault: replyJson(501, { errors: [{ code: 'not_implemented', message: 'Not implemented' }] }),
    says: unavailable('it answered 501'),
  },
  {
    what: '502 with HTML',
    fault: reply(502, '<h1>Bad gateway</h1>', { 'content-type': 'text/html' }),
    says: unavailable('it answered 502'),
  },
  { what: '503 without a body', fault: reply(503), says: unavailable('it answered 503') },
  {
    what: '504 with the token',
    fault: replyJson(504, { error: `${API_TOKEN} ${BASIC}` }),
    says: unavailable('it answered 504'),
  },
  {
    what: '429 without a time to wait',
    fault: replyJson(429, { error: 'Too Many Requests' }),
    says: unavailable('it answered 429'),
  },
  { what: 'a connection that is closed', fault: cut, says: unavailable('the connection failed') },
  {
    what: 'a connection that is reset',
    fault: reset,
    says: unavailable('the connection failed \\(ECONNRESET\\)'),
  },
  { what: 'a body that is cut', fault: truncate, says: unavailable('the connection failed') },
  {
    what: 'a body that ends too early',
    fault: reply(200, '{"links":{},"data":[', { 'content-type': 'application/json' }),
    says: unavailable('its answer was cut short'),
  },
  { what: 'gzip that is cut', fault: truncateGzip('cut'), says: unavailable('the connection failed') },
  {
    what: 'gzip that ends too early',
    fault: truncateGzip('ended'),
    says: unavailable('its answer was cut short'),
  },
  {
    what: 'HTML',
    fault: reply(200, '<!DOCTYPE html><title>Login</title>', { 'content-type': 'text/html' }),
    error: 'SignalWireInvalidResponseError',
    says: /something that is not JSON\. Check SIGNALWIRE_SPACE_URL, and whether a proxy/,
  },
  {
    what: 'an empty body',
    fault: reply(200),
    error: 'SignalWireInvalidResponseError',
    says: /something that is not JSON/,
  },
];

const STALLED: readonly Outage[] = [
  { what: 'headers that never come', fault: stall, says: unavailable('it did not answer in time') },
  { what: 'a body that never ends', fault: stallInBody, says: unavailable('it did not answer in time') },
];

function once({ what, fault }: Outage): Case {
  const expected = delivery({ what: `once: ${what}`, charge: CHARGE, shown: SHOWN, tries: 2 });
  return { expected, fault: times(1, fault) };
}

function forEver({ what, fault, says, error = 'SignalWireUnavailableError' }: Outage): Case {
  const expected = failure({ what: `for ever: ${what}`, error, says, tries: 5 });
  return { expected, fault };
}

/** Too little time left for a second try. */
function atTheEnd({ what, fault, says }: Outage): Case {
  const error = 'SignalWireUnavailableError';
  const expected = failure({ what: `at the end: ${what}`, error, says, tries: 1 });
  return { expected, fault, remainingMs: 18_000 };
}

test(
  'a fault that happens once is made up for by the second try, one that lasts ends the run after five',
  async () => {
    // The slowest first: a try without an answer is given up after 20 seconds.
    const cases = [
      ...STALLED.map(once),
      ...OUTAGES.map(forEver),
      ...OUTAGES.map(once),
      ...STALLED.map(atTheEnd),
    ];
    expect(await apart(cases, MORNING)).toEqual(expectedOf(cases));
  },
  // On an otherwise idle machine it takes half a minute.
  180_000,
);
