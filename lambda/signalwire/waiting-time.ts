import { performance } from 'node:perf_hooks';

/** So many milliseconds tell how much a reader waits. */
const PERIOD_MS = 100;
/** The part of a period that is much. */
const MUCH = 1 / 3;

/** How much of its time a reader waits for pages. */
export interface Waiting {
  /** Waits for a page. */
  during<Page>(page: Promise<Page>): Promise<Page>;
  /** Whether it lately took so much of the time that it pays to have more pages on their way. */
  readonly isMuch: boolean;
}

/** Measures it. Time in which the process had anything to do meanwhile does not count. */
export class WaitingTime implements Waiting {
  /** Of the last whole period. */
  isMuch = false;
  /** Of this period. */
  #idleMs = 0;
  #began = performance.now();

  async during<Page>(page: Promise<Page>): Promise<Page> {
    const before = performance.eventLoopUtilization().idle;
    try {
      return await page;
    } finally {
      this.#idleMs += performance.eventLoopUtilization().idle - before;
      this.#judge();
    }
  }

  #judge(): void {
    const now = performance.now();
    if (now - this.#began < PERIOD_MS) return;
    this.isMuch = this.#idleMs > MUCH * (now - this.#began);
    this.#idleMs = 0;
    this.#began = now;
  }
}
