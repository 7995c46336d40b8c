import type { Bundles } from './bundles.ts';
import { judge } from './checks.ts';
import { runClient } from './client-run.ts';
import type { Measurement } from './clients/measured.ts';
import { type ClientName, isHere } from './clients.ts';
import type { DaySize } from './day.ts';
import { type Space, startSpaceProcess } from './servers/server-process.ts';
import { type Figures, figuresOf } from './statistics.ts';

/** A client and the day that it works on. */
export interface Entrant extends DaySize {
  readonly client: ClientName;
  /** How long the space delays each page. */
  readonly latencyMs: number;
}

/** How an entrant did. */
export interface Result extends Entrant {
  /** Null if it did not finish, or could not be started here. */
  readonly figures: Figures | null;
  /** By how many dollars its sum is wrong; null if it is right. */
  readonly wrongBy: string | null;
  /** Why there are no figures, or what else is wrong besides the sum. */
  readonly problems: readonly string[];
}

/**
 * Runs the entrants in turn, round after round, so that whatever else the machine does affects them all alike. The
 * others are compared with the first one.
 *
 * @param onRun called when a run ends
 */
export async function hold(
  entrants: readonly Entrant[],
  rounds: number,
  bundles: Bundles,
  onRun: (entrant: Entrant, measurement: Measurement) => void,
): Promise<Result[]> {
  const spaces = new Map<string, Space>();
  const states = entrants.map((entrant) => ({
    entrant,
    measurements: [] as Measurement[],
    ...openingOf(entrant),
  }));
  try {
    for (let round = 1; round <= rounds; round += 1) {
      for (const state of states) {
        if (state.problems.size > 0) continue;
        const { entrant } = state;
        const space = spaces.get(spaceKey(entrant)) ?? (await startSpaceProcess(entrant, entrant.latencyMs));
        spaces.set(spaceKey(entrant), space);
        try {
          const run = await runClient(entrant, space.url, bundles);
          const { wrongBy, problems } = judge(run, space.totals);
          onRun(entrant, run.measurement);
          state.measurements.push(run.measurement);
          state.wrongBy = wrongBy;
          for (const problem of problems) state.problems.add(problem);
        } catch (error) {
          state.problems.add(error instanceof Error ? error.message : String(error));
        }
      }
    }
  } finally {
    await Promise.all([...spaces.values()].map((space) => space.stop()));
  }
  const base = states[0]?.measurements ?? [];
  return states.map(({ entrant, measurements, wrongBy, problems }) => ({
    ...entrant,
    figures: measurements.length === rounds ? figuresOf(measurements, base) : null,
    wrongBy,
    problems: [...problems],
  }));
}

function openingOf({ client }: Entrant): { wrongBy: string | null; problems: Set<string> } {
  return { wrongBy: null, problems: new Set(isHere(client) ? [] : [NOT_HERE]) };
}

/** A peer that can't be started here is reported, and is not a fault. */
export const NOT_HERE = 'not on this machine';

function spaceKey({ logs, rooms, latencyMs }: Entrant): string {
  return `${logs} ${rooms} ${latencyMs}`;
}
