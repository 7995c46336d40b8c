import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readAmount, writeAmount } from '../../../lambda/money/amount.ts';
import { itemize, type ItemizedLog } from '../../../lambda/charges/line-item.ts';
import { AsSent } from '../../../lambda/signalwire/as-sent.ts';
import { readVideoLog, SessionLog } from '../../../lambda/signalwire/video-log.ts';
import { type LogOptions, sessionLog } from '../../support/logs.ts';

function itemized(options: LogOptions): ItemizedLog {
  const log = readVideoLog(sessionLog('log', options).json);
  if ('problem' in log || log.kind !== 'session') throw new Error('The log is not a session');
  return itemize(log);
}

function rows({ charges }: ItemizedLog): unknown[][] {
  return charges.map(({ charge, description, detailIndex }) => [
    writeAmount(charge),
    description.page.bytes.toString('utf8', description.from, description.to),
    detailIndex,
  ]);
}

describe('a charge detail', () => {
  test.each([
    ['no description', { charge: 0.1 }, 'Video room session'],
    ['a null one', { charge: 0.1, description: null }, 'Video room session'],
    ['an empty one', { charge: 0.1, description: '' }, 'Video room session'],
    ['half a surrogate pair', { charge: 0.1, description: 'Re\ud83d' }, 'Re\ufffd'],
  ])('with %s is described as %j', (_what, detail, description) => {
    expect(rows(itemized({ charge: '0.10', more: { charge_details: [detail] } }))).toEqual([
      ['0.10', description, 0],
    ]);
  });

  test('may have its amount as text', () => {
    const charge_details = [{ charge: '0.1' }, { charge: 0.2 }];
    expect(rows(itemized({ charge: '0.30', more: { charge_details } }))).toEqual([
      ['0.10', 'Video room session', 0],
      ['0.20', 'Video room session', 1],
    ]);
  });
});

test('a log whose charge is not known has no items, and its details don’t count as disagreeing', () => {
  const more = { charge_details: [{ charge: 5 }] };
  expect(itemized({ charge: 'null', status: 'in-progress', more })).toMatchObject({
    charges: [],
    detailsDisagree: false,
  });
});

test('a log that costs nothing and has no details has one item of zero', () => {
  const result = itemized({ charge: '0', more: { charge_details: [] } });
  expect(rows(result)).toEqual([['0.00', 'Video room session', null]]);
  expect(result.detailsDisagree).toBe(false);
});

/** A session that costs 1, with these charge details as they are written. */
function sessionWith(chargeDetails: string): SessionLog {
  return new SessionLog(AsSent.of({ type: 'video_room_session', chargeDetails }), 0, null, readAmount('1'));
}

const DETAIL = fc.record({
  description: fc.oneof(
    fc.constantFrom('""', 'null', '5', '"a\\u0062"', '"a\\"b"', '"Re\\ud83d"', '"Aufnahme 🎥"'),
    fc.string().map((text) => JSON.stringify(text)),
  ),
  charge: fc.constantFrom('1', '0.5', '0.50', '"0.5"', '0.25', '-0.5', '5e-1', '"1,5"', 'null', 'true'),
});

test('charge details are read the same fast as slowly, however they are written', () => {
  const details = fc.array(DETAIL, { maxLength: 4 });
  fc.assert(
    fc.property(details, fc.constantFrom('', ' '), fc.constantFrom('', ' '), (members, blank, odd) => {
      const write = (before: string): string => {
        const each = members.map(
          ({ description, charge }) =>
            `{${before}"description":${blank}${description},${blank}"charge":${blank}${odd}${charge}}`,
        );
        return `[${each.join(`,${blank}`)}]`;
      };
      // A further member is left to the slow way.
      const [fast, slow] = ['', '"other":0,'].map((before) => itemize(sessionWith(write(before))));
      expect(fast && [rows(fast), fast.detailsDisagree]).toEqual(slow && [rows(slow), slow.detailsDisagree]);
    }),
    { numRuns: 2000 },
  );
});
