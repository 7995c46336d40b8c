import { describe, expect, test } from '@jest/globals';
import { billingDay } from '../../../lambda/billing-day.ts';
import { readDay } from '../../../lambda/signalwire/day-reading.ts';
import { PageReader } from '../../../lambda/signalwire/page-reader.ts';
import { durationBetween, readVideoLog } from '../../../lambda/signalwire/video-log.ts';
import { sessionLog, uuid } from '../../support/logs.ts';
import { textOf } from '../../support/plain-logs.ts';
import { Collected, ONE_BY_ONE } from './asking.ts';

const SPACE = 'https://example.signalwire.com';
const LIST = '/api/video/logs?created_on=2026-11-22';
const AGAIN =
  'Nothing was stored or mailed for the day. The next run reads the day again. If it fails too, show this message to ' +
  'SignalWire support.';

/** The error message of a day with these pages, one after another. */
async function refusal(...pages: readonly string[]): Promise<string> {
  let asked = 0;
  const reader = new PageReader();
  const getPage = () => Promise.resolve(reader.read(textOf(pages[asked++ % pages.length] ?? '')));
  const newCollector = (first: Collected['reading']) => new Collected(first);
  const reading = readDay(getPage, SPACE, billingDay('2026-11-22', 'UTC'), newCollector, ONE_BY_ONE);
  return reading.then(
    () => 'The day was read',
    (error: unknown) => (error as Error).message,
  );
}

function page(logs: readonly string[], next?: string): string {
  const links = next === undefined ? {} : { next };
  return `{"links":${JSON.stringify(links)},"data":[${logs.join()}]}`;
}

describe('a list that can’t be trusted fails the day with the reason and what to do', () => {
  test.each([
    ['http://', 'is not a URL that can be followed'],
    ['//example.org/api/video/logs', 'is not a URL that can be followed'],
    ['https://example.org/api/video/logs?created_on=2026-11-22', 'leads to another server'],
    ['/api/video/rooms?created_on=2026-11-22', 'leads to another path'],
    ['?created_on=2026-11-21', 'does not keep created_on'],
  ])('with a link to %s', async (next, why) => {
    expect(await refusal(page([], next))).toBe(
      `SignalWire's list of the video logs of 2026-11-22 can't be trusted: the link to the next page ${why}. ${AGAIN}`,
    );
  });

  test('with a link that leads in a circle', async () => {
    expect(await refusal(page([], `${LIST}&page=2`))).toBe(
      "SignalWire's list of the video logs of 2026-11-22 can't be trusted: the link to the next page leads back to " +
        `?created_on=2026-11-22&page=2. ${AGAIN}`,
    );
  });
});

describe('a log that can’t be used fails the day with a message that names it', () => {
  test('if a field is wrong', async () => {
    const log = JSON.stringify({ id: 'the id', created_at: 'today', charge: '1' });
    expect(await refusal(page([log]))).toBe(
      `A video log of 2026-11-22 can't be read: log the id: created_at: Invalid ISO datetime. ${AGAIN}`,
    );
  });

  test('if it is outside the day', async () => {
    const { json } = sessionLog('a', { createdAt: '2026-11-23T00:00:00Z' });
    expect(await refusal(page([json]))).toBe(
      `Asked for the video logs of 2026-11-22 (UTC), SignalWire listed log ${uuid('a')}, created at ` +
        '2026-11-23T00:00:00.000Z. The space may use a time zone other than UTC, so that parts of the day would be ' +
        'missed. Nothing was stored or mailed for the day. Ask SignalWire support in which time zone created_on is read.',
    );
  });

  test('if it changes with every reading', async () => {
    const [one, other] = [sessionLog('a'), sessionLog('a', { charge: '0.2' })];
    expect(await refusal(page([one.json, other.json]))).toBe(
      `SignalWire listed log ${uuid('a')} twice with different contents, in two successive readings of the day. ` +
        'Nothing was stored or mailed for the day. The next run reads the day again. A session that is still running ' +
        'may cause this.',
    );
  });

  test.each([
    ['"a text"', /^a log without a usable id: the log: [^;]+$/],
    ['{"id":"x"}', /^log x: created_at: [^;]+; charge: [^;]+$/],
  ])('field by field: %s', (json, problem) => {
    expect(readVideoLog(json)).toEqual({ problem: expect.stringMatching(problem) });
  });
});

test('the time at which a log was deleted may be written in any time zone', () => {
  const discarded_at = '2026-11-22T20:00:00+01:00';
  const entry = { id: 'x', created_at: '2026-11-22T12:00:00Z', discarded_at };
  expect(readVideoLog(JSON.stringify(entry))).toMatchObject({ discardedAt: discarded_at });
});

test.each([
  [5, 9, 4],
  [5, 5, 0],
  [9, 5, null],
  [null, 5, null],
  [5, null, null],
  [-5, null, null],
])('a session from %j until %j lasts %j', (start, end, duration) => {
  expect(durationBetween(start, end)).toBe(duration);
});
