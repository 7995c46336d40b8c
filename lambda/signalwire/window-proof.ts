import type { Span } from './instants.ts';
import type { PageLogs } from './page-logs.ts';
import { BoundsIgnoredError, type DateLists } from './paging.ts';
import type { UnreadableLog, VideoLog } from './video-log.ts';
import { boundsAround, windowPages } from './window.ts';

const SECOND = 1000;
const MINUTE = 60_000;

/**
 * Finds out whether windows can be trusted, by two lists whose contents are known beforehand:
 *
 * - the span of the date's first page, which must hold exactly that page's logs, unchanged, and possibly further logs
 *   of its oldest instant, which are on the second page. A server that drops logs at the bounds, ignores
 *   `created_after` or compares minutes, hours or dates fails here.
 * - the time before the day, with `created_before` alone, which must hold nothing. A server that ignores
 *   `created_before` would pass the first test, as the first page is the newest, and fails here. So does one for
 *   which a bound replaces `created_on`, and one whose dates begin earlier than UTC dates, so that windows of the day
 *   would miss logs that the whole list holds.
 *
 * @param dayStart first millisecond of the date
 * @param pages the entries of the date's first pages, newest first
 * @throws BoundsIgnoredError saying what was seen, if they can't be trusted; and whatever getting a page throws
 */
export async function proveWindows(
  lists: DateLists,
  dayStart: number,
  pages: readonly PageLogs[],
): Promise<void> {
  await Promise.all([proveSpan(lists, pages), proveNothingBefore(lists, dayStart)]);
}

const DIFFERS = 'asked for the span of its first page, SignalWire did not list the logs of that page';

async function proveSpan(lists: DateLists, pages: readonly PageLogs[]): Promise<void> {
  const known = pages.flatMap(instantsAndTexts);
  const { newest, oldest } = conclusiveSpan(
    known.slice(0, pages[0]?.length).map(({ at }) => at),
    known.map(({ at }) => at),
  );
  const inSpan = known.filter(({ at }) => oldest <= at && at <= newest);
  const expected = new Set(inSpan.map(({ text }) => text));
  const missing = new Set(expected);
  for await (const page of windowPages(lists, boundsAround({ from: oldest, until: newest + 1 }))) {
    for (const { text, at } of instantsAndTexts(page.entries)) {
      if (!expected.has(text) && oldest < at && at <= newest) throw new BoundsIgnoredError(DIFFERS);
      missing.delete(text);
    }
  }
  if (missing.size > 0) throw new BoundsIgnoredError(DIFFERS);
}

/**
 * The longest span of the first page that can show whether the server compares seconds. If its lower bound were cut to
 * the minute, or to anything longer, then either a log before it in the same minute would be listed, or, if the logs'
 * instants were cut as well, its own oldest log would not be.
 *
 * @param first instants of the first page, newest first
 * @param known instants of the pages read so far
 * @throws BoundsIgnoredError if there is none
 */
function conclusiveSpan(first: readonly number[], known: readonly number[]): Span {
  const [newest = NaN] = first;
  for (const oldest of new Set(first.toReversed())) {
    const { after } = boundsAround({ from: oldest, until: newest });
    const minute = Math.floor(after / MINUTE) * MINUTE;
    if (oldest < minute + MINUTE && known.some((at) => minute < at && at < after - SECOND))
      return { oldest, newest };
  }
  throw new BoundsIgnoredError('its first logs are too far apart, or too close, to find out what bounds do');
}

async function proveNothingBefore(lists: DateLists, dayStart: number): Promise<void> {
  const bounds = { after: null, before: boundsAround({ from: dayStart, until: dayStart }).before };
  for await (const { span } of windowPages(lists, bounds)) {
    if (span !== null && span.oldest < dayStart) {
      throw new BoundsIgnoredError(
        'asked for the logs of the date before a time, SignalWire also listed logs of another date',
      );
    }
  }
}

function instantsAndTexts(logs: PageLogs): { readonly at: number; readonly text: string }[] {
  return Array.from(logs, (log, index) => ({ at: logs.createdAt(index), text: jsonOf(log) }));
}

/** Empty for an unreadable log, which fails the day when its turn comes. */
function jsonOf(log: VideoLog | UnreadableLog): string {
  return 'problem' in log ? '' : log.asSent.text('json');
}
