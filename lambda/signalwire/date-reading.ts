import type { Settings } from '../environment.ts';
import { DateWindows } from './date-windows.ts';
import type { PageLogs } from './page-logs.ts';
import { DateLists, type GetPage, type ListPage } from './paging.ts';
import { type Waiting, WaitingTime } from './waiting-time.ts';

/** How the logs of a day are to be read. */
export interface ReadingManner {
  /** Tells when a long day is to be read on as windows of time, several at once; null: never. */
  readonly waiting: Waiting | null;
  /** Is told, in a sentence for the log, where that was tried in vain. */
  readonly onNotice: (notice: string) => void;
}

/** How days are read by the settings. */
export function readingManner(
  { readInWindows }: Pick<Settings, 'readInWindows'>,
  onNotice: ReadingManner['onNotice'],
): ReadingManner {
  return { waiting: readInWindows ? new WaitingTime() : null, onNotice };
}

/**
 * Reads the logs of one UTC date, page by page as they come, newest first where SignalWire lists them so. A log that
 * stands where two pages or windows meet may come twice.
 *
 * Pages are those of the whole date at first, and all there is for most; the next one is on its way while one is worked
 * on. Where many more are to be expected and the reader waits much for them, the rest may be read as windows of time, if
 * they were proved to hold what the pages would. Whenever they turn out not to, paging goes on where it had come to:
 * what windows gave before then comes twice. With the reading end its requests, wherever they are: nobody waits for
 * what they would bring.
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
  { waiting, onNotice }: ReadingManner,
): AsyncGenerator<PageLogs, void> {
  const pages = lists.until(signal).pages(null);
  const windows = waiting && new DateWindows(lists, waiting, onNotice);
  let coming = asked(pages);
  for (;;) {
    const { done, value: page } = await (waiting?.during(coming) ?? coming);
    if (done === true) return;
    const rest = windows?.after(page) ?? null;
    if (rest === null) coming = asked(pages);
    yield page.entries;
    if (rest === null) {
      await windows?.proveIfDue();
    } else {
      const isAll = yield* rest;
      if (isAll) return;
      coming = asked(pages);
    }
  }
}

/** Asks for the next page. If its turn never comes, nobody hears of what goes wrong with it. */
function asked(pages: AsyncGenerator<ListPage, void>): Promise<IteratorResult<ListPage, void>> {
  const page = pages.next();
  page.catch(() => undefined);
  return page;
}
