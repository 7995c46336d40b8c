import { performance } from 'node:perf_hooks';

/** A period in which it shows how much a reader waits. */
const PERIOD_MS = 100;
/** The part of a period from which on it is much. */
const MUCH = 1 / 3;

/** How much of its time a reader waits for pages. */
export interface Waiting {
  /** Waits for a page. */
  during<Page>(page: Promise<Page>): Promise<Page>;
  /** Whether it lately took so much of the time that it pays to have more pages on their way. */
  readonly isMuch: boolean;
}

/** Milliseconds since some instant. */
export interface ProcessClock {
  /** All of them. */
  now(): number;
  /** Those in which the process had nothing to do. */
  idle(): number;
}

const PROCESS_CLOCK: ProcessClock = {
  now: () => performance.now(),
  idle: () => performance.eventLoopUtilization().idle,
};

/** Measures it. Time in which the process had anything to do meanwhile does not count. */
export class WaitingTime implements Waiting {
  /** Of the last whole period. */
  isMuch = false;
  readonly #clock: ProcessClock;
  /** Of this period. */
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
