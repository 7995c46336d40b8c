import { BLANK, COMMA, POINT, QUOTE, ZERO } from '../ascii.ts';
import { below, equalTo, HIGHEST_BITS, viewOf } from '../four-bytes.ts';
import type { PageText } from '../signalwire/page-text.ts';

/** Of a decimal. */
const MOST_BYTES = 32;

/** Text put together as UTF-8, piece by piece. */
export class Utf8Text {
  #bytes = Buffer.allocUnsafe(1 << 17);
  #view = viewOf(this.#bytes);
  #length = 0;

  /** So many bytes have come together. */
  get length(): number {
    return this.#length;
  }

  append(text: string): void {
    // Three bytes at most for each UTF-16 code unit.
    this.#makeRoom(text.length * 3);
    this.#length += this.#bytes.write(text, this.#length);
  }

  appendByte(byte: number): void {
    this.#makeRoom(1);
    this.#bytes[this.#length] = byte;
    this.#length += 1;
  }

  /** Appends what a view shows. */
  appendBytes(view: DataView): void {
    this.#makeRoom(view.byteLength);
    this.#copy(view, 0, view.byteLength);
  }

  /**
   * Appends a decimal in full.
   *
   * @param units a whole number, not below zero, of at most 15 digits
   * @param places how many of its digits come after the point: at most 15
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
   * Appends some bytes of a page, four at a time, if all of them are ASCII and none is a comma, a quote or a control
   * character.
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

  /** Appends some bytes of a page, whatever they are. */
  appendAsIs({ view }: PageText, from: number, to: number): void {
    this.#makeRoom(to - from);
    this.#copy(view, from, to);
  }

  /** Appends once more what stands between two places. */
  repeat(from: number, to: number): void {
    this.#makeRoom(to - from);
    this.#copy(this.#view, from, to);
  }

  /** By hand, eight at a time: for so few bytes a call takes longer. There must be room for them. */
  #copy(view: DataView, from: number, to: number): void {
    const own = this.#view;
    let end = this.#length;
    let at = from;
    for (; at <= to - 8; at += 8, end += 8) own.setBigInt64(end, view.getBigInt64(at, true), true);
    for (; at < to; at += 1, end += 1) own.setUint8(end, view.getUint8(at));
    this.#length = end;
  }

  /** Takes out what has come together. What is appended next is written over it. */
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

/** Three letters, to make four bytes of one. */
const PLAIN_BEFORE = 0x61616100;

/** Whether one of four bytes is a comma, a quote, a control character or none of ASCII: all four at once. */
function holdsOdd(four: number): boolean {
  const found = equalTo(COMMA, four) | equalTo(QUOTE, four) | below(BLANK, four) | four;
  return (found & HIGHEST_BITS) !== 0;
}
