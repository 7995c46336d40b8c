import * as z from 'zod';
import { exactAmount } from '../charges/money.ts';
import { AMOUNT, amountIn, objectWith, TEXT, VALUE } from './json-text.ts';
import { LONGEST_ID, type SessionLog, sessionOf } from './video-log.ts';

/** The members that are read, and what they usually hold: each pattern captures one thing. */
const USUAL = {
  id: TEXT,
  source: TEXT,
  type: TEXT,
  url: TEXT,
  room_name: TEXT,
  status: TEXT,
  locked: '(true|false|null)',
  started_at: TEXT,
  ended_at: TEXT,
  charge: AMOUNT,
  created_at: TEXT,
  charge_details: `(${VALUE})`,
};
type Usual = keyof typeof USUAL;

/** Members that make a log another matter than a session's, or name its times as older pages of the API do. */
const UNUSUAL = ['discarded_at', 'start_time', 'end_time'];

const INSTANT = z.regexes.datetime({ offset: true });

/**
 * Reads the logs that have the same members in the same order as one before. Nearly all of a space's logs do, and a
 * regular expression of their shape reads them in less than half of the time that JSON.parse takes, each number as it is
 * written. Whatever is unusual about a log it leaves to `readVideoLog`, and it reads nothing otherwise than that does.
 */
export class LogShape {
  readonly #pattern: RegExp;
  /** Which capture each member is; one beyond the last where there is no such member. */
  readonly #at: Readonly<Record<Usual, number>>;

  private constructor(names: readonly string[]) {
    this.#pattern = new RegExp(
      objectWith(names.map((name) => [name, isUsual(name) ? USUAL[name] : VALUE])),
      'y',
    );
    const captured = names.filter(isUsual);
    const placeOf = (name: string): number =>
      captured.findIndex((other) => other === name) + 1 || captured.length + 1;
    this.#at = Object.fromEntries(Object.keys(USUAL).map((name) => [name, placeOf(name)])) as Record<
      Usual,
      number
    >;
  }

  /**
   * @param names of a log's members, in their order
   * @returns null where logs like that are left to `readVideoLog`
   */
  static of(names: readonly string[]): LogShape | null {
    return UNUSUAL.some((name) => names.includes(name)) ? null : new LogShape(names);
  }

  /**
   * The log that begins at a place of a page's text.
   *
   * @returns null where there is no such log, or it is unusual
   */
  read(text: string, start: number): SessionLog | null {
    this.#pattern.lastIndex = start;
    const found: readonly (string | undefined)[] | null = this.#pattern.exec(text);
    if (found === null) return null;
    const at = this.#at;
    const id = found[at.id] ?? '';
    const createdAt = found[at.created_at] ?? '';
    const startedAt = found[at.started_at];
    const endedAt = found[at.ended_at];
    const amount = exactAmount(amountIn(found[at.charge] ?? ''));
    const inOrder =
      id !== '' &&
      id.length <= LONGEST_ID &&
      amount !== null &&
      INSTANT.test(createdAt) &&
      (startedAt === undefined || startedAt === createdAt || INSTANT.test(startedAt)) &&
      (endedAt === undefined || INSTANT.test(endedAt));
    if (!inOrder) return null;
    return sessionOf(id, found[at.room_name] ?? '', amount, {
      type: found[at.type] ?? '',
      source: found[at.source] ?? '',
      status: found[at.status] ?? '',
      locked: unlessNull(found[at.locked]),
      url: found[at.url] ?? '',
      createdAt,
      startedAt: startedAt ?? '',
      endedAt: endedAt ?? '',
      chargeDetails: unlessNull(found[at.charge_details]),
      json: found[0] ?? '',
    });
  }
}

function unlessNull(json = 'null'): string {
  return json === 'null' ? '' : json;
}

function isUsual(name: string): name is Usual {
  return Object.hasOwn(USUAL, name);
}
