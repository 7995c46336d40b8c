import { type Span, timeSpanOf } from './instants.ts';
import type { PageLogs } from './page-logs.ts';
import { type Bounds, BoundsIgnoredError, type DateLists } from './paging.ts';

/** A stretch of time, in milliseconds since the epoch: `from` is included, `until` is not. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

/** A page of the logs between bounds, newest first. */
export interface WindowPage {
  readonly entries: PageLogs;
  /** Null if the page is empty. */
  readonly span: Span | null;
  readonly isLast: boolean;
}

const SECOND = 1000;

/**
 * The bounds to ask for to get a whole stretch: whole seconds, and one more at both ends, as it is not documented
 * whether bounds are included, nor whether they and the logs' instants are compared in seconds or more finely.
 */
export function boundsAround({ from, until }: Stretch): Bounds & { readonly after: number } {
  return {
    after: (Math.floor(from / SECOND) - 1) * SECOND,
    before: (Math.ceil(until / SECOND) + 1) * SECOND,
  };
}

/**
 * Reads the logs between bounds, page by page as they are wanted.
 *
 * @throws BoundsIgnoredError if SignalWire lists a log more than one second beyond the bounds, which no reading of them
 *   allows, or logs in an order other than newest first, or one that can't be read, which paging will report when its
 *   turn comes
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
      const asked = [after, before].map((bound) => (bound === null ? 'the beginning' : isoTime(bound)));
      throw new BoundsIgnoredError(
        `asked for logs between ${asked.join(' and ')}, SignalWire listed some from ${isoTime(span.oldest)} to ` +
          isoTime(span.newest),
      );
    }
    yield { entries, span, isLast };
  }
}

/** Those entries of a page that are in the stretch. */
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

function isoTime(instant: number): string {
  return new Date(instant).toISOString();
}
