import type { Settings } from '../environment.ts';
import { DateWindows } from './date-windows.ts';
import type { PageLogs } from './page-logs.ts';
import { DateLists, type GetPage, type ListPage } from './paging.ts';
import { type Waiting, WaitingTime } from './waiting-time.ts';

/** How the logs of a day are to be read. */
export interface ReadingManner {
  /** Decides when the rest of a long day is read as time windows, several at once; null: never. */
  readonly waiting: Waiting | null;
  /** Called with a sentence for the log if that was tried in vain. */
  readonly onNotice: (notice: string) => void;
}

/** How days are read, according to the settings. */
export function readingManner(
  { readInWindows }: Pick<Settings, 'readInWindows'>,
  onNotice: ReadingManner['onNotice'],
): ReadingManner {
  return { waiting: readInWindows ? new WaitingTime() : null, onNotice };
}

/**
 * Reads the logs of one UTC date, page by page as they come, newest first if SignalWire lists them so. A log at the
 * seam of two pages or windows may come twice.
 *
 * Reading begins with the pages of the whole date, and for most dates stays with them; the next page is requested while
 * one is processed. If many more pages are expected and the reader spends much time waiting for them, the rest may be
 * read as time windows, once these have been proved to hold what the pages would. If they turn out not to, paging goes
 * on where it stopped, and what the windows gave until then comes twice. When the reading ends, so do its requests.
 *
 * @param spaceUrl origin of the space
 * @param date UTC date, `YYYY-MM-DD`
 * @throws SignalWireInvalidResponseError if a page does not have the documented shape, or its `links.next` leads
 *   elsewhere, in a circle, or on and on. An error with a page is thrown when its turn comes
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

/** Asks for the next page. If its turn never comes, its errors are ignored. */
function asked(pages: AsyncGenerator<ListPage, void>): Promise<IteratorResult<ListPage, void>> {
  const page = pages.next();
  page.catch(() => undefined);
  return page;
}
