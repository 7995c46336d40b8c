import pMap from 'p-map';
import type { Cloud } from '../../../../local/cloud.ts';
import type { Intercept } from '../../../../local/loopback-server.ts';
import { type Morning, type MorningOptions, openMorning, SCHEDULED } from '../../../support/morning.ts';
import { expectConsistentArchive } from '../../support/consistent-archive.ts';
import { type Outcome, watch } from './outcome.ts';

type Variables = Readonly<Record<string, string>>;

/** A run's circumstances, and its whole expected outcome. */
export interface Case {
  readonly expected: Outcome;
  /** What SignalWire does instead of answering. @default it answers */
  readonly fault?: Intercept;
  /** Variables of a container of its own. @default the morning's container */
  readonly environment?: (cloud: Cloud) => Variables | Promise<Variables>;
  /** @default that of Lambda's longest invocation */
  readonly remainingMs?: number;
}

export function expectedOf(cases: readonly Case[]): Outcome[] {
  return cases.map(({ expected }) => expected);
}

/** Runs all cases one after the other, in one container of the same morning. */
export async function inTurn(morning: Morning, cases: readonly Case[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const each of cases) outcomes.push(await outcomeOf(morning, each));
  return outcomes;
}

/** Runs each case in a morning of its own, six at a time, as most of them wait more than they work. */
export function apart(cases: readonly Case[], options: MorningOptions): Promise<Outcome[]> {
  return pMap(
    cases,
    async (each) => {
      const morning = await openMorning(options);
      const outcome = await outcomeOf(morning, each);
      expectConsistentArchive(morning);
      await morning.end();
      return outcome;
    },
    { concurrency: 6 },
  );
}

async function outcomeOf(
  morning: Morning,
  { expected, fault, environment, remainingMs }: Case,
): Promise<Outcome> {
  const { cloud } = morning;
  const container =
    environment === undefined ? morning : await morning.another(undefined, await environment(cloud));
  const outcome = watch(morning);
  cloud.signalWire.intercept = fault ?? null;
  return outcome(
    expected.what,
    await container.invoke(SCHEDULED, remainingMs === undefined ? {} : { remainingMs }),
  );
}
