import pMap from 'p-map';
import type { Intercept } from '../../../../local/loopback-server.ts';
import { type Morning, type MorningOptions, openMorning } from '../../../support/morning.ts';
import { expectConsistentArchive } from '../../support/consistent-archive.ts';
import { type Outcome, watch } from './outcome.ts';

/** A run with something the matter. */
export interface FaultyRun {
  readonly what: string;
  /** What SignalWire does instead of answering. */
  readonly fault: Intercept | null;
  /** @default that of Lambda's longest invocation */
  readonly remainingMs?: number;
}

/** Runs one after the other, in one container of the same morning. */
export async function inTurn(morning: Morning, runs: readonly FaultyRun[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const run of runs) outcomes.push(await outcomeOf(morning, run));
  return outcomes;
}

/** Runs in a morning each, six at a time: most of them wait more than they work. */
export function apart<Run extends FaultyRun>(
  runs: readonly Run[],
  optionsOf: (run: Run) => MorningOptions,
): Promise<Outcome[]> {
  return pMap(
    runs,
    async (run) => {
      const morning = await openMorning(optionsOf(run));
      const outcome = await outcomeOf(morning, run);
      expectConsistentArchive(morning);
      await morning.end();
      return outcome;
    },
    { concurrency: 6 },
  );
}

async function outcomeOf(morning: Morning, { what, fault, remainingMs }: FaultyRun): Promise<Outcome> {
  const outcome = watch(morning);
  morning.cloud.signalWire.intercept = fault;
  return outcome(what, await morning.invoke(undefined, remainingMs === undefined ? {} : { remainingMs }));
}
