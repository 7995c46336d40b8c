import { SignalWireRejectedError, SignalWireUnavailableError } from '../errors.ts';
import { secondsOf, spanOf } from './instants.ts';
import type { PageLogs } from './page-logs.ts';
import { BoundsIgnoredError, DateLists, type GetPage, type ListPage } from './paging.ts';
import type { RequestsAtOnce } from './requests-at-once.ts';
import { proveWindows } from './window-proof.ts';
import { Windows } from './windows.ts';

/** So many pages are read one after another first, so that a day of few pages costs no request more than it has pages. */
const PAGES_FIRST = 3;
/** Fewer further pages than so many are not worth to be read as windows. */
const FEWEST_PAGES = 8;
/** As many logs as the API lists at least on a page that is not the last; fewer tell little of how dense a day is. */
const FEWEST_LOGS = 50;

/** How the logs of a day are to be read. */
export interface ReadingManner {
  /** How many requests at once a long day may be read with, as windows of time; null: one page after another. */
  readonly windows: RequestsAtOnce | null;
  /** Is told, in a sentence for the log, where that was tried in vain. */
  readonly onNotice: (notice: string) => void;
}

/**
 * Reads the logs of one UTC date, page by page as they come, newest first where SignalWire lists them so. A log that
 * stands where two pages or windows meet may come twice.
 *
 * The first pages are those of the whole date, and all there is for most; the next one is on its way while one is worked
 * on. Where many more are to be expected, the rest may be read as windows of time, if they can be proved to hold what
 * the pages would. Whenever they turn out not to, paging goes on where it had come to: what windows gave before then
 * comes twice. With the reading end its requests, wherever they are: nobody waits for what they would bring.
 *
 * @param spaceUrl origin of the space
 * @param date UTC date, `YYYY-MM-DD`
 * @throws SignalWireInvalidResponseError where a page has not the documented shape, or its `links.next` leads
 *   astray, in a circle, or on and on; what goes wrong with a page shows when its turn comes
 */
export async function* readDate(
  getPage: GetPage,
  spaceUrl: string,
  date: string,
  manner: ReadingManner,
): AsyncGenerator<PageLogs, void> {
  const lists = new DateLists(getPage, spaceUrl, date);
  const reading = new AbortController();
  try {
    yield* readLists(lists, reading.signal, manner);
  } finally {
    reading.abort();
  }
}

async function* readLists(
  lists: DateLists,
  signal: AbortSignal,
  { windows, onNotice }: ReadingManner,
): AsyncGenerator<PageLogs, void> {
  const pages = lists.until(signal).pages(null);
  const firstPages: PageLogs[] = [];
  let coming = asked(pages);
  for (let count = 1; ; count += 1) {
    const { done, value: page } = await coming;
    if (done === true) return;
    if (count <= PAGES_FIRST) {
      // They are looked at once more when windows are proved.
      page.entries.keep();
      firstPages.push(page.entries);
    }
    const rest = windows && count === PAGES_FIRST ? windowsAfter(page, firstPages, lists, windows) : null;
    if (rest === null) coming = asked(pages);
    yield page.entries;
    if (rest === null) continue;
    try {
      yield* rest;
      return;
    } catch (error) {
      const reason = reasonAgainstWindows(error);
      if (reason === null) throw error;
      onNotice(
        `The video logs of ${lists.date} are read page by page, not in windows of time: ${reason}. The report is the same, ` +
          'and takes longer to make. Nothing is to be done; to have windows tried no more, set readInWindows to false (READ_IN_WINDOWS).',
      );
    }
    coming = asked(pages);
  }
}

/** Asks for the next page. If its turn never comes, nobody hears of what goes wrong with it. */
function asked(pages: AsyncGenerator<ListPage, void>): Promise<IteratorResult<ListPage, void>> {
  const page = pages.next();
  page.catch(() => undefined);
  return page;
}

/**
 * What follows a page, read as windows once they are proved.
 *
 * @param firstPages the entries of the date's pages so far, by which they are
 * @returns null where that can't be done, or is not worth it
 */
function windowsAfter(
  page: ListPage,
  firstPages: readonly PageLogs[],
  lists: DateLists,
  atOnce: RequestsAtOnce,
): AsyncGenerator<PageLogs, void> | null {
  if (page.isLast || page.entries.length < FEWEST_LOGS) return null;
  const [firstPage = page.entries] = firstPages;
  const span = spanOf(page.entries);
  if (span === null || spanOf(firstPage) === null) return null;
  const dayStart = Date.parse(lists.date);
  if ((span.oldest - dayStart) / 1000 < FEWEST_PAGES * secondsOf(span)) return null;
  return (async function* () {
    const reading = new AbortController();
    const windowLists = lists.until(reading.signal);
    try {
      await proveWindows(windowLists, dayStart, firstPages);
      const rest = { from: dayStart, until: span.oldest + 1 };
      const seen = { entries: page.entries.length, span };
      yield* new Windows(windowLists, rest, seen, atOnce).read();
    } finally {
      reading.abort();
    }
  })();
}

/** What an error may tell against windows; null where it tells nothing about them. One of SignalWire as a whole comes again. */
function reasonAgainstWindows(error: unknown): string | null {
  if (error instanceof BoundsIgnoredError) return error.message;
  if (error instanceof SignalWireRejectedError) return 'SignalWire refused to be asked for one';
  if (error instanceof SignalWireUnavailableError)
    return 'SignalWire did not answer so many requests at once';
  return null;
}
