import type { ClientName } from './clients.ts';
import type { Entrant } from './contest.ts';
import type { BenchOptions } from './options.ts';
import type { ContestName } from './results.ts';

/** The entrants of each contest. */
export type Plan = Readonly<Record<ContestName, readonly Entrant[]>>;

const OURS: readonly ClientName[] = ['floor', 'sums', 'job'];
const PEERS: readonly ClientName[] = ['naive', 'duckdb', 'requests', 'urllib', 'pandas'];

/** The full benchmark, for which the targets are set. */
export function fullPlan({ logs, rooms, latencyMs }: BenchOptions): Plan {
  const day = { logs, rooms, latencyMs: 0 };
  return {
    time: [...OURS, ...PEERS].map((client) => ({ client, ...day })),
    latency: [
      { client: 'floor', ...day, latencyMs },
      { client: 'sums', ...day, latencyMs },
    ],
    memory: [logs / 100, logs / 10, logs].map((size) => ({ client: 'job', ...day, logs: Math.ceil(size) })),
    rooms: [
      { client: 'sums', ...day },
      { client: 'sums', ...day, rooms: rooms * 200 },
    ],
  };
}

/** The same on a small day, without the slow peers: to check that everything still works. */
export function quickPlan({ logs, rooms, latencyMs }: BenchOptions): Plan {
  const { time, ...others } = fullPlan({ logs, rooms, latencyMs });
  const quick: readonly ClientName[] = [...OURS, 'naive'];
  return { ...others, time: time.filter(({ client }) => quick.includes(client)) };
}
