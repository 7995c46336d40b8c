import type { VideoLog } from '../signalwire/video-log.ts';
import { compareText } from './room-charges.ts';

// Between one and two of these wait, in pages of a thousand logs.
const KEPT_BACK = 2000;
/** So many places a log may stand from where it belongs and still be moved there by itself. */
const NEAR = 64;

/** A log came after others that it belongs before had been handed on. */
export class OutOfOrderError extends Error {}

/**
 * Puts a day's logs in the archive's order as they come: newest first, then by id. SignalWire lists the newest first, so
 * that a log's place is known as soon as some older ones have come, and few are ever held. A list that turns out to be
 * in another order is held to its end.
 */
export class LogOrder {
  readonly #waiting: VideoLog[] = [];
  #isSorted = true;
  #holdsAll: boolean;
  #last: VideoLog | null = null;

  /** @param holdsAll to hold every log to the end, whatever the order */
  constructor(holdsAll: boolean) {
    this.#holdsAll = holdsAll;
  }

  /** @throws OutOfOrderError */
  add(log: VideoLog): void {
    if (this.#last !== null && compareLogs(log, this.#last) < 0) throw new OutOfOrderError();
    const waiting = this.#waiting;
    let place = waiting.length;
    const nearest = Math.max(0, place - NEAR);
    while (place > nearest && compareLogs(log, waiting[place - 1] ?? log) < 0) place -= 1;
    if (place === waiting.length) waiting.push(log);
    else waiting.splice(place, 0, log);
    if (place === nearest && place > 0 && compareLogs(log, waiting[place - 1] ?? log) < 0)
      this.#isSorted = false;
  }

  /**
   * Those whose place is known by now.
   *
   * @returns in the archive's order, after all that were returned before
   */
  take(): VideoLog[] {
    if (this.#waiting.length < 2 * KEPT_BACK || this.#holdsAll) return [];
    if (!this.#isSorted && this.#last === null) {
      this.#holdsAll = true;
      return [];
    }
    return this.#takeFirst(this.#waiting.length - KEPT_BACK);
  }

  /** All that are left. */
  takeRest(): VideoLog[] {
    return this.#takeFirst(this.#waiting.length);
  }

  #takeFirst(count: number): VideoLog[] {
    if (!this.#isSorted) this.#waiting.sort(compareLogs);
    this.#isSorted = true;
    const first = this.#waiting.splice(0, count);
    this.#last = first.at(-1) ?? this.#last;
    return first;
  }
}

/** Newest first, then by id. */
export function compareLogs(
  a: Pick<VideoLog, 'createdAt' | 'id'>,
  b: Pick<VideoLog, 'createdAt' | 'id'>,
): number {
  return b.createdAt - a.createdAt || compareText(a.id, b.id);
}
