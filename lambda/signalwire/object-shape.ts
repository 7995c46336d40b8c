import { BRACE, END_BRACE, F, N, QUOTE, T } from '../ascii.ts';
import { afterComma, afterName, endOfCharacters, endOfPlain, endOfValue } from './json-bytes.ts';
import type { PageText } from './page-text.ts';

/**
 * What a member's value usually is, if not null: 'text' is a string without escapes, 'amount' a number or such a
 * string, 'flag' true or false.
 */
export type Kind = 'text' | 'amount' | 'flag' | 'any';

/** A member whose value is wanted. */
export interface Wanted {
  readonly kind: Kind;
  /** The index of its value among the spans. */
  readonly slot: number;
}

/** A value, and the bytes before it. */
interface Step {
  /**
   * The bytes from the end of the previous value: brace or comma, name and colon, with their blanks. Each number holds
   * four bytes; the last number holds the last four, and may overlap. Comparing them like this takes a third of the
   * time.
   */
  readonly before: Int32Array;
  /** Length in bytes: at least four, for the brace or comma, two quotes and the colon. */
  readonly length: number;
  readonly kind: Kind;
  /** Null if the value is not wanted. */
  readonly slot: number | null;
}

const UNWANTED = { kind: 'any', slot: null } as const;

/** Matches objects that are written alike: the same members in the same order, with the same blanks between them. */
export class ObjectShape {
  /** The members' names, in order. */
  readonly names: readonly string[];
  readonly #steps: readonly Step[];
  readonly #plainAt: number;

  private constructor(names: readonly string[], steps: readonly Step[], plainAt: number) {
    this.names = names;
    this.#steps = steps;
    this.#plainAt = plainAt;
  }

  /**
   * The shape of the object that begins at a position.
   *
   * @param wanted by name
   * @param plainAt index among the spans for whether all values of the kinds 'text' and 'amount' are plain
   * @returns null if there is no object, or it is empty, or not written the way the API writes
   */
  static of(
    { bytes }: PageText,
    at: number,
    wanted: ReadonlyMap<string, Wanted>,
    plainAt: number,
  ): ObjectShape | null {
    if (bytes[at] !== BRACE) return null;
    const names: string[] = [];
    const steps: Step[] = [];
    let before = at;
    for (let place = at + 1; place !== -1;) {
      const value = afterName(bytes, place);
      const end = value === -1 ? -1 : endOfValue(bytes, value);
      if (end === -1) return null;
      const name = nameIn(bytes.toString('utf8', place, value));
      names.push(name);
      steps.push({ ...fours(bytes.subarray(before, value)), ...(wanted.get(name) ?? UNWANTED) });
      if (bytes[end] === END_BRACE) return new ObjectShape(names, steps, plainAt);
      before = end;
      place = afterComma(bytes, end);
    }
    return null;
  }

  /**
   * Finds the values of the object that begins at a position.
   *
   * @param spans receives where each wanted value begins and ends, two numbers per slot: for a string without its
   *   quotes; both 0 for null; then, at `plainAt`, 1 or 0
   * @param base index of slot 0 in the spans
   * @returns the position after the object; -1 if it does not have this shape, or a value is not of its usual kind
   */
  match({ bytes, view }: PageText, at: number, spans: Int32Array, base: number): number {
    let place = at;
    let plain = 1;
    // A manual loop: an iterator would take a quarter of the time.
    for (let index = 0, step = this.#steps[0]; step !== undefined; index += 1, step = this.#steps[index]) {
      const { before, length, kind, slot } = step;
      let from = place + length;
      if (from > bytes.length) return -1;
      let four = 0;
      for (; place < from - 4; place += 4) {
        if (view.getInt32(place, true) !== before[four]) return -1;
        four += 1;
      }
      if (view.getInt32(from - 4, true) !== before[four]) return -1;
      let to: number;
      if (bytes[from] === QUOTE && (kind === 'text' || kind === 'amount')) {
        from += 1;
        to = endOfPlain(bytes, view, from);
        if (to === -1) {
          plain = 0;
          to = endOfCharacters(bytes, from);
          if (to === -1) return -1;
        }
        place = to + 1;
      } else {
        // Judged by the first byte of null, true and false; endOfValue below checks the rest.
        const isNull = bytes[from] === N;
        const isFlag = bytes[from] === T || bytes[from] === F;
        if ((kind === 'text' && !isNull) || (kind === 'flag' && !isNull && !isFlag)) return -1;
        to = endOfValue(bytes, from);
        if (to === -1) return -1;
        place = to;
        if (isNull) from = to = 0;
      }
      if (slot !== null) {
        spans[base + 2 * slot] = from;
        spans[base + 2 * slot + 1] = to;
      }
    }
    spans[base + this.#plainAt] = plain;
    return bytes[place] === END_BRACE ? place + 1 : -1;
  }
}

/** @param member JSON of a member, without its value */
function nameIn(member: string): string {
  return Object.keys(JSON.parse(`{${member}0}`) as object)[0] ?? '';
}

function fours(bytes: Buffer): Pick<Step, 'before' | 'length'> {
  const { length } = bytes;
  const places = Array.from({ length: Math.ceil(length / 4) }, (_, index) => Math.min(4 * index, length - 4));
  return { before: Int32Array.from(places, (place) => bytes.readInt32LE(place)), length };
}
