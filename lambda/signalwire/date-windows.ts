import {
  SignalWireInvalidResponseError,
  SignalWireRejectedError,
  SignalWireUnavailableError,
} from '../errors.ts';
import { secondsOf, type Span, timeSpanOf } from './instants.ts';
import type { PageLogs } from './page-logs.ts';
import { BoundsIgnoredError, type DateLists, type ListPage } from './paging.ts';
import type { Waiting } from './waiting-time.ts';
import { proveWindows } from './window-proof.ts';
import { Windows } from './window-queue.ts';

/** How many pages are read one by one first, so that a day of few pages costs no more requests than it has pages. */
const PAGES_FIRST = 3;
/** How many further pages must be expected for windows to be worth it. */
const FEWEST_PAGES = 8;
/** The API lists at least this many logs on a page that is not the last; fewer say little about how dense a day is. */
const FEWEST_LOGS = 50;

/**
 * Reads what is left of a date after a page as time windows, under these conditions: many pages are left, the reader
 * spends much time waiting for them, all logs so far came newest first, and the first pages have proved that windows
 * hold what pages would.
 */
export class DateWindows {
  readonly #lists: DateLists;
  readonly #waiting: Waiting;
  readonly #onNotice: (notice: string) => void;
  /** Kept until it is known whether windows can be used. */
  readonly #firstPages: PageLogs[] = [];
  #state: 'unknown' | 'to be proved' | 'proved' | 'unusable' = 'unknown';
  /** The oldest instant on the pages so far, and on those before the last one. */
  #oldest = Infinity;
  #oldestBefore = Infinity;

  /** @param onNotice called with a sentence for the log if windows were tried in vain */
  constructor(lists: DateLists, waiting: Waiting, onNotice: (notice: string) => void) {
    this.#lists = lists;
    this.#waiting = waiting;
    this.#onNotice = onNotice;
  }

  /**
   * Must be called with each page of the date.
   *
   * @returns the remaining pages, read as windows, ending in whether they were complete; null to keep paging
   */
  after(page: ListPage): AsyncGenerator<PageLogs, boolean> | null {
    if (this.#state === 'unusable') return null;
    const span = this.#inOrder(page.entries);
    if (span === null) {
      this.#settle('unusable');
      return null;
    }
    const isLong = this.#isLongBefore(page, span);
    if (this.#state === 'unknown') this.#keepFirst(page.entries, isLong);
    return this.#state === 'proved' && this.#waiting.isMuch && isLong
      ? this.#rest({ entries: page.entries.length, span })
      : null;
  }

  /** Once the first pages have come, finds out whether windows can be used. @throws whatever getting a page throws */
  async proveIfDue(): Promise<void> {
    if (this.#state !== 'to be proved') return;
    const proving = new AbortController();
    try {
      const lists = this.#lists.until(proving.signal);
      await this.#waiting.during(proveWindows(lists, this.#dayStart, this.#firstPages));
      this.#settle('proved');
    } catch (error) {
      this.#giveUp(error);
    } finally {
      proving.abort();
    }
  }

  get #dayStart(): number {
    return Date.parse(this.#lists.date);
  }

  /** Null if a page does not continue newest first: a log that is listed too late would be in no window. */
  #inOrder(entries: PageLogs): Span | null {
    const span = timeSpanOf(entries);
    if (span === null || span.newest > this.#oldest) return null;
    this.#oldestBefore = this.#oldest;
    this.#oldest = span.oldest;
    return span;
  }

  /** Whether many pages are expected after this one. */
  #isLongBefore({ entries, isLast }: ListPage, span: Span): boolean {
    const left = (span.oldest - this.#dayStart) / 1000;
    return !isLast && entries.length >= FEWEST_LOGS && left >= FEWEST_PAGES * secondsOf(span);
  }

  #keepFirst(entries: PageLogs, isLong: boolean): void {
    entries.keep();
    this.#firstPages.push(entries);
    if (this.#firstPages.length < PAGES_FIRST) return;
    if (isLong) this.#state = 'to be proved';
    else this.#settle('unusable');
  }

  /** Records whether windows can be used, and lets go of the first pages, which are no longer needed. */
  #settle(state: 'proved' | 'unusable'): void {
    this.#state = state;
    for (const page of this.#firstPages.splice(0)) page.release();
  }

  /** Reads from where the last page begins, so that a log which is listed one page too late is not missed. */
  async *#rest(seen: { readonly entries: number; readonly span: Span }): AsyncGenerator<PageLogs, boolean> {
    const reading = new AbortController();
    try {
      const stretch = { from: this.#dayStart, until: this.#oldestBefore + 1 };
      yield* new Windows(this.#lists.until(reading.signal), stretch, seen).read();
      return true;
    } catch (error) {
      this.#giveUp(error);
      return false;
    } finally {
      reading.abort();
    }
  }

  /** @throws the error, unless it is a reason not to use windows */
  #giveUp(error: unknown): void {
    this.#settle('unusable');
    const reason = reasonAgainstWindows(error);
    if (reason === null) throw error;
    this.#onNotice(
      `The video logs of ${this.#lists.date} are read page by page, not in time windows: ${reason}. The report is the ` +
        'same; if SignalWire is slow, it takes longer to make. No action is needed; to stop trying windows, set ' +
        'readInWindows to false (READ_IN_WINDOWS).',
    );
  }
}

/**
 * Why an error rules out windows; null if it doesn't. A failure of SignalWire as a whole will show again when paging.
 */
function reasonAgainstWindows(error: unknown): string | null {
  if (error instanceof BoundsIgnoredError) return error.message;
  if (error instanceof SignalWireRejectedError) return 'SignalWire refused a request for one';
  if (error instanceof SignalWireInvalidResponseError)
    return "SignalWire's answer to a request for one can't be used";
  if (error instanceof SignalWireUnavailableError)
    return 'SignalWire did not answer that many requests at once';
  return null;
}
