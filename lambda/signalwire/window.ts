import { type Span, timeSpanOf } from './instants.ts';
import type { PageLogs } from './page-logs.ts';
import { type Bounds, BoundsIgnoredError, type DateLists } from './paging.ts';

/** A stretch of time: milliseconds since the epoch, from the first one until before the other. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

/** A page of what lies between bounds, its logs newest first. */
export interface WindowPage {
  readonly entries: PageLogs;
  /** Null where the page is empty. */
  readonly span: Span | null;
  readonly isLast: boolean;
}

const SECOND = 1000;

/**
 * What is asked for to have a stretch whole: whole seconds, and one more on both sides, as it is not documented whether
 * bounds are included, nor whether they and the logs' instants are compared to the second or finer.
 */
export function boundsAround({ from, until }: Stretch): Bounds & { readonly after: number } {
  return {
    after: (Math.floor(from / SECOND) - 1) * SECOND,
    before: (Math.ceil(until / SECOND) + 1) * SECOND,
  };
}

/**
 * Reads what lies between bounds, page by page as it is wanted.
 *
 * @throws BoundsIgnoredError where SignalWire lists a log that no reading of the bounds allows, more than one second
 *   beyond them, lists logs in another order than newest first, or one that can't be read, which paging
 *   is left to tell of when its turn comes
 */
export async function* windowPages(lists: DateLists, bounds: Bounds): AsyncGenerator<WindowPage, void> {
  const { after, before } = bounds;
  for await (const { entries, isLast } of lists.pages(bounds)) {
    const span = timeSpanOf(entries);
    if (span === null && entries.length > 0) {
      throw new BoundsIgnoredError(
        holdsUnreadable(entries)
          ? "a window holds a log that can't be read"
          : 'SignalWire did not list the logs of a window newest first',
      );
    }
    if (span !== null && (span.newest > before + SECOND || span.oldest < (after ?? -Infinity) - SECOND)) {
      const asked = [after, before].map((bound) => (bound === null ? 'the beginning' : told(bound)));
      throw new BoundsIgnoredError(
        `asked for logs between ${asked.join(' and ')}, SignalWire listed some from ${told(span.oldest)} to ${told(span.newest)}`,
      );
    }
    yield { entries, span, isLast };
  }
}

/** Those entries of a page that lie in the stretch. */
export function within({ from, until }: Stretch, { entries }: WindowPage): PageLogs {
  let first = 0;
  while (first < entries.length && entries.createdAt(first) >= until) first += 1;
  let last = entries.length;
  while (last > first && entries.createdAt(last - 1) < from) last -= 1;
  return entries.slice(first, last);
}

function holdsUnreadable(logs: PageLogs): boolean {
  for (const log of logs) if ('problem' in log) return true;
  return false;
}

function told(instant: number): string {
  return new Date(instant).toISOString();
}
