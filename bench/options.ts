import { Command, InvalidArgumentError, Option } from 'commander';
import { CLIENTS, type ClientName } from './clients.ts';
import { CONTESTS } from './results.ts';

/** How large the measured day is. */
export interface BenchOptions {
  readonly logs: number;
  readonly rooms: number;
  /** Of the contest about latency; all others are held without. */
  readonly latencyMs: number;
}

const PARTS = [...CONTESTS, 'cold'] as const;
type Part = (typeof PARTS)[number];

/** What the command was asked for. */
export interface BenchCommand extends BenchOptions {
  readonly rounds: number;
  readonly quick: boolean;
  readonly only: readonly Part[];
  readonly clients: readonly ClientName[];
  readonly write: boolean;
}

const FULL = { logs: 1_000_000, rooms: 500, latency: 50, rounds: 5 };
const QUICK = { logs: 20_000, rooms: 100, latency: 5, rounds: 1 };

/** @throws nothing: for a bad command line it prints what is wrong and ends the process */
export function readCommand(): BenchCommand {
  const names = CLIENTS.map(({ name }) => name);
  const given = new Command('bench')
    .description(
      'Measures how fast and small the job is, beside a client that only fetches and parses, and beside others.',
    )
    .option('--logs <count>', `logs of the day (default: ${FULL.logs})`, wholeNumber)
    .option('--rooms <count>', `rooms of the day (default: ${FULL.rooms})`, wholeNumber)
    .option(
      '--latency <ms>',
      `how long a page is held back, where latency is measured (default: ${FULL.latency})`,
      wholeNumber,
    )
    .option('--rounds <count>', `how often each is measured (default: ${FULL.rounds})`, wholeNumber)
    .option(
      '--quick',
      `in less than a minute: ${QUICK.logs} logs, ${QUICK.rounds} round, no slow peers`,
      false,
    )
    .addOption(
      new Option('--only <parts...>', 'measure these parts only').choices(PARTS).default(PARTS, 'all'),
    )
    .addOption(
      new Option('--clients <names...>', 'measure these clients and the floor only')
        .choices(names)
        .default(names, 'all'),
    )
    .option('--write', 'keep the results: docs/performance.md, its figures and its chart', false)
    .parse()
    .opts<Partial<typeof FULL> & Pick<BenchCommand, 'quick' | 'only' | 'clients' | 'write'>>();
  const { latency: latencyMs, ...options } = { ...(given.quick ? QUICK : FULL), ...given };
  return { ...options, latencyMs };
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above zero.');
  return Number(text);
}
