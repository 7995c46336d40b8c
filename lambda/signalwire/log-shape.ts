import { readAmountAt } from '../money/amount.ts';
import { type AsSent, type Field, FIELDS, SLOTS } from './as-sent.ts';
import { InstantReader } from './instant-reader.ts';
import { type Kind, ObjectShape, type Wanted } from './object-shape.ts';
import type { PageText } from './page-text.ts';
import { durationBetween, LONGEST_ID, SessionLog } from './video-log.ts';

/** The members that are read, and what they usually hold. */
const USUAL: readonly (readonly [name: string, field: Field | 'charge', kind: Kind])[] = [
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

/** Beside those of the fields. */
const CHARGE = FIELDS.length;
/** Numbers that the spans of a log take. */
export const SPANS_A_LOG = 2 * (FIELDS.length + 1);

const WANTED = new Map(
  USUAL.map(([name, field, kind]): [string, Wanted] => [
    name,
    { kind, slot: field === 'charge' ? CHARGE : SLOTS[field] },
  ]),
);

/** Members that make a log another matter than a session's, or name its times as older pages of the API do. */
const UNUSUAL = ['discarded_at', 'start_time', 'end_time'];

/**
 * The logs that have the same members in the same order as one before. Nearly all of a space's logs do, and where their
 * values stand is found in a quarter of the time that JSON.parse takes.
 */
export class LogShape {
  readonly #object: ObjectShape;

  private constructor(object: ObjectShape) {
    this.#object = object;
  }

  /**
   * @param at where a log begins
   * @returns null where logs like that are left to `readVideoLog`
   */
  static of(page: PageText, at: number): LogShape | null {
    const object = ObjectShape.of(page, at, WANTED);
    return object === null || UNUSUAL.some((name) => object.names.includes(name))
      ? null
      : new LogShape(object);
  }

  /**
   * Finds the fields of the log that begins at a place of a page.
   *
   * @param spans takes them; a member that the shape has not leaves them as they are
   * @param base where they are to begin
   * @returns the place after the log; -1 where it has not this shape
   */
  match(page: PageText, at: number, spans: Int32Array, base: number): number {
    const end = this.#object.match(page, at, spans, base);
    if (end === -1) return -1;
    spans[base + 2 * SLOTS.json] = at;
    spans[base + 2 * SLOTS.json + 1] = end;
    return end;
  }
}

// Each meets one date after the other.
const created = new InstantReader();
const began = new InstantReader();
const ended = new InstantReader();

/** Whether a log has a charge whose fields were found: what it is will be seen. */
export function bearsCharge(log: AsSent): boolean {
  return log.to(CHARGE) !== 0;
}

/**
 * When a log was created whose fields were found.
 *
 * @returns milliseconds since the epoch; NaN where that can't be read
 */
export function createdAtOf(log: AsSent): number {
  return created.read(log.page.bytes, log.from(SLOTS.createdAt), log.to(SLOTS.createdAt));
}

/**
 * Reads a log whose fields were found, nothing otherwise than `readVideoLog` does.
 *
 * @param createdAt as `createdAtOf` reads it
 * @returns null where it is unusual, and left to that
 */
export function usualLog(log: AsSent, createdAt: number): SessionLog | null {
  // A character of UTF-16 is a byte at least.
  const idLength = log.to(SLOTS.id) - log.from(SLOTS.id);
  if (idLength === 0 || idLength > LONGEST_ID) return null;
  const charge = readAmountAt(log.page.bytes, log.from(CHARGE), log.to(CHARGE));
  const start = instantOrNull(began, log, SLOTS.startedAt);
  const end = instantOrNull(ended, log, SLOTS.endedAt);
  if (charge === null || Number.isNaN(start) || Number.isNaN(end)) return null;
  return new SessionLog(log, createdAt, durationBetween(start, end), charge);
}

function instantOrNull(reader: InstantReader, asSent: AsSent, slot: number): number | null {
  const to = asSent.to(slot);
  return to === 0 ? null : reader.read(asSent.page.bytes, asSent.from(slot), to);
}
