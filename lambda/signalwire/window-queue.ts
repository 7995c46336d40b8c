import { secondsOf, type Span } from './instants.ts';
import type { PageLogs } from './page-logs.ts';
import type { DateLists } from './paging.ts';
import { boundsAround, type Stretch, type WindowPage, windowPages, within } from './window.ts';

/** The most requests at a time. */
const MOST_IN_FLIGHT = 16;
/** The most pages that are in flight or wait for their turn, besides two of the window whose turn it is. */
const MOST_WAITING = 32;
/** The most pages expected before a requested window: there is no use in reading what is far from its turn. */
const MOST_AHEAD = 40;
/** The intended pages per window: the last page is seldom full, and a log too many costs one more request. */
const PAGES_A_WINDOW = 1.8;
/** A window that turns out to have more further pages than this is split. */
const MOST_FURTHER_PAGES = 2;
/** In seconds; shorter windows would consist mostly of the extra seconds at their ends. */
const SHORTEST_WINDOW = 5;
/** How many requests may bring little before windows count as a waste. */
const WASTED_REQUESTS = 64;

/** A part of the day that is being read. */
interface Window extends Stretch {
  readonly kind: 'window';
  readonly pages: AsyncGenerator<WindowPage, void>;
  /** Pages that were read and wait for their turn. */
  readonly held: PageLogs[];
  /** How many entries came, including those of the extra seconds at both ends. */
  count: number;
  state: 'idle' | 'asked' | 'done' | 'failed';
  error?: unknown;
}

/** A part of the day that has no windows yet. */
interface Remainder extends Stretch {
  readonly kind: 'remainder';
  /** How long its windows are to be, in seconds. */
  seconds: number;
}

/**
 * Reads a stretch of a day as windows, several at a time, and yields their entries newest window first. Windows are
 * made as they are needed, with a length based on the latest logs, and split if they turn out too full. The number of
 * waiting pages is bounded, so that memory does not grow with the day; p-map could only bound the number of windows.
 * Entries at the seam of a window that was split come twice.
 *
 * If windows bring little, the rest of the stretch is read as one window, so that there are never many times more
 * requests than paging would take.
 */
export class Windows {
  readonly #lists: DateLists;
  /** Newest first; it is the first one's turn. */
  readonly #queue: (Window | Remainder)[];
  readonly #inFlight = new Set<Promise<void>>();
  #requests = 0;
  #entries = 0;
  /** How many entries the fullest page had. */
  #pageSize: number;
  #isOver = false;

  /**
   * @param seen a page of the same list, just before the stretch, from which the length of the first windows is worked
   * out
   */
  constructor(lists: DateLists, stretch: Stretch, seen: { readonly entries: number; readonly span: Span }) {
    this.#lists = lists;
    this.#pageSize = seen.entries;
    this.#queue = [
      { kind: 'remainder', ...stretch, seconds: this.#rightLength(seen.entries, secondsOf(seen.span)) },
    ];
  }

