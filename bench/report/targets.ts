import type { ClientName } from '../clients.ts';
import type { Result } from '../contest.ts';
import type { SomeResults } from '../results.ts';
import { grouped, markdownTable } from './markdown.ts';

/** Something that is to be reached, and what was. */
interface Target {
  readonly what: string;
  readonly limit: number;
  /** Writes the limit, and the figure beside it. */
  readonly write: (value: number) => string;
  /** Null where it was not measured, or did not run to its end. */
  readonly measured: number | null;
}

/** Each target beside its figure, whether it is met or not. */
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

function targetsOf({ contests, coldStart }: SomeResults): Target[] {
  const { time = [], latency = [], memory = [], rooms = [] } = contests;
  const ratioOf = (results: readonly Result[], client: ClientName): number | null =>
    results.findLast((result) => result.client === client)?.figures?.ratio ?? null;
  const peaks = memory.map(({ figures }) => figures?.peakRssMb ?? null);
  const sizes = memory.map(({ logs }) => grouped(logs));
  const delay = latency[0]?.latencyMs ?? 0;
  return [
    {
      what: 'reading, exact sums, room-charges.csv, 0 ms a page',
      limit: 1.1,
      write: ofFloor(2),
      measured: ratioOf(time, 'sums'),
    },
    { what: 'the whole job, 0 ms a page', limit: 2.5, write: ofFloor(2), measured: ratioOf(time, 'job') },
    {
      what: `reading, exact sums, room-charges.csv, ${delay} ms a page`,
      limit: 0.12,
      write: ofFloor(3),
      measured: ratioOf(latency, 'sums'),
    },
    {
      what: `peak memory of the whole job, ${sizes.join(', ')} logs`,
      limit: 200,
      write: (value) => `${value} MB`,
      measured: peaks.includes(null) || peaks.length === 0 ? null : Math.max(...peaks.map(Number)),
    },
    {
      what: `${grouped(rooms[1]?.rooms ?? 0)} rooms`,
      limit: 3,
      write: (value) => `${value.toFixed(2)} × ${grouped(rooms[0]?.rooms ?? 0)} rooms`,
      measured: ratioOf(rooms, 'sums'),
    },
    {
      what: 'loading the bundle in a fresh process',
      limit: 1.6,
      write: (value) => `${value.toFixed(2)} × S3 and SES clients`,
      measured: coldStart?.ratio ?? null,
    },
    {
      what: 'the bundle, minified',
      limit: 900,
      write: (value) => `${value} KB`,
      measured: coldStart === null ? null : Math.ceil(coldStart.deployedBytes / 1000),
    },
  ];
}

function ofFloor(digits: number): (value: number) => string {
  return (value) => `${value.toFixed(digits)} × floor`;
}
