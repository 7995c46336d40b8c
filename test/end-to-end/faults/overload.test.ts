import type { ServerResponse } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import pMap from 'p-map';
import type { RecordedRequest } from '../../../local/loopback-server.ts';
import { sessionLog } from '../../support/logs.ts';
import { type Morning, openMorning } from '../../support/morning.ts';
import { reply, times } from '../support/faults.ts';
import { delivery, expectRecovery, type Failing, failure, watch } from './support/outcome.ts';

const CHARGE = '1.25';
const MORNING = { logs: [sessionLog(1, { charge: CHARGE })] };

/** A header's value, given the time of the server that sends it. */
type RetryAfter = (now: Date) => string | null;

const seconds =
  (count: number): RetryAfter =>
  () =>
    String(count);
const date =
  (inSeconds: number): RetryAfter =>
  (now) =>
    new Date(now.getTime() + inSeconds * 1000).toUTCString();

/** Refuses a number of requests with such a header, and records when they came. */
function refuse(
  { cloud: { signalWire } }: Morning,
  status: number,
  retryAfter: RetryAfter,
  count = Infinity,
): readonly number[] {
  const arrivals: number[] = [];
  const refusal = times(count, (request: RecordedRequest, response: ServerResponse) => {
    const value = retryAfter(signalWire.now());
    return reply(status, '', value === null ? {} : { 'retry-after': value })(request, response, { status });
  });
  signalWire.intercept = (request, response) => {
    arrivals.push(performance.now());
    return refusal(request, response, { status });
  };
  return arrivals;
}

describe('SignalWire’s request to wait', () => {
  test('for a while: the second try comes afterwards, and delivers', async () => {
    // A date has whole seconds, so the wait may be up to one second shorter. Without a header, the usual half second
    // is randomly shortened by up to half.
    const waits = [
      ['two seconds', 429, seconds(2), 1990],
      ['two seconds, with 503', 503, seconds(2), 1990],
      ['until a date', 429, date(3), 1990],
      ['until a date, with 503', 503, date(3), 1990],
      ['nobody knows how long', 429, () => null, 240],
      ['in words that nobody can read', 429, () => 'soon', 240],
      ['no longer', 429, seconds(0), 0],
      ['until a date that has passed', 429, date(-60), 0],
    ] as const;
    const outcomes = await pMap(
      waits,
      async ([what, status, retryAfter, atLeastMs]) => {
        const morning = await openMorning(MORNING);
        const outcome = watch(morning);
        const arrivals = refuse(morning, status, retryAfter, 1);
        const seen = await outcome(what, await morning.invoke());
        const [first = 0, second = 0] = arrivals;
        return { ...seen, waited: second - first >= atLeastMs };
      },
      { concurrency: 6 },
    );

    expect(outcomes).toEqual(
      waits.map(([what]) => ({ ...delivery({ what, charge: CHARGE, tries: 2 }), waited: true })),
    );
  });

  test('again and again: there are five tries, each as soon as it is allowed', async () => {
    const what = 'again and again';
    const morning = await openMorning(MORNING);
    const outcome = watch(morning);
    refuse(morning, 429, seconds(0));

    expect(await outcome(what, await morning.invoke())).toEqual(
      failure({ what, ...unavailable(429), tries: 5 }),
    );
    await expectRecovery(morning, CHARGE);
  });

  test('longer than the time left: the run ends at once', async () => {
    const waits = [
      ['an hour', 429, seconds(3600)],
      ['until a date', 429, date(3600)],
      ['until the end of the world', 429, () => '99999999999999999999'],
      ['an hour, with 503', 503, seconds(3600)],
      ['until a date, with 503', 503, date(3600)],
    ] as const;
    const morning = await openMorning(MORNING);

    for (const [what, status, retryAfter] of waits) {
      const outcome = watch(morning);
      refuse(morning, status, retryAfter);
      expect(await outcome(what, await morning.invoke(undefined, { remainingMs: 60_000 }))).toEqual(
        failure({ what, ...unavailable(status), tries: 1 }),
      );
    }
    await expectRecovery(morning, CHARGE);
  });
});

function unavailable(status: number): Pick<Failing, 'error' | 'says'> {
  return {
    error: 'SignalWireUnavailableError',
    says: new RegExp(
      `^SignalWire is not available: it answered ${status} and asked us to wait \\d+ s\\. Nothing was stored or mailed for the day`,
    ),
  };
}
