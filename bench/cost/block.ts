import { grouped, markdownTable } from '../report/markdown.ts';
import type { Results } from '../results.ts';
import { type Pace, paceOf } from './pace.ts';
import { fits, largestDay, runCost, type RunConditions, runSeconds } from './run-cost.ts';

const MEMORY_MB = [512, 1024, 1769];
const LATENCY_MS = [50, 200, 500];
const ONE_BY_ONE = 1;
const WINDOWS = 16;

const SURROUNDINGS = MEMORY_MB.flatMap((memoryMb) =>
  LATENCY_MS.map((latencyMs) => ({ memoryMb, latencyMs })),
);

/** What a run costs, and how large a day may be, calculated from the measured pace of the job. */
export function costBlock(results: Pick<Results, 'contests' | 'coldStart'>): string {
  const pace = paceOf(results);
  const { fixedSeconds, secondsAPage } = pace;
  return [
    `Reckoned with ${fixedSeconds.toFixed(2)} s a run and ${secondsAPage.toFixed(4)} s for each 1,000 logs on a whole core, as measured above.`,
    runTable(pace),
    'The largest day, in logs, that ends in 15 minutes:',
    endTable(pace),
  ].join('\n\n');
}

function runTable(pace: Pace): string {
  return markdownTable(
    [
      ...['>memory', '>a page takes', '>1,000 logs', '>100,000, one by one', '>100,000, windows'],
      ...['>1,000,000, one by one', '>1,000,000, windows'],
    ],
    SURROUNDINGS.map(({ memoryMb, latencyMs }) => {
      const cell = (logs: number, inFlight: number): string => {
        const conditions: RunConditions = { memoryMb, latencyMs, inFlight };
        const seconds = runSeconds(logs, conditions, pace);
        const cost = `$${runCost(seconds, conditions).toFixed(5)}`;
        return fits(seconds) ? `${seconds.toFixed(seconds < 10 ? 1 : 0)} s, ${cost}` : 'too long';
      };
      return [
        `${memoryMb} MB`,
        `${latencyMs} ms`,
        cell(1000, ONE_BY_ONE),
        cell(100_000, ONE_BY_ONE),
        cell(100_000, WINDOWS),
        cell(1_000_000, ONE_BY_ONE),
        cell(1_000_000, WINDOWS),
      ];
    }),
  );
}

function endTable(pace: Pace): string {
  return markdownTable(
    ['>memory', '>a page takes', '>one by one', `>${WINDOWS} windows`],
    SURROUNDINGS.map((surroundings) => [
      `${surroundings.memoryMb} MB`,
      `${surroundings.latencyMs} ms`,
      ...[ONE_BY_ONE, WINDOWS].map((inFlight) => grouped(largestDay({ ...surroundings, inFlight }, pace))),
    ]),
  );
}
