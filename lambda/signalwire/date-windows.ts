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

/** So many pages are read one after another first, so that a day of few pages costs no request more than it has pages. */
const PAGES_FIRST = 3;
/** Fewer further pages than so many are not worth to be read as windows. */
const FEWEST_PAGES = 8;
/** As many logs as the API lists at least on a page that is not the last; fewer tell little of how dense a day is. */
const FEWEST_LOGS = 50;

/**
 * What is left of a date after a page, read as windows of time: where many pages are left, the reader waits much for
 * them, all came newest first, and windows were proved, by the first pages, to hold what pages would.
 */
export class DateWindows {
  readonly #lists: DateLists;
  readonly #waiting: Waiting;
  readonly #onNotice: (notice: string) => void;
  /** Kept until windows are proved by them. */
  readonly #firstPages: PageLogs[] = [];
  #state: 'unknown' | 'to be proved' | 'proved' | 'unusable' = 'unknown';
  /** The oldest instant on the pages so far, and on those before the last one. */
  #oldest = Infinity;
  #oldestBefore = Infinity;

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
    if (this.#state === 'unusable') return null;
    const span = this.#inOrder(page.entries);
    if (span === null) {
      this.#give('unusable');
      return null;
    }
    const isLong = this.#isLongBefore(page, span);
    if (this.#state === 'unknown') this.#keepFirst(page.entries, isLong);
    return this.#state === 'proved' && this.#waiting.isMuch && isLong
      ? this.#rest({ entries: page.entries.length, span })
      : null;
  }

  /** Once the first pages have come, finds out whether windows can be used. @throws all that getting a page throws */
  async proveIfDue(): Promise<void> {
    if (this.#state !== 'to be proved') return;
    const proving = new AbortController();
    try {
      const lists = this.#lists.until(proving.signal);
      await this.#waiting.during(proveWindows(lists, this.#dayStart, this.#firstPages));
      this.#give('proved');
    } catch (error) {
      this.#giveUp(error);
    } finally {
      proving.abort();
    }
  }

  get #dayStart(): number {
    return Date.parse(this.#lists.date);
  }

  /** Null where a page does not go on newest first: what is listed too late would stand in no window. */
  #inOrder(entries: PageLogs): Span | null {
    const span = timeSpanOf(entries);
    if (span === null || span.newest > this.#oldest) return null;
    this.#oldestBefore = this.#oldest;
    this.#oldest = span.oldest;
    return span;
  }

  /** Whether many pages are to be expected after one. */
  #isLongBefore({ entries, isLast }: ListPage, span: Span): boolean {
    const left = (span.oldest - this.#dayStart) / 1000;
    return !isLast && entries.length >= FEWEST_LOGS && left >= FEWEST_PAGES * secondsOf(span);
  }

  #keepFirst(entries: PageLogs, isLong: boolean): void {
    entries.keep();
    this.#firstPages.push(entries);
    if (this.#firstPages.length < PAGES_FIRST) return;
    if (isLong) this.#state = 'to be proved';
    else this.#give('unusable');
  }

  /** What is known by now, so that the first pages are needed no more. */
  #give(state: 'proved' | 'unusable'): void {
    this.#state = state;
    for (const page of this.#firstPages.splice(0)) page.release();
  }

  /** From where the last page begins, so that a log which stands one page too low in the list is not missed. */
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

  /** @throws the error, where it tells nothing against windows */
  #giveUp(error: unknown): void {
    this.#give('unusable');
    const reason = reasonAgainstWindows(error);
    if (reason === null) throw error;
    this.#onNotice(
      `The video logs of ${this.#lists.date} are read page by page, not in windows of time: ${reason}. The report is the same; ` +
        'where SignalWire is slow, it takes longer to make. Nothing is to be done; to have windows tried no more, set ' +
        'readInWindows to false (READ_IN_WINDOWS).',
    );
  }
}

/** What an error may tell against windows; null where it tells nothing about them. One of SignalWire as a whole comes again. */
function reasonAgainstWindows(error: unknown): string | null {
  if (error instanceof BoundsIgnoredError) return error.message;
  if (error instanceof SignalWireRejectedError) return 'SignalWire refused to be asked for one';
  if (error instanceof SignalWireInvalidResponseError)
    return 'what SignalWire answered for one can’t be used';
  if (error instanceof SignalWireUnavailableError)
    return 'SignalWire did not answer so many requests at once';
  return null;
}
