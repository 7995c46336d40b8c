import { READ_AGAIN_LATER, SignalWireInvalidResponseError } from '../errors.ts';
import { toWholeSeconds } from '../whole-seconds.ts';
import type { LogsPage, UnreadablePage } from './page-reader.ts';
import type { PageLogs } from './page-logs.ts';

const LOGS_PATH = '/api/video/logs';
/** The most logs that the API lists at once. */
const PAGE_SIZE = 1000;
const MOST_PAGES = 100_000;

/** Gets one page; the signal aborts that, including retries and waits. */
export type GetPage = (url: URL, signal?: AbortSignal) => Promise<LogsPage | UnreadablePage>;

/** One page of a list. */
export interface ListPage {
  readonly entries: PageLogs;
  /** Whether no further page follows. */
  readonly isLast: boolean;
}

/** The instants between which a list is to hold logs. */
export interface Bounds {
  /** Whole seconds, as milliseconds since the epoch; null: from the beginning. */
  readonly after: number | null;
  readonly before: number;
}

/** SignalWire does not treat `created_after` and `created_before` as expected. */
export class BoundsIgnoredError extends Error {}

/** The lists of one UTC date: of the whole date, or of the part between bounds. */
export class DateLists {
  readonly #getPage: GetPage;
  readonly #spaceUrl: string;
  /** UTC date, `YYYY-MM-DD`. */
  readonly date: string;
  /** The pages of all lists, so that the limits for one list can't be evaded with several. */
  readonly #visited: Set<string>;

  constructor(getPage: GetPage, spaceUrl: string, date: string, visited = new Set<string>()) {
    this.#getPage = getPage;
    this.#spaceUrl = spaceUrl;
    this.date = date;
    this.#visited = visited;
  }

  /** The same lists, with requests that a signal aborts. */
  until(signal: AbortSignal): DateLists {
    return new DateLists((url) => this.#getPage(url, signal), this.#spaceUrl, this.date, this.#visited);
  }

  /**
   * Reads all pages of a list one after another, requesting each when it is wanted.
   *
   * @param bounds null: the whole date
   * @throws SignalWireInvalidResponseError if a page does not have the documented shape, or its `links.next` leads
   *   elsewhere, in a circle, or on and on
   * @throws BoundsIgnoredError if `links.next` does not keep the bounds
   */
  async *pages(bounds: Bounds | null): AsyncGenerator<ListPage, void> {
    const { date } = this;
    let url: URL | null = firstPage(this.#spaceUrl, date, bounds);
    while (url !== null) {
      const address = addressOf(url);
      if (this.#visited.has(address)) {
        throw broken(date, `the link to the next page leads back to ${url.search}`);
      }
      if (this.#visited.size === MOST_PAGES) throw broken(date, `there are more than ${MOST_PAGES} pages`);
      this.#visited.add(address);

      const page = await this.#getPage(url);
      if ('problem' in page) throw broken(date, `a page does not have the expected shape: ${page.problem}`);
      yield { entries: page.logs, isLast: page.next === null };
      url = nextPage(page.next, url, date);
    }
  }
}

function firstPage(spaceUrl: string, date: string, bounds: Bounds | null): URL {
  const url = new URL(LOGS_PATH, spaceUrl);
  url.searchParams.set('created_on', date);
  url.searchParams.set('include_deleted', 'true');
  url.searchParams.set('page_size', String(PAGE_SIZE));
  if (bounds === null) return url;
  const { after, before } = bounds;
  if (after !== null) url.searchParams.set('created_after', toWholeSeconds(after));
  url.searchParams.set('created_before', toWholeSeconds(before));
  return url;
}

/**
 * The URL of the next page. The request to it carries the credentials, so it may only lead to the same list of the
 * same day.
 */
function nextPage(next: string | null, current: URL, date: string): URL | null {
  if (next === null) return null;
  // The URL standard turns backslashes into slashes and drops line breaks: `/\example.org` means another host. The API
  // would not send a link that needs such repair, or one that names a host after two slashes.
  const malformed = /[\s\\]/.test(next) || next.startsWith('//');
  const url = malformed ? null : URL.parse(next, current);
  if (url === null) throw broken(date, 'the link to the next page is not a URL that can be followed');
  if (url.origin !== current.origin || url.username !== '' || url.password !== '') {
    throw broken(date, 'the link to the next page leads to another server');
  }
  if (url.pathname !== LOGS_PATH) throw broken(date, 'the link to the next page leads to another path');
  if (url.searchParams.getAll('created_on').join() !== date) {
    throw broken(date, 'the link to the next page does not keep created_on');
  }
  for (const bound of ['created_after', 'created_before']) {
    const asked = current.searchParams.get(bound);
    if (asked !== null && url.searchParams.getAll(bound).join() !== asked) {
      throw new BoundsIgnoredError(`the link to the next page does not keep ${bound}`);
    }
  }
  return url;
}

/** Equal for two URLs that ask for the same page, whatever the order of their parameters. */
function addressOf(url: URL): string {
  const parameters = new URLSearchParams(url.searchParams);
  parameters.sort();
  return parameters.toString();
}

function broken(date: string, what: string): SignalWireInvalidResponseError {
  return new SignalWireInvalidResponseError(
    `SignalWire's list of the video logs of ${date} can't be trusted: ${what}. ${READ_AGAIN_LATER} ` +
      'If it fails too, show this message to SignalWire support.',
  );
}
