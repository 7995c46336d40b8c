import { CLIENTS, type ClientName } from '../clients.ts';
import type { Result } from '../contest.ts';
import type { ColdStart } from '../cold-start.ts';
import type { SomeResults } from '../results.ts';
import { grouped, markdownTable } from './markdown.ts';

/** One table for each contest that was run. */
export function contestBlocks({ contests, coldStart }: SomeResults): Record<string, string> {
  const { time, latency, memory, rooms } = contests;
  return {
    ...(time && { time: timeTable(time) }),
    ...(latency && { latency: latencyTable(latency) }),
    ...(memory && { memory: memoryTable(memory) }),
    ...(rooms && { rooms: roomsTable(rooms) }),
    ...(coldStart && { cold: coldStartTable(coldStart) }),
  };
}

function timeTable(results: readonly Result[]): string {
  return markdownTable(
    [`${sizeOf(results)}, 0 ms a page`, '>seconds', '>× floor', '>CPU seconds', '>peak MB', 'total'],
    results.map((result) => [
      labelOf(result.client),
      ...numbersOf(result, ({ seconds, ratio, cpuSeconds, peakRssMb }) => [
        seconds.toFixed(2),
        ratio.toFixed(2),
        cpuSeconds.toFixed(2),
        String(peakRssMb),
      ]),
      totalOf(result),
    ]),
  );
}

function latencyTable(results: readonly Result[]): string {
  return markdownTable(
    [
      `${sizeOf(results)}, ${results[0]?.latencyMs ?? 0} ms a page`,
      '>seconds',
      '>× floor',
      '>peak MB',
      'total',
    ],
    results.map((result) => [
      labelOf(result.client),
      ...numbersOf(result, ({ seconds, ratio, peakRssMb }) => [
        seconds.toFixed(2),
        ratio.toFixed(3),
        String(peakRssMb),
      ]),
      totalOf(result),
    ]),
  );
}

function memoryTable(results: readonly Result[]): string {
  return markdownTable(
    ['the whole job', '>seconds', '>peak MB', 'total'],
    results.map((result) => [
      `${grouped(result.logs)} logs`,
      ...numbersOf(result, ({ seconds, peakRssMb }) => [seconds.toFixed(2), String(peakRssMb)]),
      totalOf(result),
    ]),
  );
}

function roomsTable(results: readonly Result[]): string {
  return markdownTable(
    [
      `reading and exact sums, ${grouped(results[0]?.logs ?? 0)} logs`,
      '>seconds',
      '>× the first',
      '>peak MB',
      'total',
    ],
    results.map((result) => [
      `${grouped(result.rooms)} rooms`,
      ...numbersOf(result, ({ seconds, ratio, peakRssMb }) => [
        seconds.toFixed(2),
        ratio.toFixed(2),
        String(peakRssMb),
      ]),
      totalOf(result),
    ]),
  );
}

function coldStartTable({ deployedMs, awsClientsMs, ratio }: ColdStart): string {
  return markdownTable(
    ['loading in a fresh process', '>ms', '>× the clients'],
    [
      ['the clients of S3 and SES alone', awsClientsMs.toFixed(0), '1.00'],
      ['the deployed bundle', deployedMs.toFixed(0), ratio.toFixed(2)],
    ],
  );
}

function sizeOf([first]: readonly Result[]): string {
  return `${grouped(first?.logs ?? 0)} logs, ${grouped(first?.rooms ?? 0)} rooms`;
}

function numbersOf(
  { figures }: Result,
  write: (figures: NonNullable<Result['figures']>) => readonly string[],
): readonly string[] {
  if (figures !== null) return write(figures);
  return write({ seconds: 0, cpuSeconds: 0, ratio: 0, peakRssMb: 0 }).map(() => '–');
}

function labelOf(client: ClientName): string {
  return CLIENTS.find(({ name }) => name === client)?.label ?? client;
}

function totalOf({ client, figures, wrongBy, problems }: Result): string {
  if (figures === null) return problems[0]?.split('\n')[0]?.slice(0, 60) ?? 'did not end';
  if (problems.length > 0) return `wrong: ${problems.join('; ')}`;
  if (wrongBy !== null)
    return wrongBy.startsWith('-') ? `$${wrongBy.slice(1)} too little` : `$${wrongBy} too much`;
  return client === 'floor' ? 'none' : 'exact';
}
