import { SignalWireRejectedError } from '../errors.ts';
import { instantsOf, secondsOf, spanOf } from './instants.ts';
import { BoundsIgnoredError, DateLists, type GetPage, type ListPage, oneAhead } from './paging.ts';
import { proveWindows } from './window-proof.ts';
import { Windows } from './windows.ts';

/** Fewer pages than so many are read one after another: proving windows would take longer. */
const FEWEST_PAGES = 8;
/** As many logs as the API lists at least on a page that is not the last; fewer tell little of how dense a day is. */
const FEWEST_LOGS = 50;

/** How the logs of a day are to be read. */
export interface ReadingManner {
  /** Whether a long day may be read as windows of time, several at once. */
  readonly windows: boolean;
  /** Is told, in a sentence for the log, where that was tried in vain. */
  readonly onNotice: (notice: string) => void;
}

/**
 * Reads the logs of one UTC date, page by page as they come, newest first where SignalWire lists them so. A log that
 * stands where two pages or windows meet may come twice.
 *
 * The first page is that of the whole date, and all there is for most. Where many more are to be expected, the rest may
 * be read as windows of time, if they can be proved to hold what the pages would. Whenever they turn out not to, the
 * rest is read page by page after all, from the second one on: what windows gave before then comes twice.
 *
 * @param spaceUrl origin of the space
 * @param date UTC date, `YYYY-MM-DD`
 * @throws SignalWireInvalidResponseError where a page has not the documented shape, or its `links.next` leads
 *   astray, in a circle, or on and on
 */
export async function* readDate(
  getPage: GetPage,
  spaceUrl: string,
  date: string,
  { windows, onNotice }: ReadingManner,
): AsyncGenerator<readonly unknown[], void> {
  const lists = new DateLists(getPage, spaceUrl, date);
  const pages = lists.pages(null);
  const first = await pages.next();
  if (first.done === true) return;
  const { entries, isLast } = first.value;

  const dayStart = Date.parse(date);
  const isMeasure = !isLast && entries.length >= FEWEST_LOGS;
  const span = windows && isMeasure ? spanOf(instantsOf(entries)) : null;
  if (span === null || (span.oldest - dayStart) / 1000 < FEWEST_PAGES * secondsOf(span)) {
    const rest = oneAhead(pages);
    yield entries;
    yield* entriesOf(rest);
    return;
  }

  const proof = proveWindows(lists, dayStart, entries, span);
  // Where the entries below are refused, nobody waits for it.
  proof.catch(() => undefined);
  yield entries;
  try {
    await proof;
    const rest = { from: dayStart, until: span.oldest + 1 };
    yield* new Windows(lists, rest, { entries: entries.length, span }).read();
    return;
  } catch (error) {
    const reason = reasonAgainstWindows(error);
    if (reason === null) throw error;
    onNotice(
      `The video logs of ${date} are read page by page, not in windows of time: ${reason}. The report is the same, ` +
        'and takes longer to make. Nothing is to be done; to have windows tried no more, set readInWindows to false (READ_IN_WINDOWS).',
    );
  }
  yield* entriesOf(oneAhead(pages));
}

async function* entriesOf(pages: AsyncGenerator<ListPage, void>): AsyncGenerator<readonly unknown[], void> {
  for await (const { entries } of pages) yield entries;
}

/** What an error tells against windows; null where it tells nothing about them. */
function reasonAgainstWindows(error: unknown): string | null {
  if (error instanceof BoundsIgnoredError) return error.message;
  if (error instanceof SignalWireRejectedError) return 'SignalWire refused to be asked for one';
  return null;
}
