import type { ColdStart } from './cold-start.ts';
import type { Result } from './contest.ts';
import type { Machine } from './machine.ts';

/** What a run of the benchmark has found; docs/performance/results.json holds the last one that was to be kept. */
export interface Results {
  readonly machine: Machine;
  readonly rounds: number;
  readonly contests: Readonly<Record<ContestName, readonly Result[]>>;
  readonly coldStart: ColdStart;
}

/** In each contest the first entrant is what the others are compared with. */
export const CONTESTS = ['time', 'latency', 'memory', 'rooms'] as const;
export type ContestName = (typeof CONTESTS)[number];

/** Parts of it, where not everything was to be measured. */
export type SomeResults = Pick<Results, 'machine' | 'rounds'> & {
  readonly contests: Partial<Results['contests']>;
  readonly coldStart: ColdStart | null;
};

/** Whether everything was measured that others are compared with, so that it can be kept. */
export function isComplete(results: SomeResults): results is Results {
  return (
    results.coldStart !== null &&
    CONTESTS.every((name) => (results.contests[name]?.[0]?.figures ?? null) !== null)
  );
}
