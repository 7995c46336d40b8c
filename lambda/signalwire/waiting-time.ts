import { performance } from 'node:perf_hooks';

/** The time over which the share of waiting is measured. */
const PERIOD_MS = 100;
/** The share of a period above which waiting counts as much. */
const MUCH = 1 / 3;

/** How much of its time a reader spends waiting for pages. */
export interface Waiting {
  /** Waits for a page. */
  during<Page>(page: Promise<Page>): Promise<Page>;
  /** Whether waiting lately took so much of the time that requesting more pages at once pays off. */
  readonly isMuch: boolean;
}

/** Milliseconds since some instant. */
export interface ProcessClock {
  /** All milliseconds. */
  now(): number;
  /** Those in which the process had nothing to do. */
  idle(): number;
}

const PROCESS_CLOCK: ProcessClock = {
  now: () => performance.now(),
  idle: () => performance.eventLoopUtilization().idle,
};

/** Measures the waiting. Time in which the process had anything else to do meanwhile does not count. */
export class WaitingTime implements Waiting {
  /** For the last whole period. */
  isMuch = false;
  readonly #clock: ProcessClock;
  /** In the current period. */
  #idleMs = 0;
  #began: number;

  constructor(clock = PROCESS_CLOCK) {
    this.#clock = clock;
    this.#began = clock.now();
  }

  async during<Page>(page: Promise<Page>): Promise<Page> {
    const before = this.#clock.idle();
    try {
      return await page;
    } finally {
      this.#idleMs += this.#clock.idle() - before;
      this.#judge();
    }
  }

  #judge(): void {
    const now = this.#clock.now();
    if (now - this.#began < PERIOD_MS) return;
    this.isMuch = this.#idleMs > MUCH * (now - this.#began);
    this.#idleMs = 0;
    this.#began = now;
  }
}
