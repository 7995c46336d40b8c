import { murmur3 } from './murmur3.ts';
import type { PageText } from './page-text.ts';

/** As many texts are kept as there are places. A power of two. */
const PLACES = 1 << 12;

/** Makes texts of bytes, for fields that have the same texts again and again: in a quarter of the time. */
export class RecurringTexts {
  readonly #texts: (string | undefined)[] = new Array<string | undefined>(PLACES);
  readonly #bytes: (Buffer | undefined)[] = new Array<Buffer | undefined>(PLACES);

  readonly #hash = new Int32Array(1);

  /** @param to the byte after the last one */
  text({ bytes, view }: PageText, from: number, to: number): string {
    murmur3(view, from, to, 1, this.#hash, 0);
    const place = (this.#hash[0] ?? 0) & (PLACES - 1);
    const text = this.#texts[place];
    const known = this.#bytes[place];
    if (text !== undefined && known !== undefined && isSame(known, bytes, from, to)) return text;
    const part = Buffer.from(bytes.subarray(from, to));
    this.#bytes[place] = part;
    return (this.#texts[place] = part.toString());
  }
}

function isSame(known: Buffer, bytes: Buffer, from: number, to: number): boolean {
  if (known.length !== to - from) return false;
  for (let index = 0; index < known.length; index += 1)
    if (known[index] !== bytes[from + index]) return false;
  return true;
}
