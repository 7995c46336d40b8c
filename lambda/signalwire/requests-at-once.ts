import { performance } from 'node:perf_hooks';

/** Before it is known how long SignalWire takes to answer. */
const FIRST = 2;
/** No more, however slow it is. */
const MOST = 16;
/** So many milliseconds tell whether the reader mostly waits. */
const PERIOD_MS = 10;

/**
 * How many requests are on their way at a time. It begins with few: pages that come side by side, sooner than they are
 * worked on, only take memory, and time for being out of the processor's cache. After each period in more than half of
 * which the reader waited for pages, and the process had nothing else to do either, they become twice as many.
 */
export class RequestsAtOnce {
  #now: number;
  /** Of this period: milliseconds of such waiting, and when it began. */
  #idleMs = 0;
  #began = performance.now();

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
    let before = performance.eventLoopUtilization();
    const judge = (): void => {
      const now = performance.eventLoopUtilization();
      this.#idleMs += now.idle - before.idle;
      before = now;
      if (this.#grows()) onMore();
    };
    const timer = setInterval(judge, PERIOD_MS);
    try {
      await pages;
    } finally {
      clearInterval(timer);
      judge();
    }
  }

  /** At the end of a period, whether there may be more requests from now on. */
  #grows(): boolean {
    const lasted = performance.now() - this.#began;
    if (lasted < PERIOD_MS) return false;
    const grows = this.#idleMs > lasted / 2 && this.#now < MOST;
    if (grows) this.#now = Math.min(2 * this.#now, MOST);
    this.#idleMs = 0;
    this.#began = performance.now();
    return grows;
  }
}
