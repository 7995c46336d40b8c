import { BRACE, END_BRACE, F, N, QUOTE, T } from '../ascii.ts';
import { afterComma, afterName, endOfCharacters, endOfValue } from './json-bytes.ts';
import type { PageText } from './page-text.ts';

/**
 * What a member's value usually is, if not null: a string without escapes, a number or such a string in its stead, true
 * or false, or anything.
 */
export type Kind = 'text' | 'amount' | 'flag' | 'any';

/** A member whose value is wanted. */
export interface Wanted {
  readonly kind: Kind;
  /** Which one of the spans its value's is. */
  readonly slot: number;
}

/** A value, and what stands before it. */
interface Step {
  /**
   * From the end of the value before: brace or comma, name and colon, with their blanks. Four bytes a number, the last
   * one from the end back: compared like this they take a third of the time.
   */
  readonly before: Int32Array;
  /** In bytes: never under four, as no name's quotes, its colon and what is before them are. */
  readonly length: number;
  readonly kind: Kind;
  /** Null where the value is not wanted. */
  readonly slot: number | null;
}

const UNWANTED = { kind: 'any', slot: null } as const;

/** Objects that are written alike: the same members in the same order, with the same blanks between them. */
export class ObjectShape {
  /** The members' names, in their order. */
  readonly names: readonly string[];
  readonly #steps: readonly Step[];

  private constructor(names: readonly string[], steps: readonly Step[]) {
    this.names = names;
    this.#steps = steps;
  }

  /**
   * The shape of the object that begins at a place.
   *
   * @param wanted by name
   * @returns null where there is none, or an empty one, or one in another way of writing than the API's
   */
  static of({ bytes }: PageText, at: number, wanted: ReadonlyMap<string, Wanted>): ObjectShape | null {
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
      if (bytes[end] === END_BRACE) return new ObjectShape(names, steps);
      before = end;
      place = afterComma(bytes, end);
    }
    return null;
  }

  /**
   * Finds the values of the object that begins at a place.
   *
   * @param spans takes where each wanted value begins and ends, two numbers a slot: a string without its quotes, both 0
   *   for null
   * @param base where slot 0 is
   * @returns the place after the object; -1 where it has not this shape, or a value is not what it usually is
   */
  match({ bytes, view }: PageText, at: number, spans: Int32Array, base: number): number {
    let place = at;
    // By hand: an iterator takes a quarter of the time.
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
        to = endOfCharacters(bytes, view, from);
        if (to === -1) return -1;
        place = to + 1;
      } else {
        // By what null, true and false begin with; whether they are those is seen below.
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
    return bytes[place] === END_BRACE ? place + 1 : -1;
  }
}

/** @param member without its value */
function nameIn(member: string): string {
  return Object.keys(JSON.parse(`{${member}0}`) as object)[0] ?? '';
}

function fours(bytes: Buffer): Pick<Step, 'before' | 'length'> {
  const { length } = bytes;
  const places = Array.from({ length: Math.ceil(length / 4) }, (_, index) => Math.min(4 * index, length - 4));
  return { before: Int32Array.from(places, (place) => bytes.readInt32LE(place)), length };
}
