import { sumByCurrency } from '../sums.ts';
import type { DayOutcome } from './backfill.ts';

/** A backfill in figures. */
export interface Summary {
  /** A row for each status that occurred, then the failed days and those not started, then the total. */
  readonly rows: readonly SummaryRow[];
  readonly failed: readonly Extract<DayOutcome, { kind: 'failed' }>[];
  readonly notBegun: number;
  /** The earliest day that is not done; null if all are. */
  readonly firstUndone: string | null;
}

interface SummaryRow {
  readonly status: string;
  readonly days: number;
  /** Exact, with its currency; empty if unknown. */
  readonly charge: string;
}

/** @param outcomes one per day, oldest first */
export function summarize(outcomes: readonly DayOutcome[]): Summary {
  const reports = outcomes.flatMap((outcome) => (outcome.kind === 'done' ? [outcome.report] : []));
  const failed = outcomes.filter((outcome) => outcome.kind === 'failed');
  const notBegun = outcomes.filter(({ kind }) => kind === 'not-begun').length;
  const done = [...Map.groupBy(reports, ({ status }) => status)].map(([status, group]) => ({
    status,
    days: group.length,
    charge: sumByCurrency(group),
  }));
  return {
    rows: [
      ...done.sort((a, b) => (a.status < b.status ? -1 : 1)),
      ...unknown('failed', failed.length),
      ...unknown('not started', notBegun),
      { status: 'total', days: outcomes.length, charge: sumByCurrency(reports) },
    ],
    failed,
    notBegun,
    firstUndone: outcomes.find(({ kind }) => kind !== 'done')?.day ?? null,
  };
}

function unknown(status: string, days: number): SummaryRow[] {
  return days === 0 ? [] : [{ status, days, charge: '' }];
}
