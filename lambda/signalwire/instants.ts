import type { LogsPage } from './logs-page.ts';

/** Between which instants logs lie: milliseconds since the epoch, both included. */
export interface Span {
  readonly oldest: number;
  readonly newest: number;
}

/**
 * When the entries of a page were created: all that reading by windows has to know of them.
 *
 * @returns milliseconds since the epoch; NaN where it can't be read
 */
export function instantsOf(entries: LogsPage['logs']): number[] {
  return entries.map((entry) => ('problem' in entry ? NaN : entry.createdAt));
}

/** @returns null where there is none: no instants, one that can't be read, or another order than newest first */
export function spanOf(instants: readonly number[]): Span | null {
  const [newest] = instants;
  if (newest === undefined) return null;
  let oldest = newest;
  for (const instant of instants) {
    if (!(instant <= oldest)) return null;
    oldest = instant;
  }
  return { newest, oldest };
}

/** How long a span is, in seconds, as far as that can be told: instants may be whole seconds. */
export function secondsOf({ oldest, newest }: Span): number {
  return Math.max(1, (newest - oldest) / 1000);
}
