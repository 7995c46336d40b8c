import type { PageLogs } from './page-logs.ts';

/** Between which instants logs lie: milliseconds since the epoch, both included. */
export interface Span {
  readonly oldest: number;
  readonly newest: number;
}

/** @returns null where there is none: no logs, one that can't be read, or another order than newest first */
export function timeSpanOf(logs: PageLogs): Span | null {
  const newest = logs.createdAt(0);
  let oldest = newest;
  for (let index = 0; index < logs.length; index += 1) {
    const instant = logs.createdAt(index);
    if (!(instant <= oldest)) return null;
    oldest = instant;
  }
  return logs.length === 0 ? null : { newest, oldest };
}

/** How long a span is, in seconds, as far as that can be told: instants may be whole seconds. */
export function secondsOf({ oldest, newest }: Span): number {
  return Math.max(1, (newest - oldest) / 1000);
}
