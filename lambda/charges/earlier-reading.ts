import type { VideoLog } from '../signalwire/video-log.ts';
import type { ArchivedLog } from './archived-logs.ts';
import { compareLogs } from './log-order.ts';

/** What an earlier reading left in the archive, gone through once, in step with the logs of a new reading. */
export class EarlierReading {
  /** Number of the revision that holds it: the last that saw the logs which are no longer listed. */
  readonly revision: number;
  readonly #portions: AsyncIterator<readonly ArchivedLog[]>;
  #logs: readonly ArchivedLog[] = [];
  #at = 0;

  /** @param portions of its logs, in the archive's order */
  constructor(revision: number, portions: AsyncIterable<readonly ArchivedLog[]>) {
    this.revision = revision;
    this.#portions = portions[Symbol.asyncIterator]();
  }

  /** The next log; undefined if only `more` can find out whether there is one. */
  get next(): ArchivedLog | undefined {
    return this.#logs[this.#at];
  }

  skip(): void {
    this.#at += 1;
  }

  /** @returns whether there is a next log */
  async more(): Promise<boolean> {
    while (this.next === undefined) {
      const portion = await this.#portions.next();
      if (portion.done === true) return false;
      this.#logs = portion.value;
      this.#at = 0;
    }
    return true;
  }

  /** Stops reading the archive. */
  async close(): Promise<void> {
    await this.#portions.return?.();
  }

  /** Moves logs whose time of creation differs from the archived one to where they now belong in the order. */
  async alignTo(logs: readonly VideoLog[]): Promise<void> {
    const createdAt = new Map(logs.map((log) => [log.id, log.createdAt]));
    const all: ArchivedLog[] = [];
    while (await this.more()) {
      for (const log of this.#logs.slice(this.#at)) {
        all.push({ ...log, createdAt: createdAt.get(log.id) ?? log.createdAt });
      }
      this.#at = this.#logs.length;
    }
    this.#logs = all.sort(compareLogs);
    this.#at = 0;
  }
}
