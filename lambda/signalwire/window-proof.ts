import type { Span } from './instants.ts';
import { BoundsIgnoredError, type DateLists } from './paging.ts';
import { boundsAround, windowPages } from './window.ts';

/**
 * Finds out whether windows can be trusted, by two lists that are known beforehand:
 *
 * - the span of the date's first page, which must hold that page's logs, each as it was, and nothing else but further
 *   logs of its oldest instant, as those stand on the second page. A server that drops logs at the bounds, ignores
 *   `created_after` or compares dates only fails here.
 * - what lies before the day, with `created_before` alone, which must hold nothing. A server that ignores
 *   `created_before` would pass the first trial, as the first page is the newest, and fails here; so does one for
 *   which a bound takes the place of `created_on`, and one whose dates begin earlier than those of UTC, so that
 *   windows of the day would miss logs that the whole list holds.
 *
 * @param dayStart first millisecond of the date
 * @param firstPage the first page's entries, newest first
 * @throws BoundsIgnoredError telling what was seen, where they can't; and all that getting a page throws
 */
export async function proveWindows(
  lists: DateLists,
  dayStart: number,
  firstPage: readonly unknown[],
  span: Span,
): Promise<void> {
  await Promise.all([proveSpan(lists, firstPage, span), proveNothingBefore(lists, dayStart)]);
}

const DIFFERS = 'asked for the span of its first page, SignalWire did not list the logs of that page';

async function proveSpan(lists: DateLists, firstPage: readonly unknown[], span: Span): Promise<void> {
  const missing = new Map<string, number>();
  for (const entry of firstPage) {
    const text = JSON.stringify(entry);
    missing.set(text, (missing.get(text) ?? 0) + 1);
  }
  const bounds = boundsAround({ from: span.oldest, until: span.newest + 1 });
  for await (const { entries, instants } of windowPages(lists, bounds)) {
    entries.forEach((entry, index) => {
      const text = JSON.stringify(entry);
      const count = missing.get(text) ?? 0;
      if (count > 1) missing.set(text, count - 1);
      else if (count === 1) missing.delete(text);
      else if (isAmid(span, instants[index] ?? NaN)) throw new BoundsIgnoredError(DIFFERS);
    });
  }
  if (missing.size > 0) throw new BoundsIgnoredError(DIFFERS);
}

/** Whether an instant is one of which the first page holds every log; of its oldest one there may be more. */
function isAmid({ oldest, newest }: Span, instant: number): boolean {
  return oldest < instant && instant <= newest;
}

async function proveNothingBefore(lists: DateLists, dayStart: number): Promise<void> {
  const bounds = { after: null, before: boundsAround({ from: dayStart, until: dayStart }).before };
  for await (const { span } of windowPages(lists, bounds)) {
    if (span !== null && span.oldest < dayStart) {
      throw new BoundsIgnoredError(
        'asked for the logs of the date before a time, SignalWire listed those of another date, too',
      );
    }
  }
}
