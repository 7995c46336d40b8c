import { expect, test } from '@jest/globals';
import { paceOf } from '../../bench/cost/pace.ts';
import { fits, largestDay, runCost, runSeconds } from '../../bench/cost/run-cost.ts';

const pace = { fixedSeconds: 0.5, secondsAPage: 0.01 };

test('a run waits for its first page, and then for the slower of the next page and its own work', () => {
  const whole = { memoryMb: 1769, inFlight: 1 };
  expect(runSeconds(1000, { ...whole, latencyMs: 200 }, pace)).toBeCloseTo(0.5 + 0.2 + 0.01, 9);
  expect(runSeconds(101_000, { ...whole, latencyMs: 200 }, pace)).toBeCloseTo(0.71 + 100 * 0.2, 9);
  expect(runSeconds(101_000, { ...whole, latencyMs: 200, inFlight: 16 }, pace)).toBeCloseTo(
    0.71 + 100 * 0.0125,
    9,
  );
  expect(runSeconds(101_000, { ...whole, latencyMs: 50, inFlight: 16 }, pace)).toBeCloseTo(
    0.56 + 100 * 0.01,
    9,
  );
});

test('half the memory is half a core, and more than a core makes nothing faster', () => {
  const conditions = { latencyMs: 0, inFlight: 1 };
  const seconds = (memoryMb: number): number => runSeconds(1_000_000, { ...conditions, memoryMb }, pace);
  expect(seconds(1769 / 2)).toBeCloseTo(2 * seconds(1769), 6);
  expect(seconds(3008)).toBe(seconds(1769));
});

test('a run costs its gigabyte-seconds and its request', () => {
  expect(runCost(100, { memoryMb: 512, latencyMs: 0, inFlight: 1 }).toFixed()).toBe('0.00066687');
});

test('the largest day ends in time, and one page more does not', () => {
  const conditions = { memoryMb: 512, latencyMs: 500, inFlight: 1 };
  const logs = largestDay(conditions, pace);
  expect(fits(runSeconds(logs, conditions, pace))).toBe(true);
  expect(fits(runSeconds(logs + 1000, conditions, pace))).toBe(false);
});

test('the pace is the slope between the smallest and the largest day', () => {
  const result = (logs: number, seconds: number) => ({
    ...{ client: 'job' as const, logs, rooms: 1, latencyMs: 0, wrongBy: null, problems: [] },
    figures: { seconds, cpuSeconds: 0, ratio: 1, peakRssMb: 1 },
  });
  const contests = { time: [], latency: [], rooms: [], memory: [result(1000, 0.75), result(101_000, 10.75)] };
  const coldStart = { deployedMs: 100, awsClientsMs: 50, ratio: 2, deployedBytes: 1 };
  const { fixedSeconds, secondsAPage } = paceOf({ contests, coldStart });
  expect(secondsAPage).toBeCloseTo(0.1, 9);
  expect(fixedSeconds).toBeCloseTo(0.75, 9);
  expect(() => paceOf({ contests: { ...contests, memory: [] }, coldStart })).toThrow('two days');
});
