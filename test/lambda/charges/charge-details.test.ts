import { describe, expect, test } from '@jest/globals';
import { writeAmount } from '../../../lambda/money/amount.ts';
import { itemize, type Itemized } from '../../../lambda/charges/line-item.ts';
import { readVideoLog } from '../../../lambda/signalwire/video-log.ts';
import { type LogOptions, sessionLog } from '../../support/logs.ts';

function itemized(options: LogOptions): Itemized {
  const log = readVideoLog(sessionLog('log', options).json);
  if ('problem' in log || log.kind !== 'session') throw new Error('The log is no session');
  return itemize(log);
}

function rows({ charges }: Itemized): unknown[][] {
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

  test('may bear its amount as text', () => {
    const charge_details = [{ charge: '0.1' }, { charge: 0.2 }];
    expect(rows(itemized({ charge: '0.30', more: { charge_details } }))).toEqual([
      ['0.10', 'Video room session', 0],
      ['0.20', 'Video room session', 1],
    ]);
  });
});

test('a log whose charge is not known has no items, and nothing is odd about its details', () => {
  const more = { charge_details: [{ charge: 5 }] };
  expect(itemized({ charge: 'null', status: 'in-progress', more })).toEqual({
    charges: [],
    detailsDisagree: false,
  });
});

test('a log that costs nothing and has no details is one item of nothing', () => {
  const result = itemized({ charge: '0', more: { charge_details: [] } });
  expect(rows(result)).toEqual([['0.00', 'Video room session', null]]);
  expect(result.detailsDisagree).toBe(false);
});
