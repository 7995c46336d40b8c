import { BLANK, COMMA, POINT, QUOTE, ZERO } from '../ascii.ts';
import { below, equalTo, HIGHEST_BITS, viewOf } from '../four-bytes.ts';
import type { PageText } from '../signalwire/page-text.ts';

/** The most bytes that `appendDecimal` writes. */
const MOST_BYTES = 32;

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

  /** Appends all bytes of a view. */
  appendBytes(view: DataView): void {
    this.#makeRoom(view.byteLength);
    this.#copy(view, 0, view.byteLength);
  }

  /**
   * Appends `units · 10^-places` as a decimal, with all its places.
   *
   * @param units a whole number, not negative, of at most 15 digits
   * @param places the number of digits after the point: at most 15
   */
  appendDecimal(units: number, places: number): void {
    this.#makeRoom(MOST_BYTES);
    let digits = places + 1;
    for (let limit = 10 ** digits; units >= limit; limit *= 10) digits += 1;
    const bytes = this.#bytes;
    const end = this.#length + digits + 1;
    const point = end - 1 - places;
    let rest = units;
    for (let at = end - 1; at >= this.#length; at -= 1) {
      if (at === point) {
        bytes[at] = POINT;
      } else {
        const others = Math.floor(rest / 10);
        bytes[at] = ZERO + rest - others * 10;
        rest = others;
      }
    }
    this.#length = end;
  }

  /**
   * Appends some bytes of a page if all of them are ASCII and none is a comma, a quote or a control character. Works on
   * four bytes at a time.
   *
   * @returns whether they were appended
   */
  appendPlain({ bytes, view }: PageText, from: number, to: number): boolean {
    this.#makeRoom(to - from);
    const own = this.#view;
    let end = this.#length;
    let at = from;
    for (; at <= to - 4; at += 4, end += 4) {
      const four = view.getInt32(at, true);
      if (holdsOdd(four)) return false;
      own.setInt32(end, four, true);
    }
    for (; at < to; at += 1, end += 1) {
      const byte = bytes[at] ?? 0;
      if (holdsOdd(byte | PLAIN_BEFORE)) return false;
      own.setUint8(end, byte);
    }
    this.#length = end;
    return true;
  }

  /** Appends some bytes of a page unchanged. */
  appendAsIs({ view }: PageText, from: number, to: number): void {
    this.#makeRoom(to - from);
    this.#copy(view, from, to);
  }

  /** Appends the text between two positions once more. */
  repeat(from: number, to: number): void {
    this.#makeRoom(to - from);
    this.#copy(this.#view, from, to);
  }

  /** Copies by hand, eight bytes at a time: for so few bytes, a call would take longer. There must be room for them. */
  #copy(view: DataView, from: number, to: number): void {
    const own = this.#view;
    let end = this.#length;
    let at = from;
    for (; at <= to - 8; at += 8, end += 8) own.setBigInt64(end, view.getBigInt64(at, true), true);
    for (; at < to; at += 1, end += 1) own.setUint8(end, view.getUint8(at));
    this.#length = end;
  }

  /** Returns the text so far and starts anew. The bytes returned are overwritten by what is appended next. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #makeRoom(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const bytes = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(bytes, 0, 0, this.#length);
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }
}

/** Three letters that fill up a single byte to four bytes. */
const PLAIN_BEFORE = 0x61616100;

/** Whether any of four bytes is a comma, a quote, a control character or not ASCII; all four are tested at once. */
function holdsOdd(four: number): boolean {
  const found = equalTo(COMMA, four) | equalTo(QUOTE, four) | below(BLANK, four) | four;
  return (found & HIGHEST_BITS) !== 0;
}
