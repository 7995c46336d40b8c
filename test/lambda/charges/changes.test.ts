import { expect, test } from '@jest/globals';
import type { LineItem } from '../../../lambda/charges/line-item.ts';
import { formatExact } from '../../../lambda/money/money.ts';
import { logChanges, describeChanges } from '../../../lambda/charges/changes.ts';
import { closedBooks } from '../../support/books.ts';
import { sessionLog, uuid } from '../../support/logs.ts';

async function lineItems(charges: Readonly<Record<string, string>>): Promise<readonly LineItem[]> {
  const logs = Object.entries(charges).map(([name, charge]) => sessionLog(name, { charge }));
  return (await closedBooks(logs)).lineItems;
}

test('equal line items have no changes', async () => {
  const changes = logChanges(await lineItems({ a: '0.10' }), await lineItems({ a: '0.1' }));
  expect({ ...changes, sum: formatExact(changes.sum) }).toEqual({
    late: 0,
    corrected: 0,
    forgotten: 0,
    lost: [],
    sum: '0.00',
  });
  expect(describeChanges(changes)).toBe('no charge changed, only other details of the sessions');
});

test('late, corrected and lost logs are counted, and their changes are summed exactly', async () => {
  const changes = logChanges(
    await lineItems({ same: '1', corrected: '0.1', lost: '0.3', lostToo: '5' }),
    await lineItems({ same: '1', corrected: '0.3', late: '0.0000007' }),
  );
  expect(changes).toMatchObject({ late: 1, corrected: 1, forgotten: 0 });
  expect([...changes.lost].sort()).toEqual([uuid('lost'), uuid('lostToo')].sort());
  expect(formatExact(changes.sum)).toBe('-5.0999993');
  expect(describeChanges(changes)).toBe('1 late charge, 1 charge corrected, 2 logs lost');
});

test('a kept charge is counted once, when it is marked', async () => {
  const before = await lineItems({ a: '1' });
  const { lineItems: marked } = await closedBooks([], before);
  expect(describeChanges(logChanges(before, marked))).toBe('1 charge kept that SignalWire no longer lists');
  expect(logChanges(marked, marked)).toMatchObject({ late: 0, corrected: 0, forgotten: 0, lost: [] });
});
