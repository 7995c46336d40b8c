import type { ClientName } from '../clients.ts';
import type { ColdStart } from '../cold-start.ts';
import type { Result } from '../contest.ts';
import type { SomeResults } from '../results.ts';
import { grouped, markdownTable } from './markdown.ts';

/** A target, and the figure that was measured. */
interface Target {
  readonly what: string;
  readonly limit: number;
  /** Formats the limit and the measured figure. */
  readonly write: (value: number) => string;
  /** Null if the client did not finish. */
  readonly measured: number | null;
}

/** Each target that was measured, with its figure and whether it is met. */
export function targetsTable(results: SomeResults): string {
  return markdownTable(
    ['', '>target', '>measured', ''],
    targetsOf(results).map(({ what, limit, write, measured }) => [
      what,
      `≤ ${write(limit)}`,
      measured === null ? 'no figure' : write(measured),
      measured !== null && measured <= limit ? 'met' : '**missed**',
    ]),
  );
}

function targetsOf({ contests: { time, latency, memory, rooms }, coldStart }: SomeResults): Target[] {
  return [
    ...(time === undefined ? [] : timeTargets(time)),
    ...(latency === undefined ? [] : [latencyTarget(latency)]),
    ...(memory === undefined ? [] : [memoryTarget(memory)]),
    ...(rooms === undefined ? [] : [roomsTarget(rooms)]),
    ...(coldStart === null ? [] : bundleTargets(coldStart)),
  ];
}

function timeTargets(results: readonly Result[]): Target[] {
  const write = ofFloor(2);
  return [
    {
      what: 'reading, exact sums, room-charges.csv, 0 ms a page',
      limit: 1.1,
      write,
      measured: ratioOf(results, 'sums'),
    },
    { what: 'the whole job, 0 ms a page', limit: 2.5, write, measured: ratioOf(results, 'job') },
  ];
}

function latencyTarget(results: readonly Result[]): Target {
  return {
    what: `reading, exact sums, room-charges.csv, ${results[0]?.latencyMs ?? 0} ms a page`,
    limit: 0.12,
    write: ofFloor(3),
    measured: ratioOf(results, 'sums'),
  };
}

function memoryTarget(results: readonly Result[]): Target {
  const peaks = results.flatMap(({ figures }) => figures?.peakRssMb ?? []);
  return {
    what: `peak memory of the whole job, ${results.map(({ logs }) => grouped(logs)).join(', ')} logs`,
    limit: 200,
    write: (value) => `${value} MB`,
    // A day that failed has no peak, so the target counts as not met.
    measured: peaks.length < results.length ? null : Math.max(...peaks),
  };
}

function roomsTarget(results: readonly Result[]): Target {
  const [few, many] = results;
  return {
    what: `${grouped(many?.rooms ?? 0)} rooms`,
    limit: 3,
    write: (value) => `${value.toFixed(2)} × ${grouped(few?.rooms ?? 0)} rooms`,
    measured: many?.figures?.ratio ?? null,
  };
}

function bundleTargets({ ratio, deployedBytes }: ColdStart): Target[] {
  return [
    {
      what: 'loading the bundle in a fresh process',
      limit: 1.6,
      write: (value) => `${value.toFixed(2)} × S3 and SES clients`,
      measured: ratio,
    },
    {
      what: 'the bundle, minified',
      limit: 900,
      write: (value) => `${value} KB`,
      measured: Math.ceil(deployedBytes / 1000),
    },
  ];
}

function ratioOf(results: readonly Result[], client: ClientName): number | null {
  return results.find((result) => result.client === client)?.figures?.ratio ?? null;
}

function ofFloor(digits: number): (value: number) => string {
  return (value) => `${value.toFixed(digits)} × floor`;
}
