import { expect, test } from '@jest/globals';
import type { Intercept } from '../../../local/loopback-server.ts';
import type { SignalWireLog } from '../../../local/signalwire-server.ts';
import { deletedLog, sessionLog, uuid } from '../../support/logs.ts';
import { openMorning } from '../../support/morning.ts';
import { servePages } from '../support/faults.ts';
import { DAY } from '../support/observations.ts';
import { delivery, failure, watch } from './support/outcome.ts';
import { apart, type Case, expectedOf } from './support/runs.ts';

// Each sum shows which of them it includes.
const A = sessionLog('a', { charge: '0.01' });
const B = sessionLog('b', { charge: '0.02' });
const C = sessionLog('c', { charge: '0.04' });
const B_CHANGED = sessionLog('b', { charge: '0.08' });
const GONE = deletedLog('gone');

type Pages = readonly (readonly SignalWireLog[])[];

test('pages that are empty or repeat logs are read to the last, and every log counts once', async () => {
  const lists: readonly (readonly [what: string, pages: Pages, charge: string])[] = [
    ['an empty day', [[]], '0.00'],
    ['empty pages alone', [[], [], []], '0.00'],
    ['empty pages in front, between and behind', [[], [A], [], [], [B, C], []], '0.07'],
    ['a log twice on a page', [[A, B, A]], '0.03'],
    [
      'a log on both sides of a seam',
      [
        [A, B],
        [B, C],
      ],
      '0.07',
    ],
    ['a log pages apart', [[A], [B], [], [C], [A, A]], '0.07'],
    ['a page twice', [[A, B], [A, B], [C]], '0.07'],
    [
      'a deleted log twice',
      [
        [A, GONE],
        [GONE, B],
      ],
      '0.03',
    ],
  ];
  const cases = lists.map(([what, pages, charge]) => ({
    fault: servePages(pages),
    expected: delivery({ what, charge, tries: pages.length, pages: pages.length }),
  }));

  expect(await apart(cases, {})).toEqual(expectedOf(cases));
});

test('if a log changes between two pages, the whole day is read again, but only once', async () => {
  const restless: Pages = [
    [A, B],
    [B_CHANGED, C],
  ];
  const settled: Pages = [[A, B_CHANGED], [C]];
  const cases: readonly Case[] = [
    {
      expected: delivery({ what: 'it settles', charge: '0.13', tries: 4, pages: 4 }),
      fault: inSuccession(2, servePages(restless), servePages(settled)),
    },
    {
      // The second page, which has been requested, is no longer wanted.
      expected: delivery({ what: 'it has been deleted', charge: '0.05', tries: 4, pages: 4 }),
      fault: inSuccession(
        1,
        servePages([[A, B, deletedLog('b')], [C]]),
        servePages([[A, deletedLog('b')], [C]]),
      ),
    },
    {
      expected: failure({
        what: 'it changes again',
        error: 'SignalWireInvalidResponseError',
        says: new RegExp(
          `^SignalWire listed log ${uuid('b')} twice with different contents.*The next run reads`,
        ),
        tries: 4,
        pages: 4,
      }),
      fault: servePages(restless),
    },
  ];

  expect(await apart(cases, {})).toEqual(expectedOf(cases));
});

test('rows that are inserted while the pages are read hide no others, and a restatement finds them', async () => {
  const what = 'inserted rows';
  const second = (index: number): string => new Date(Date.UTC(2026, 10, 22, 12, 0, -index)).toISOString();
  const logs = Array.from({ length: 2500 }, (_, index) =>
    sessionLog(index, { createdAt: second(index), charge: '0.01' }),
  );
  const morning = await openMorning({ logs });
  const { signalWire } = morning.cloud;
  signalWire.afterHandling = () => {
    const name = `inserted ${signalWire.requests.length}`;
    const inserted = sessionLog(name, { createdAt: '2026-11-22T23:00:00Z', charge: '5' });
    signalWire.logs = [...signalWire.logs, inserted];
    return false;
  };
  const outcome = watch(morning);

  expect(await outcome(what, await morning.invoke())).toEqual(
    delivery({ what, charge: '25.00', tries: 3, pages: 3 }),
  );
  signalWire.afterHandling = null;
  expect(await morning.run({ day: DAY, restate: true })).toMatchObject({
    restated: [{ day: DAY, revision: 2, before: '25.00', after: '40.00' }],
  });
});

/** Serves a number of requests one way, and all later ones another way. */
function inSuccession(count: number, first: Intercept, then: Intercept): Intercept {
  let asked = 0;
  return (request, response) => {
    asked += 1;
    return (asked <= count ? first : then)(request, response);
  };
}