  /**
   * @throws BoundsIgnoredError if windows turn out not to be trustworthy; what was yielded until then is right as far
   *   as it goes
   * @throws SignalWireInvalidResponseError and whatever getting a page throws, when its turn comes
   */
  async *read(): AsyncGenerator<PageLogs> {
    try {
      for (;;) {
        this.#ask();
        const head = this.#queue[0];
        if (head === undefined) return;
        const entries = head.kind === 'window' ? head.held.shift() : undefined;
        if (entries !== undefined) {
          yield entries;
        } else if (head.kind === 'window' && head.state === 'failed') {
          throw head.error;
        } else if (head.kind === 'window' && head.state === 'done') {
          this.#queue.shift();
        } else {
          await Promise.race(this.#inFlight);
        }
      }
    } finally {
      this.#isOver = true;
    }
  }

  /** Sends as many requests as may be in flight, for the newest windows first. */
  #ask(): void {
    while (!this.#isOver && this.#inFlight.size < MOST_IN_FLIGHT) {
      const index = this.#queue.findIndex((part) => part.kind === 'remainder' || part.state === 'idle');
      const part = this.#queue[index];
      if (part === undefined) return;
      // What comes next may always be requested, or the reading could get stuck.
      const isNext = index === 0 && (part.kind === 'remainder' || part.held.length < 2);
      const isTooMuch =
        this.#waiting + this.#inFlight.size >= MOST_WAITING || this.#pagesBefore(index) >= MOST_AHEAD;
      if (isTooMuch && !isNext) return;
      const window = part.kind === 'window' ? part : this.#carve(index, part);
      window.state = 'asked';
      this.#requests += 1;
      const answered = this.#receive(window).finally(() => {
        this.#inFlight.delete(answered);
        this.#ask();
      });
      this.#inFlight.add(answered);
    }
  }

  /** Waits for a window's next page. Never fails: an error is kept, and thrown when the window's turn comes. */
  async #receive(window: Window): Promise<void> {
    try {
      const { value: page } = await window.pages.next();
      if (page !== undefined && this.#queue.includes(window)) this.#take(window, page);
    } catch (error) {
      window.state = 'failed';
      window.error = error;
      // What comes after it will never be read.
      if (this.#queue.includes(window)) this.#queue.splice(this.#queue.indexOf(window) + 1);
    }
  }

  #take(window: Window, page: WindowPage): void {
    const { length } = page.entries;
    this.#entries += length;
    this.#pageSize = Math.max(this.#pageSize, length);
    window.count += length;
    const wanted = within(window, page);
    if (wanted.length > 0) window.held.push(wanted);
    else page.entries.release();
    window.state = page.isLast ? 'done' : 'idle';
    const { after, before } = boundsAround(window);
    if (page.isLast) this.#learn(window, (before - after) / 1000);
    else if (page.span !== null) this.#splitIfLong(window, length, page.span);
  }

  /** Takes the newest part of a remainder as a window. */
  #carve(index: number, { from, until, seconds }: Remainder): Window {
    const latest = Math.ceil(until / 1000) * 1000;
    const length = Math.round(seconds) * 1000;
    // A small rest would not be worth a window of its own, so it is included.
    const isWhole = this.#isWasteful || latest - 1.5 * length <= from;
    const stretch = { from: isWhole ? from : latest - length, until };
    const window: Window = {
      kind: 'window',
      ...stretch,
      pages: windowPages(this.#lists, boundsAround(stretch)),
      held: [],
      count: 0,
      state: 'idle',
    };
    const remainder: Remainder[] = isWhole ? [] : [{ kind: 'remainder', from, until: stretch.from, seconds }];
    this.#queue.splice(index, 1, window, ...remainder);
    return window;
  }

  /** If too much would follow, ends a window with the page that came last, and leaves the rest to other windows. */
  #splitIfLong(window: Window, entries: number, span: Span): void {
    const left = (span.oldest - window.from) / 1000;
    // Each split must advance by whole seconds, or two windows would ask for the same.
    if (this.#isWasteful || left < 2 * SHORTEST_WINDOW || span.oldest > window.until - 2000) return;
    const seconds = this.#rightLength(entries, secondsOf(span));
    if ((left / seconds) * PAGES_A_WINDOW <= MOST_FURTHER_PAGES) return;
    window.state = 'done';
    const rest: Remainder = { kind: 'remainder', from: window.from, until: span.oldest + 1, seconds };
    this.#queue.splice(this.#queue.indexOf(window) + 1, 0, rest);
  }

  /**
   * Adjusts the length of the next windows to a window that was read: the mean of the old length and the right one
   * here.
   */
  #learn(window: Window, seconds: number): void {
    const before = this.#queue.slice(this.#queue.indexOf(window)).find((part) => part.kind === 'remainder');
    if (before !== undefined)
      before.seconds = (before.seconds + this.#rightLength(window.count, seconds)) / 2;
  }

  /** How long windows should be, in seconds, given how many entries were found in how many seconds. */
  #rightLength(entries: number, seconds: number): number {
    const wished = PAGES_A_WINDOW * this.#pageSize;
    // Few entries mean little: an almost empty window makes the next ones longer, but not as long as the day.
    return Math.max(SHORTEST_WINDOW, (seconds * wished) / Math.max(entries, wished / 16));
  }

  /** How many pages are expected from what comes before a part of the queue. */
  #pagesBefore(index: number): number {
    return this.#queue.slice(0, index).reduce((sum, part) => {
      if (part.kind === 'remainder') {
        return sum + (PAGES_A_WINDOW * (part.until - part.from)) / 1000 / part.seconds;
      }
      return (
        sum + (part.state === 'done' ? part.held.length : Math.max(PAGES_A_WINDOW, part.held.length + 1))
      );
    }, 0);
  }

  /** How many pages have been read and wait for their turn. */
  get #waiting(): number {
    return this.#queue.reduce((sum, part) => sum + (part.kind === 'window' ? part.held.length : 0), 0);
  }

  get #isWasteful(): boolean {
    return this.#requests > WASTED_REQUESTS + (2 * this.#entries) / this.#pageSize;
  }
}
