import { Command, InvalidArgumentError, Option } from 'commander';
import { CLIENTS, type ClientName } from './clients.ts';
import { CONTESTS } from './results.ts';

/** How large the measured day is. */
export interface BenchOptions {
  readonly logs: number;
  readonly rooms: number;
  /** Only for the latency contest; the others run without a delay. */
  readonly latencyMs: number;
}

const PARTS = [...CONTESTS, 'cold'] as const;
type Part = (typeof PARTS)[number];

/** What the command line asks for. */
export interface BenchCommand extends BenchOptions {
  readonly rounds: number;
  readonly quick: boolean;
  readonly only: readonly Part[];
  readonly clients: readonly ClientName[];
  readonly write: boolean;
}

const FULL = { logs: 1_000_000, rooms: 500, latency: 50, rounds: 5 };
const QUICK = { logs: 20_000, rooms: 100, latency: 5, rounds: 1 };

/** For a bad command line, prints what is wrong and ends the process. */
export function readCommand(): BenchCommand {
  const names = CLIENTS.map(({ name }) => name);
  const given = new Command('bench')
    .description(
      'Measures the time and memory of the job, compared with a client that only fetches and parses, and with others.',
    )
    .option('--logs <count>', `logs of the day (default: ${FULL.logs})`, wholeNumber)
    .option('--rooms <count>', `rooms of the day (default: ${FULL.rooms})`, wholeNumber)
    .option(
      '--latency <ms>',
      `how long each page is delayed in the latency contest (default: ${FULL.latency})`,
      wholeNumber,
    )
    .option(
      '--rounds <count>',
      `how many times each client is measured (default: ${FULL.rounds})`,
      wholeNumber,
    )
    .option(
      '--quick',
      `in less than a minute: ${QUICK.logs} logs, ${QUICK.rounds} round, no slow peers`,
      false,
    )
    .addOption(
      new Option('--only <parts...>', 'measure only these parts').choices(PARTS).default(PARTS, 'all'),
    )
    .addOption(
      new Option('--clients <names...>', 'measure only these clients and the floor')
        .choices(names)
        .default(names, 'all'),
    )
    .option('--write', 'save the results: docs/performance.md, its data and its chart', false)
    .parse()
    .opts<Partial<typeof FULL> & Pick<BenchCommand, 'quick' | 'only' | 'clients' | 'write'>>();
  const { latency: latencyMs, ...options } = { ...(given.quick ? QUICK : FULL), ...given };
  return { ...options, latencyMs };
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above zero.');
  return Number(text);
}
