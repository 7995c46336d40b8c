import { murmur3 } from './murmur3.ts';
import type { PageText } from './page-text.ts';

/** The most texts that are kept. A power of two. */
const PLACES = 1 << 14;
/** In bytes; longer texts are decoded anew each time. */
const LONGEST = 64;

/** Decodes texts that recur, such as room names, from a cache, which takes a quarter of the time. */
export class RecurringTexts {
  readonly #texts: (string | undefined)[] = new Array<string | undefined>(PLACES);
  /** The texts' bytes, LONGEST for each place. */
  readonly #bytes = Buffer.alloc(PLACES * LONGEST);
  readonly #lengths = new Uint8Array(PLACES);
  readonly #hash = new Int32Array(1);

  /** @param to the byte after the last one */
  text({ bytes, view }: PageText, from: number, to: number): string {
    const length = to - from;
    if (length > LONGEST) return bytes.toString('utf8', from, to);
    murmur3(view, from, to, 1, this.#hash, 0);
    const place = (this.#hash[0] ?? 0) & (PLACES - 1);
    const text = this.#texts[place];
    if (text !== undefined && this.#isAt(place, bytes, from, to)) return text;
    bytes.copy(this.#bytes, place * LONGEST, from, to);
    this.#lengths[place] = length;
    return (this.#texts[place] = bytes.toString('utf8', from, to));
  }

  #isAt(place: number, bytes: Buffer, from: number, to: number): boolean {
    if (this.#lengths[place] !== to - from) return false;
    const known = this.#bytes;
    let at = place * LONGEST;
    for (let other = from; other < to; at += 1, other += 1) if (known[at] !== bytes[other]) return false;
    return true;
  }
}
