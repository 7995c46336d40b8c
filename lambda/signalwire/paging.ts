import { SignalWireInvalidResponseError } from '../errors.ts';
import type { LogsPage, UnreadablePage } from './logs-page.ts';

const LOGS_PATH = '/api/video/logs';
/** As many as the API gives at once. */
const PAGE_SIZE = 1000;
const MOST_PAGES = 100_000;

/** Gets one page. */
export type GetPage = (url: URL) => Promise<LogsPage | UnreadablePage>;

/**
 * Reads all pages of one UTC date, one after another, and gives their logs page by page as they come.
 *
 * @param spaceUrl origin of the space
 * @param date UTC date, `YYYY-MM-DD`
 * @throws SignalWireInvalidResponseError where a page has not the documented shape, or its `links.next` leads
 *   astray, in a circle, or on and on
 */
export async function* readPages(
  getPage: GetPage,
  spaceUrl: string,
  date: string,
): AsyncGenerator<LogsPage['logs']> {
  const visited = new Set<string>();
  let url: URL | null = firstPage(spaceUrl, date);
  while (url !== null) {
    const address = addressOf(url);
    if (visited.has(address)) throw broken(date, `the link to the next page leads back to ${url.search}`);
    if (visited.size === MOST_PAGES) throw broken(date, `there are more than ${MOST_PAGES} pages`);
    visited.add(address);

    const page = await getPage(url);
    if ('problem' in page) throw broken(date, `a page has not the expected shape: ${page.problem}`);
    yield page.logs;
    url = nextPage(page.next, url, date);
  }
}

function firstPage(spaceUrl: string, date: string): URL {
  const url = new URL(LOGS_PATH, spaceUrl);
  url.search = new URLSearchParams({
    created_on: date,
    include_deleted: 'true',
    page_size: String(PAGE_SIZE),
  }).toString();
  return url;
}

/**
 * Where `links.next` leads. The request to it bears the credentials, so it may lead nowhere but to the same list
 * of the same day.
 */
function nextPage(next: string | null, current: URL, date: string): URL | null {
  if (next === null) return null;
  // Browsers' rules for URLs turn backslashes into slashes and drop line breaks: `/\example.org` is another host.
  // A link that needs such mending, or hides a host behind two slashes, is none that the API would send.
  const malformed = /[\s\\]/.test(next) || next.startsWith('//');
  const url = malformed ? null : URL.parse(next, current);
  if (url === null) throw broken(date, 'the link to the next page is no URL that can be followed');
  if (url.origin !== current.origin || url.username !== '' || url.password !== '') {
    throw broken(date, 'the link to the next page leads to another server');
  }
  if (url.pathname !== LOGS_PATH) throw broken(date, 'the link to the next page leads to another path');
  if (url.searchParams.getAll('created_on').join() !== date) {
    throw broken(date, 'the link to the next page does not keep created_on');
  }
  return url;
}

/** The same for two URLs that ask for the same page, whatever the order of their parameters. */
function addressOf(url: URL): string {
  const parameters = new URLSearchParams(url.searchParams);
  parameters.sort();
  return parameters.toString();
}

function broken(date: string, what: string): SignalWireInvalidResponseError {
  return new SignalWireInvalidResponseError(
    `SignalWire's list of the video logs of ${date} can't be trusted: ${what}. Nothing of the day was stored or mailed. ` +
      'The next run reads the day again; if it fails too, show this message to SignalWire support.',
  );
}
