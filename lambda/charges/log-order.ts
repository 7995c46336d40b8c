import { SLOTS } from '../signalwire/as-sent.ts';
import { OutOfOrderError } from '../signalwire/day-reading.ts';
import type { VideoLog } from '../signalwire/video-log.ts';
import { compareText } from './room-charges.ts';

/** The order is judged once this many logs have come; shorter days are simply held and sorted. */
const JUDGED_AFTER = 4000;
/**
 * How many of the logs, the oldest so far, wait for others that may belong between them. If a log comes later than
 * that, the day is read once more, and held; SignalWire lists the newest first. More of them would leave the
 * processor's cache until they are archived, which takes a thirtieth of the time of a large day.
 */
const KEPT_BACK = 100;
/** How many places too late a log may come and still be inserted where it belongs at once. */
const NEAR = 64;

/**
 * Puts a day's logs in the archive's order as they come: newest first, then by id. SignalWire lists the newest first,
 * so a log's place is certain as soon as some older ones have come, and few are held at any time. If a list turns out
 * to be in another order, all its logs are held to the end.
 */
export class LogOrder {
  readonly #waiting: VideoLog[] = [];
  #isSorted = true;
  /** A log came that is newer than one that came far before it, not just one of the same instant with another id. */
  #isDisordered = false;
  #mode: 'judging' | 'handing on' | 'holding';
  #last: Pick<VideoLog, 'createdAt' | 'id'> | null = null;

  /** @param holdsAll hold every log to the end, whatever the order */
  constructor(holdsAll: boolean) {
    this.#mode = holdsAll ? 'holding' : 'judging';
  }

  /** @throws OutOfOrderError if the log belongs before one that was already taken */
  add(log: VideoLog): void {
    if (this.#last !== null && compareLogs(log, this.#last) < 0) throw new OutOfOrderError();
    const waiting = this.#waiting;
    const nearest = Math.max(0, waiting.length - NEAR);
    let place = waiting.length;
    while (place > nearest && isBefore(log, waiting[place - 1])) place -= 1;
    if (place === waiting.length) waiting.push(log);
    else waiting.splice(place, 0, log);
    const before = waiting[place - 1];
    if (before === undefined || !isBefore(log, before)) return;
    this.#isSorted = false;
    this.#isDisordered ||= log.createdAt > before.createdAt;
  }

  /** Whether every log is held to the end. */
  get isHolding(): boolean {
    return this.#mode === 'holding';
  }

  /**
   * Takes out the logs whose place is certain by now.
   *
   * @returns in the archive's order, following all that were returned before
   */
  take(): readonly VideoLog[] {
    if (this.#mode === 'judging' && this.#waiting.length >= JUDGED_AFTER) {
      this.#mode = this.#isDisordered ? 'holding' : 'handing on';
    }
    if (this.#mode !== 'handing on') return [];
    this.#sort();
    let count = Math.max(0, this.#waiting.length - KEPT_BACK);
    // More logs of the oldest instant may come, with any id.
    const oldest = this.#waiting.at(-1)?.createdAt;
    while (this.#waiting[count - 1]?.createdAt === oldest && count > 0) count -= 1;
    return this.#takeFirst(count);
  }

  /** Takes out all that are left, in the archive's order. */
  takeRest(): readonly VideoLog[] {
    this.#sort();
    return this.#takeFirst(this.#waiting.length);
  }

  #sort(): void {
    if (!this.#isSorted) this.#waiting.sort(compareRead);
    this.#isSorted = true;
  }

  #takeFirst(count: number): readonly VideoLog[] {
    const first = this.#waiting.splice(0, count);
    const last = first.at(-1);
    // The id's text is copied now, as the page is not kept for it.
    if (last !== undefined) this.#last = { createdAt: last.createdAt, id: last.id };
    return first;
  }
}

function isBefore(log: VideoLog, other: VideoLog | undefined): boolean {
  return other !== undefined && compareRead(log, other) < 0;
}

/** The same order as `compareLogs`, without making strings of the ids. */
function compareRead(a: VideoLog, b: VideoLog): number {
  return b.createdAt - a.createdAt || compareIds(a, b);
}

function compareIds(a: VideoLog, b: VideoLog): number {
  const bytes = a.asSent.page.bytes;
  const others = b.asSent.page.bytes;
  let at = a.asSent.from(SLOTS.id);
  let other = b.asSent.from(SLOTS.id);
  const end = a.asSent.to(SLOTS.id);
  const otherEnd = b.asSent.to(SLOTS.id);
  for (; at < end && other < otherEnd; at += 1, other += 1) {
    const byte = bytes[at] ?? 0;
    const otherByte = others[other] ?? 0;
    // From U+E000 on, UTF-8 and the UTF-16 of strings are ordered differently.
    if (byte !== otherByte)
      return Math.max(byte, otherByte) < 0xee ? byte - otherByte : compareText(a.id, b.id);
  }
  return end - at - (otherEnd - other);
}

/** Newest first, then by id. */
export function compareLogs(
  a: Pick<VideoLog, 'createdAt' | 'id'>,
  b: Pick<VideoLog, 'createdAt' | 'id'>,
): number {
  return b.createdAt - a.createdAt || compareText(a.id, b.id);
}
