/** How a log stands to those that were met before it. */
export type Meeting = 'new' | 'repeated' | 'changed';

/** Numbers of 32 bits that are kept of a log: two of its id's hash, and a fingerprint of its JSON. */
const NUMBERS = 3;
const FIRST_PLACES = 1 << 6;
/** Which log a place is for, counted from 1; its other bits are those of the second hash. */
const WHICH = (1 << 22) - 1;
/** Logs whose numbers are in one piece of memory. A power of two. */
const LOGS_A_PIECE = 1 << 10;

/**
 * A table of hashes. Logs are kept in their order, and found by places, a power of two, which say where they are: a place
 * takes four bytes, not twelve, as it is places that are looked at all over the memory. What has become too small is left
 * to the garbage collector: to free a buffer at once, by `transfer`, has V8 look out for freed ones from then on, wherever
 * bytes are read. That was a tenth of the time of a day.
 */
export class HashTable {
  #places = new Int32Array(FIRST_PLACES);
  /** Piece by piece, so that none is ever too small. */
  readonly #pieces: Int32Array[] = [];
  #count = 0;

  /** @throws RangeError at the four-millionth log */
  meet(first: number, second: number, fingerprint: number): Meeting {
    const place = this.#placeOf(first, second);
    const known = this.#places[place] ?? 0;
    if (known !== 0) return this.#number(known, 2) === fingerprint ? 'repeated' : 'changed';
    if (this.#count === WHICH) throw new RangeError('more logs than a table can hold');
    const piece = (this.#pieces[pieceOf(this.#count)] ??= new Int32Array(LOGS_A_PIECE * NUMBERS));
    const at = numberAt(this.#count, 0);
    piece[at] = first;
    piece[at + 1] = second;
    piece[at + 2] = fingerprint;
    this.#count += 1;
    this.#places[place] = (second & ~WHICH) | this.#count;
    // Free places are never far where a quarter of all is free.
    if (this.#count * 4 >= this.#places.length * 3) this.#grow();
    return 'new';
  }

  /** What is in the place where a log is looked for first. */
  look(first: number): number {
    return this.#places[first & (this.#places.length - 1)] ?? 0;
  }

  has(first: number, second: number): boolean {
    return this.#places[this.#placeOf(first, second)] !== 0;
  }

  /** Where a log stands, or would: there is a 0 where it does not. */
  #placeOf(first: number, second: number): number {
    const places = this.#places;
    const mask = places.length - 1;
    for (let place = first & mask; ; place = (place + 1) & mask) {
      const known = places[place] ?? 0;
      if (known === 0) return place;
      if (((known ^ second) & ~WHICH) !== 0) continue;
      if (this.#number(known, 0) === first && this.#number(known, 1) === second) return place;
    }
  }

  /** One of the three of a place's log. */
  #number(known: number, which: 0 | 1 | 2): number {
    const log = (known & WHICH) - 1;
    return this.#pieces[pieceOf(log)]?.[numberAt(log, which)] ?? 0;
  }

  #grow(): void {
    this.#places = new Int32Array(this.#places.length * 2);
    for (let known = 1; known <= this.#count; known += 1) {
      const second = this.#number(known, 1);
      this.#places[this.#placeOf(this.#number(known, 0), second)] = (second & ~WHICH) | known;
    }
  }
}

/** @param log counted from 0 */
function pieceOf(log: number): number {
  return Math.floor(log / LOGS_A_PIECE);
}

/** Where a log's number is in its piece. */
function numberAt(log: number, which: 0 | 1 | 2): number {
  return (log % LOGS_A_PIECE) * NUMBERS + which;
}
