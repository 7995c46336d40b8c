import { expect, test } from '@jest/globals';
import type { ClientName } from '../../bench/clients.ts';
import { NOT_HERE, type Result } from '../../bench/contest.ts';
import { faultsOf } from '../../bench/faults.ts';

function result(client: ClientName, outcome: Partial<Result>): Result {
  const entrant = { client, logs: 1000, rooms: 10, latencyMs: 0 };
  return { ...entrant, figures: null, wrongBy: null, problems: [], ...outcome };
}

test('a wrong sum of ours fails the run, a peer’s does not', () => {
  const time = [result('sums', { wrongBy: '0.0001' }), result('naive', { wrongBy: '-0.0734' })];
  expect(faultsOf({ contests: { time } })).toEqual(['time: sums: the sum is wrong by 0.0001 dollars']);
});

test('a client that broke fails the run, one that is not on this machine does not', () => {
  const rooms = [result('job', { problems: ['exit 1'] }), result('pandas', { problems: [NOT_HERE] })];
  expect(faultsOf({ contests: { rooms } })).toEqual(['rooms: job: exit 1']);
});

test('slowness does not fail the run', () => {
  const figures = { seconds: 900, cpuSeconds: 900, ratio: 400, peakRssMb: 9000 };
  expect(faultsOf({ contests: { memory: [result('job', { figures })] } })).toEqual([]);
});
