import type { ColdStart } from './cold-start.ts';
import type { Result } from './contest.ts';
import type { Machine } from './machine.ts';

/** The results of a run of the benchmark; docs/performance/results.json holds the last ones that were saved. */
export interface Results {
  readonly machine: Machine;
  readonly rounds: number;
  readonly contests: Readonly<Record<ContestName, readonly Result[]>>;
  readonly coldStart: ColdStart;
}

/** In each contest the others are compared with the first entrant. */
export const CONTESTS = ['time', 'latency', 'memory', 'rooms'] as const;
export type ContestName = (typeof CONTESTS)[number];

/** Part of the results, if not everything was measured. */
export type SomeResults = Pick<Results, 'machine' | 'rounds'> & {
  readonly contests: Partial<Results['contests']>;
  readonly coldStart: ColdStart | null;
};

/** Whether every part was measured, so that the results can be saved: each contest has at least its first entrant. */
export function isComplete(results: SomeResults): results is Results {
  return (
    results.coldStart !== null &&
    CONTESTS.every((name) => (results.contests[name]?.[0]?.figures ?? null) !== null)
  );
}
