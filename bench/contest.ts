import type { Bundles } from './bundles.ts';
import { judge } from './checks.ts';
import { runClient } from './client-run.ts';
import type { Measurement } from './clients/measured.ts';
import { type ClientName, isHere } from './clients.ts';
import type { DaySize } from './day.ts';
import { type Space, startSpaceProcess } from './servers/server-process.ts';
import { type Figures, figuresOf } from './statistics.ts';

/** A client on a day. */
export interface Entrant extends DaySize {
  readonly client: ClientName;
  /** How long the space holds each page back. */
  readonly latencyMs: number;
}

/** How an entrant has fared. */
export interface Result extends Entrant {
  /** Null where it did not run to its end, or could not be started here. */
  readonly figures: Figures | null;
  /** By how many dollars its sum is wrong; null: not at all. */
  readonly wrongBy: string | null;
  /** Why there are no figures, or what is wrong beside the sum. */
  readonly problems: readonly string[];
}

/**
 * Lets the entrants run in turn, round after round, so that whatever else the machine does meets them all alike. The
 * first one is what the others are compared with.
 *
 * @param onRun is told each run as it ends
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
          const run = await runClient(entrant.client, space.url, bundles);
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

/** A peer that can't be started is told, and is nobody's fault. */
export const NOT_HERE = 'not on this machine';

function spaceKey({ logs, rooms, latencyMs }: Entrant): string {
  return `${logs} ${rooms} ${latencyMs}`;
}
