import pMap from 'p-map';
import type { Cloud } from '../../../../local/cloud.ts';
import type { Intercept } from '../../../../local/loopback-server.ts';
import { type Morning, type MorningOptions, openMorning, SCHEDULED } from '../../../support/morning.ts';
import { expectConsistentArchive } from '../../support/consistent-archive.ts';
import { type Outcome, watch } from './outcome.ts';

type Variables = Readonly<Record<string, string>>;

/** A run with something the matter. */
export interface FaultyRun {
  readonly what: string;
  /** What SignalWire does instead of answering. @default it answers */
  readonly fault?: Intercept;
  /** Variables of a container of its own. @default the morning's container */
  readonly environment?: (cloud: Cloud) => Variables | Promise<Variables>;
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
export function apart(runs: readonly FaultyRun[], options: MorningOptions): Promise<Outcome[]> {
  return pMap(
    runs,
    async (run) => {
      const morning = await openMorning(options);
      const outcome = await outcomeOf(morning, run);
      expectConsistentArchive(morning);
      await morning.end();
      return outcome;
    },
    { concurrency: 6 },
  );
}

async function outcomeOf(morning: Morning, run: FaultyRun): Promise<Outcome> {
  const { what, fault = null, environment, remainingMs } = run;
  const { cloud } = morning;
  const container =
    environment === undefined ? morning : await morning.another(undefined, await environment(cloud));
  const outcome = watch(morning);
  cloud.signalWire.intercept = fault;
  return outcome(what, await container.invoke(SCHEDULED, remainingMs === undefined ? {} : { remainingMs }));
}
