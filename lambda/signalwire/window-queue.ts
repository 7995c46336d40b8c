import { secondsOf, type Span } from './instants.ts';
import type { PageLogs } from './page-logs.ts';
import type { DateLists } from './paging.ts';
import { boundsAround, type Stretch, type WindowPage, windowPages, within } from './window.ts';

/** Requests at a time. */
const MOST_IN_FLIGHT = 16;
/** Pages that are in flight or wait for their turn, beside two of the window whose turn it is. */
const MOST_WAITING = 32;
/** Pages to be expected before a window that is asked for: no use in reading what is far from its turn. */
const MOST_AHEAD = 40;
/** How many pages a window is meant to have: the last one is seldom full, and one too full costs a request more. */
const PAGES_A_WINDOW = 1.8;
/** A window that turns out to have more than so many further pages is split. */
const MOST_FURTHER_PAGES = 2;
/** In seconds; shorter ones would consist of their slack. */
const SHORTEST_WINDOW = 5;
/** So many requests may bring little before windows count as a waste. */
const WASTED_REQUESTS = 64;

/** Part of the day that is being read. */
interface Window extends Stretch {
  readonly kind: 'window';
  readonly pages: AsyncGenerator<WindowPage, void>;
  /** What was read and waits for its turn. */
  readonly held: PageLogs[];
  /** Entries that came, the slack's included. */
  count: number;
  state: 'idle' | 'asked' | 'done' | 'failed';
  error?: unknown;
}

/** Part of the day that no window was made for yet. */
interface Remainder extends Stretch {
  readonly kind: 'remainder';
  /** How long its windows are to be. */
  seconds: number;
}

/**
 * Reads a stretch of a day as windows, several at a time, and gives their entries newest window first. Windows are made
 * as they are needed, as long as the logs lately seen suggest, and split where they turn out too full. What waits for
 * its turn is bounded, so that memory does not grow with the day: this is why pages and not windows are counted, which
 * p-map could do. Entries at the seam of a window that was split come twice.
 *
 * Where windows bring little, the rest of the stretch is read as one: so the requests never are many times those that
 * paging takes.
 */
export class Windows {
  readonly #lists: DateLists;
  /** Newest first; the first one is the one whose turn it is. */
  readonly #queue: (Window | Remainder)[];
  readonly #inFlight = new Set<Promise<void>>();
  #requests = 0;
  #entries = 0;
  /** As many entries as the fullest page had. */
  #pageSize: number;
  #isOver = false;

  /** @param seen a page of the same list, just before the stretch, by which the first windows are measured */
  constructor(lists: DateLists, stretch: Stretch, seen: { readonly entries: number; readonly span: Span }) {
    this.#lists = lists;
    this.#pageSize = seen.entries;
    this.#queue = [
      { kind: 'remainder', ...stretch, seconds: this.#rightLength(seen.entries, secondsOf(seen.span)) },
    ];
  }

  /**
   * @throws BoundsIgnoredError where it turns out that windows can't be trusted; what was given until then is right,
   *   as far as it goes
   * @throws SignalWireInvalidResponseError and all that getting a page throws, when its turn comes
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

  /** Sends as many requests as may be on their way, for the newest windows first. */
  #ask(): void {
    while (!this.#isOver && this.#inFlight.size < MOST_IN_FLIGHT) {
      const index = this.#queue.findIndex((part) => part.kind === 'remainder' || part.state === 'idle');
      const part = this.#queue[index];
      if (part === undefined) return;
      // What comes next may always be asked for, or nothing would ever go on.
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

  /** Waits for a window's next page; never fails, as the window tells of it when its turn comes. */
  async #receive(window: Window): Promise<void> {
    try {
      const { value: page } = await window.pages.next();
      if (page !== undefined && this.#queue.includes(window)) this.#take(window, page);
    } catch (error) {
      window.state = 'failed';
      window.error = error;
      // Nobody will want what comes after it.
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
    // What would be left over as a scrap is taken, too.
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

  /** Ends a window with the page that came last, where too much would follow, and leaves the rest to other windows. */
  #splitIfLong(window: Window, entries: number, span: Span): void {
    const left = (span.oldest - window.from) / 1000;
    // Each split must come on by whole seconds, or two windows would ask for the same.
    if (this.#isWasteful || left < 2 * SHORTEST_WINDOW || span.oldest > window.until - 2000) return;
    const seconds = this.#rightLength(entries, secondsOf(span));
    if ((left / seconds) * PAGES_A_WINDOW <= MOST_FURTHER_PAGES) return;
    window.state = 'done';
    const rest: Remainder = { kind: 'remainder', from: window.from, until: span.oldest + 1, seconds };
    this.#queue.splice(this.#queue.indexOf(window) + 1, 0, rest);
  }

  /** Measures the next windows of the time before by a window that was read: half as until now, half as was right here. */
  #learn(window: Window, seconds: number): void {
    const before = this.#queue.slice(this.#queue.indexOf(window)).find((part) => part.kind === 'remainder');
    if (before !== undefined)
      before.seconds = (before.seconds + this.#rightLength(window.count, seconds)) / 2;
  }

  /** How long windows are to be, by how many entries were found in how many seconds. */
  #rightLength(entries: number, seconds: number): number {
    const wished = PAGES_A_WINDOW * this.#pageSize;
    // Few entries tell little: next to nothing in a window makes the next ones longer, not as long as the day.
    return Math.max(SHORTEST_WINDOW, (seconds * wished) / Math.max(entries, wished / 16));
  }

  /** How many pages are to be expected of what comes before a part of the queue. */
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

  /** How many pages were read and wait for their turn. */
  get #waiting(): number {
    return this.#queue.reduce((sum, part) => sum + (part.kind === 'window' ? part.held.length : 0), 0);
  }

  get #isWasteful(): boolean {
    return this.#requests > WASTED_REQUESTS + (2 * this.#entries) / this.#pageSize;
  }
}
