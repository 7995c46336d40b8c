import type { PageLogs } from './page-logs.ts';

/** The oldest and the newest instant of some logs, in milliseconds since the epoch. */
export interface Span {
  readonly oldest: number;
  readonly newest: number;
}

/** @returns null if there are no logs, one can't be read, or they are not in the order newest first */
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

/** How long a span is, in seconds; at least 1, as its instants may have been cut to whole seconds. */
export function secondsOf({ oldest, newest }: Span): number {
  return Math.max(1, (newest - oldest) / 1000);
}
