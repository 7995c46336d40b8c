import { performance } from 'node:perf_hooks';

/** Before it is known how long SignalWire takes to answer. */
const FIRST = 2;
/** No more, however slow it is. */
const MOST = 16;
/** As many milliseconds of waiting, in which nothing else was to be done, are worth more requests at a time. */
const PATIENCE_MS = 5;

/**
 * How many requests are on their way at a time. It begins with few: pages that come side by side, sooner than they are
 * worked on, only take memory, and time for being out of the processor's cache. Each time the reader has waited, doing
 * nothing, for the page whose turn it is, they become twice as many.
 */
export class RequestsAtOnce {
  #now: number;

  /** @param first how many there may be at first */
  constructor(first = FIRST) {
    this.#now = first;
  }

  get most(): number {
    return this.#now;
  }

  /**
   * Waits for pages.
   *
   * @param onMore called whenever more requests have become allowed meanwhile
   */
  async whileWaiting(pages: Promise<unknown>, onMore: () => void): Promise<void> {
    let since = performance.eventLoopUtilization();
    const timer = setInterval(() => {
      if (performance.eventLoopUtilization(since).idle < PATIENCE_MS) return;
      since = performance.eventLoopUtilization();
      this.#now = Math.min(2 * this.#now, MOST);
      onMore();
    }, PATIENCE_MS);
    try {
      await pages;
    } finally {
      clearInterval(timer);
    }
  }
}
