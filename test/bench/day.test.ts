import { expect, test } from '@jest/globals';
import { Big } from 'big.js';
import { type BenchDay, buildDay, dollars } from '../../bench/day.ts';

interface Log {
  readonly id: string;
  readonly room_name: string;
  readonly created_at: string;
  readonly charge: number;
  readonly charge_details: readonly { readonly charge: number }[];
}

function logsOf({ json, offsets }: BenchDay): Log[] {
  return Array.from(
    { length: offsets.length - 1 },
    (_, index) => JSON.parse(json.toString('utf8', offsets[index], (offsets[index + 1] ?? 0) - 1)) as Log,
  );
}

function sum(amounts: readonly number[]): Big {
  // The literals are short enough that String gives each float back as it was written.
  return amounts.reduce((total, amount) => total.plus(String(amount)), new Big(0));
}

const day = buildDay({ logs: 3000, rooms: 40 });
const logs = logsOf(day);

test('the same size makes the same bytes', () => {
  expect(buildDay({ logs: 3000, rooms: 40 }).json.equals(day.json)).toBe(true);
});

test('the totals are those of the logs, overall and by room', () => {
  const byRoom = Map.groupBy(logs, ({ room_name: room }) => room);
  expect(dollars(BigInt(day.totals.charge))).toBe(sum(logs.map(({ charge }) => charge)).toFixed(4));
  expect(byRoom.size).toBe(40);
  expect(Object.entries(day.totals.rooms).map(([room, amount]) => [room, dollars(BigInt(amount))])).toEqual(
    [...byRoom].map(([room, ofRoom]) => [room, sum(ofRoom.map(({ charge }) => charge)).toFixed(4)]),
  );
});

test('each log’s details add up to its charge, and some have two', () => {
  const wrong = logs.filter(({ charge, charge_details: details }) => {
    return !sum(details.map((detail) => detail.charge)).eq(String(charge));
  });
  expect(wrong).toEqual([]);
  expect(day.totals.details).toBe(3750);
  expect(logs.flatMap(({ charge_details: details }) => details)).toHaveLength(3750);
});

test('the logs come newest first, several in one second, each with its own id', () => {
  const times = logs.map(({ created_at: at }) => at);
  expect(times).toEqual(times.toSorted().reverse());
  expect(new Set(times).size).toBeLessThanOrEqual(750);
  expect(times.map((at) => (Date.parse(at) - Date.parse('2025-11-22T00:00:00Z')) / 1000)).toEqual([
    ...day.seconds,
  ]);
  expect(new Set(logs.map(({ id }) => id)).size).toBe(3000);
});

test('an amount is written with four decimals, whatever its size and sign', () => {
  expect([0, 5, 12_345, -7, -10_000].map(dollars)).toEqual([
    '0.0000',
    '0.0005',
    '1.2345',
    '-0.0007',
    '-1.0000',
  ]);
});
