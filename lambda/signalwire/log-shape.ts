import { readAmountAt } from '../money/amount.ts';
import { type AsSent, type Field, PLAIN_AT, SLOTS } from './as-sent.ts';
import { InstantReader } from './instant-reader.ts';
import { type Kind, ObjectShape, type Wanted } from './object-shape.ts';
import type { PageText } from './page-text.ts';
import { durationBetween, LONGEST_ID, SessionLog } from './video-log.ts';

/** The members that are read, and the kind of value they usually have. */
const USUAL: readonly (readonly [name: string, field: Field, kind: Kind])[] = [
  ['id', 'id', 'text'],
  ['source', 'source', 'text'],
  ['type', 'type', 'text'],
  ['url', 'url', 'text'],
  ['room_name', 'roomName', 'text'],
  ['status', 'status', 'text'],
  ['locked', 'locked', 'flag'],
  ['started_at', 'startedAt', 'text'],
  ['ended_at', 'endedAt', 'text'],
  ['charge', 'charge', 'amount'],
  ['created_at', 'createdAt', 'text'],
  ['charge_details', 'chargeDetails', 'any'],
];

/** How many numbers the spans of a log take. */
export const SPANS_A_LOG = PLAIN_AT + 1;

const WANTED = new Map(
  USUAL.map(([name, field, kind]): [string, Wanted] => [name, { kind, slot: SLOTS[field] }]),
);

/** Members of deleted logs, or other names for a session's times, from older pages of the API's documentation. */
const UNUSUAL = ['discarded_at', 'start_time', 'end_time'];

/**
 * Matches logs that have the same members in the same order as an earlier one, as nearly all of a space's logs do.
 * Finding where their values are takes a quarter of the time of JSON.parse.
 */
export class LogShape {
  readonly #object: ObjectShape;

  private constructor(object: ObjectShape) {
    this.#object = object;
  }

  /**
   * @param at where a log begins
   * @returns null if logs like this one are left to `readVideoLog`
   */
  static of(page: PageText, at: number): LogShape | null {
    const object = ObjectShape.of(page, at, WANTED, PLAIN_AT);
    return object === null || UNUSUAL.some((name) => object.names.includes(name))
      ? null
      : new LogShape(object);
  }

  /**
   * Finds the fields of the log that begins at a position of a page.
   *
   * @param spans receives where each field begins and ends; the slots of members missing from the shape stay unchanged
   * @param base index of slot 0 in the spans
   * @returns the position after the log; -1 if it does not have this shape
   */
  match(page: PageText, at: number, spans: Int32Array, base: number): number {
    const end = this.#object.match(page, at, spans, base);
    if (end === -1) return -1;
    spans[base + 2 * SLOTS.json] = at;
    spans[base + 2 * SLOTS.json + 1] = end;
    return end;
  }
}

// One reader for each field, as each remembers the date it met last.
const created = new InstantReader();
const began = new InstantReader();
const ended = new InstantReader();

/** Whether a log whose fields were found has a charge, whatever that may be. */
export function bearsCharge(log: AsSent): boolean {
  return log.to(SLOTS.charge) !== 0;
}

/**
 * When a log whose fields were found was created.
 *
 * @returns milliseconds since the epoch; NaN if that can't be read
 */
export function createdAtOf(log: AsSent): number {
  return created.read(log.page, log.from(SLOTS.createdAt), log.to(SLOTS.createdAt));
}

/**
 * Reads a log whose fields were found. It is the fast twin of `readVideoLog`, which defines the result; a property test
 * in test/lambda/signalwire/page-reader.test.ts holds the two equal.
 *
 * @param createdAt as `createdAtOf` reads it
 * @returns null if the log is unusual, and left to `readVideoLog`
 */
export function usualLog(log: AsSent, createdAt: number): SessionLog | null {
  // LONGEST_ID counts UTF-16 units, each of which takes at least one byte.
  const idLength = log.to(SLOTS.id) - log.from(SLOTS.id);
  if (idLength === 0 || idLength > LONGEST_ID) return null;
  const charge = readAmountAt(log.page.bytes, log.from(SLOTS.charge), log.to(SLOTS.charge));
  const start = instantOrNull(began, log, SLOTS.startedAt);
  const end = instantOrNull(ended, log, SLOTS.endedAt);
  if (charge === null || Number.isNaN(start) || Number.isNaN(end)) return null;
  return new SessionLog(log, createdAt, durationBetween(start, end), charge);
}

function instantOrNull(reader: InstantReader, asSent: AsSent, slot: number): number | null {
  const to = asSent.to(slot);
  return to === 0 ? null : reader.read(asSent.page, asSent.from(slot), to);
}
