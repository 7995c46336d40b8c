import { SignalWireRejectedError, SignalWireUnavailableError } from '../errors.ts';
import { secondsOf, type Span, spanOf } from './instants.ts';
import type { PageLogs } from './page-logs.ts';
import { BoundsIgnoredError, type DateLists, type ListPage } from './paging.ts';
import type { Waiting } from './waiting-time.ts';
import { proveWindows } from './window-proof.ts';
import { Windows } from './windows.ts';

/** So many pages are read one after another first, so that a day of few pages costs no request more than it has pages. */
const PAGES_FIRST = 3;
/** Fewer further pages than so many are not worth to be read as windows. */
const FEWEST_PAGES = 8;
/** As many logs as the API lists at least on a page that is not the last; fewer tell little of how dense a day is. */
const FEWEST_LOGS = 50;

/**
 * What is left of a date after a page, read as windows of time: where many pages are left, the reader waits much for
 * them, and windows were proved, by the first pages, to hold what pages would.
 */
export class DateWindows {
  readonly #lists: DateLists;
  readonly #waiting: Waiting;
  readonly #onNotice: (notice: string) => void;
  /** Kept until windows are proved by them. */
  readonly #firstPages: PageLogs[] = [];
  #state: 'unknown' | 'to be proved' | 'proved' | 'unusable' = 'unknown';

  /** @param onNotice is told, in a sentence for the log, where windows were tried in vain */
  constructor(lists: DateLists, waiting: Waiting, onNotice: (notice: string) => void) {
    this.#lists = lists;
    this.#waiting = waiting;
    this.#onNotice = onNotice;
  }

  /**
   * Looks at each page of the date that comes.
   *
   * @returns what follows it, with whether that was all; where it was not, the pages are to be read on. Null where
   *   they are anyway
   */
  after(page: ListPage): AsyncGenerator<PageLogs, boolean> | null {
    if (this.#state === 'unknown') this.#keepFirst(page);
    if (this.#state !== 'proved' || !this.#waiting.isMuch) return null;
    const span = spanBefore(page, this.#dayStart);
    return span === null ? null : this.#rest(page.entries.length, span);
  }

  /** Once the first pages have come, finds out whether windows can be used. @throws all that getting a page throws */
  async proveInTime(): Promise<void> {
    if (this.#state !== 'to be proved') return;
    const proving = new AbortController();
    try {
      const lists = this.#lists.until(proving.signal);
      await this.#waiting.during(proveWindows(lists, this.#dayStart, this.#firstPages));
      this.#state = 'proved';
    } catch (error) {
      this.#giveUp(error);
    } finally {
      proving.abort();
      for (const page of this.#firstPages.splice(0)) page.release();
    }
  }

  get #dayStart(): number {
    return Date.parse(this.#lists.date);
  }

  #keepFirst(page: ListPage): void {
    page.entries.keep();
    this.#firstPages.push(page.entries);
    if (this.#firstPages.length < PAGES_FIRST) return;
    const [first = page.entries] = this.#firstPages;
    const isLong = spanBefore(page, this.#dayStart) !== null;
    this.#state = isLong && spanOf(first) !== null ? 'to be proved' : 'unusable';
  }

  async *#rest(entries: number, span: Span): AsyncGenerator<PageLogs, boolean> {
    const reading = new AbortController();
    try {
      const stretch = { from: this.#dayStart, until: span.oldest + 1 };
      yield* new Windows(this.#lists.until(reading.signal), stretch, { entries, span }).read();
      return true;
    } catch (error) {
      this.#giveUp(error);
      return false;
    } finally {
      reading.abort();
    }
  }

  /** @throws the error, where it tells nothing against windows */
  #giveUp(error: unknown): void {
    const reason = reasonAgainstWindows(error);
    if (reason === null) throw error;
    this.#state = 'unusable';
    this.#onNotice(
      `The video logs of ${this.#lists.date} are read page by page, not in windows of time: ${reason}. The report is the same, ` +
        'and takes longer to make. Nothing is to be done; to have windows tried no more, set readInWindows to false (READ_IN_WINDOWS).',
    );
  }
}

/** A page's span. @returns null where too little is left of the day before it, or it tells nothing of that */
function spanBefore({ entries, isLast }: ListPage, dayStart: number): Span | null {
  const span = isLast || entries.length < FEWEST_LOGS ? null : spanOf(entries);
  if (span === null || (span.oldest - dayStart) / 1000 < FEWEST_PAGES * secondsOf(span)) return null;
  return span;
}

/** What an error may tell against windows; null where it tells nothing about them. One of SignalWire as a whole comes again. */
function reasonAgainstWindows(error: unknown): string | null {
  if (error instanceof BoundsIgnoredError) return error.message;
  if (error instanceof SignalWireRejectedError) return 'SignalWire refused to be asked for one';
  if (error instanceof SignalWireUnavailableError)
    return 'SignalWire did not answer so many requests at once';
  return null;
}
