import { describe, expect, test } from '@jest/globals';
import type { Intercept } from '../../../local/loopback-server.ts';
import { sessionLog } from '../../support/logs.ts';
import { openMorning } from '../../support/morning.ts';
import { queryOf } from '../support/observations.ts';
import { expectRecovery, failure, watch } from './support/outcome.ts';
import { expectedOf, inTurn } from './support/runs.ts';

const MORNING = { logs: [sessionLog(1, { charge: '1.25' })] };

/** Serves pages without logs; each links to the one that `next` returns for its number. */
function linked(following: (page: number) => number, order: 'same' | 'reversed' = 'same'): Intercept {
  return (request, response) => {
    const page = Number(queryOf(request.url).get('page_number') ?? '0');
    const parameters = ['created_on=2026-11-22', `page_number=${following(page)}`];
    const query = page > 1 && order === 'reversed' ? parameters.toReversed() : parameters;
    const body = `{"links":{"next":"?${query.join('&')}"},"data":[]}`;
    response.sendDate = false;
    response.writeHead(200, { 'content-length': String(body.length) }).end(body);
    return true;
  };
}

test('a list that leads in a circle is given up where the circle closes', async () => {
  const circles: readonly (readonly [what: string, fault: Intercept, tries: number])[] = [
    ['a circle of one', linked(() => 1), 2],
    ['a circle of two', linked((page) => (page === 1 ? 2 : 1)), 3],
    ['a circle of two, its parameters in turns', linked((page) => (page === 1 ? 2 : 1), 'reversed'), 3],
    ['a circle of nine', linked((page) => (page % 9) + 1), 10],
  ];
  const cases = circles.map(([what, fault, tries]) => ({
    fault,
    expected: failure({
      what,
      error: 'SignalWireInvalidResponseError',
      says: /logs of 2026-11-22 can't be trusted: the link to the next page leads back to \?\S*page_number=\d.*show this/,
      tries,
      pages: tries,
    }),
  }));
  const morning = await openMorning(MORNING);

  expect(await inTurn(morning, cases)).toEqual(expectedOf(cases));
  await expectRecovery(morning, '1.25');
});

describe('a list without an end', () => {
  test('is given up after 100,000 pages', async () => {
    const what = 'endless';
    const morning = await openMorning(MORNING);
    morning.cloud.signalWire.intercept = linked((page) => page + 1);
    const outcome = watch(morning);

    expect(await outcome(what, await morning.invoke())).toEqual(
      failure({
        what,
        error: 'SignalWireInvalidResponseError',
        says: /logs of 2026-11-22 can't be trusted: there are more than 100000 pages.*show this message/,
        tries: 100_000,
        pages: 100_000,
      }),
    );
    await expectRecovery(morning, '1.25');
  }, 300_000);

  test('is given up while there is still time to say so', async () => {
    const what = 'endless, and little time';
    const morning = await openMorning(MORNING);
    morning.cloud.signalWire.intercept = linked((page) => page + 1);
    const outcome = watch(morning);

    const seen = await outcome(what, await morning.invoke(undefined, { remainingMs: 17_000 }));
    const pages = morning.cloud.signalWire.requests.length;
    expect(pages).toBeGreaterThan(10);
    expect(seen).toEqual(
      failure({
        what,
        error: 'OutOfTimeError',
        says: /^16 s are left, too little for another page from SignalWire.*Nothing was stored or mailed for the day/,
        tries: pages,
        pages,
      }),
    );
    await expectRecovery(morning, '1.25');
  });
});
