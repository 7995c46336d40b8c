import { COMMA, POINT, ZERO } from '../ascii.ts';
import { viewOf } from '../four-bytes.ts';
import type { AsSent } from '../signalwire/as-sent.ts';
import type { PageText } from '../signalwire/page-text.ts';

/** The most bytes that `appendDecimal` writes. */
const MOST_BYTES = 32;
/**
 * How many bytes may be written beyond the text's end, until the next piece overwrites them: writing the last few bytes
 * of each piece one by one would take a sixth of the time of a row.
 */
const BEYOND = 8;

/** `appendDecimal` takes fewer units than this: 100,000 dollars in ten-thousandths. They must fit into 32 bits. */
export const DECIMAL_UNITS = 1e9;
/** Powers of ten, by their exponent. */
const POWERS = Int32Array.from({ length: 10 }, (_, exponent) => 10 ** exponent);

/**
 * UTF-8 text that is built piece by piece. The slow `append` defines the fast methods: each appends the bytes that
 * `append` would for the same text (`appendDecimal`: for what `writeAmount` returns). The test
 * test/lambda/archive/utf8-text.test.ts holds them equal.
 */
export class Utf8Text {
  #bytes = Buffer.allocUnsafe(1 << 17);
  #view = viewOf(this.#bytes);
  #length = 0;

  /** The number of bytes appended so far. */
  get length(): number {
    return this.#length;
  }

  append(text: string): void {
    // At most three bytes for each UTF-16 code unit.
    this.#makeRoom(text.length * 3);
    this.#length += this.#bytes.write(text, this.#length);
  }

  appendByte(byte: number): void {
    this.#makeRoom(1);
    this.#bytes[this.#length] = byte;
    this.#length += 1;
  }

  /** @param number whole, not negative */
  appendWhole(number: number): void {
    // Nearly always a single digit, for which a call to write text would take ten times as long.
    if (number < 10) this.appendByte(ZERO + number);
    else this.append(String(number));
  }

  /** Appends all bytes of a view. */
  appendBytes(view: DataView): void {
    this.#makeRoom(view.byteLength);
    this.#copy(view, 0, view.byteLength);
  }

  /**
   * Appends `units · 10^-places` as a decimal, with all its places.
   *
   * @param units a whole number, not negative, below DECIMAL_UNITS
   * @param places the number of digits after the point: at most 15
   */
  appendDecimal(units: number, places: number): void {
    this.#makeRoom(MOST_BYTES);
    let digits = places + 1;
    while (units >= (POWERS[digits] ?? Infinity)) digits += 1;
    const bytes = this.#bytes;
    const end = this.#length + digits + 1;
    const point = end - 1 - places;
    // As an integer of 32 bits, whose division by ten takes a third of the time.
    let rest = units | 0;
    for (let at = end - 1; at >= this.#length; at -= 1) {
      if (at === point) {
        bytes[at] = POINT;
      } else {
        const others = (rest / 10) | 0;
        bytes[at] = ZERO + rest - others * 10;
        rest = others;
      }
    }
    this.#length = end;
  }

  /** Appends some bytes of a page unchanged. */
  appendAsIs({ view }: PageText, from: number, to: number): void {
    this.#makeRoom(to - from);
    this.#copy(view, from, to);
  }

  /**
   * Appends some fields of a log unchanged, each with a comma after it. One loop for all of them is short enough for V8
   * to compile the copying into it: a call for each field would take a third of the time of a row.
   */
  appendCells(log: AsSent, slots: readonly number[]): void {
    const { view } = log.page;
    for (const slot of slots) {
      const from = log.from(slot);
      const to = log.to(slot);
      this.#makeRoom(to - from + 1);
      this.#copy(view, from, to);
      this.#bytes[this.#length] = COMMA;
      this.#length += 1;
    }
  }

  /** Appends the text between two positions once more. */
  repeat(from: number, to: number): void {
    this.#makeRoom(to - from);
    this.#copy(this.#view, from, to);
  }

  /** Copies by hand, eight bytes at a time: for so few bytes, a call would take longer. There must be room for them. */
  #copy(view: DataView, from: number, to: number): void {
    const own = this.#view;
    const lastEight = Math.min(to - 1, view.byteLength - 8);
    let end = this.#length;
    let at = from;
    for (; at <= lastEight; at += 8, end += 8) own.setBigInt64(end, view.getBigInt64(at, true), true);
    for (; at < to; at += 1, end += 1) own.setUint8(end, view.getUint8(at));
    this.#length += to - from;
  }

  /** Returns the text so far and starts anew. The bytes returned are overwritten by what is appended next. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #makeRoom(more: number): void {
    const needed = this.#length + more + BEYOND;
    if (needed <= this.#bytes.length) return;
    const bytes = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(bytes, 0, 0, this.#length);
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }
}
