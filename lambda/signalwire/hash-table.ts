/** How a log compares with those met before it: its id is new, or known with the same or with different contents. */
export type Meeting = 'new' | 'repeated' | 'changed';

/** How many 32-bit numbers are kept per log: two of its id's hash, and a fingerprint of its JSON. */
const NUMBERS = 3;
const FIRST_PLACES = 1 << 6;
/** The bits of a slot that say which log it is for, counted from 1; the others are bits of the second hash. */
const WHICH = (1 << 22) - 1;
/** How many logs have their numbers in one piece of memory. A power of two. */
const LOGS_A_PIECE = 1 << 10;

/**
 * A hash table with open addressing. Logs are stored in the order in which they came; an index, whose size is a power
 * of two, says where each one is. The index holds four bytes a slot, not twelve, so that random probes touch a third
 * of the memory. An index that has become too small is left to the garbage collector: freeing its buffer at once, by
 * `transfer`, makes V8 check for detached buffers from then on, wherever bytes are read, which took a tenth of the
 * time of a day.
 */
export class HashTable {
  #places = new Int32Array(FIRST_PLACES);
  /** The logs' numbers, in pieces, so that no array ever has to grow. */
  readonly #pieces: Int32Array[] = [];
  #count = 0;

  /** Adds a log unless its id is known. @throws RangeError after four million logs */
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
    // If at least a quarter of the slots is free, a free one is never far away.
    if (this.#count * 4 >= this.#places.length * 3) this.#grow();
    return 'new';
  }

  /** The content of the slot where the search for a log begins. */
  look(first: number): number {
    return this.#places[first & (this.#places.length - 1)] ?? 0;
  }

  has(first: number, second: number): boolean {
    return this.#places[this.#placeOf(first, second)] !== 0;
  }

  /** The slot of a log, or the free one where it would be, which holds 0. */
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

  /** One of the three numbers of a slot's log. */
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

/** The index of a log's number in its piece. */
function numberAt(log: number, which: 0 | 1 | 2): number {
  return (log % LOGS_A_PIECE) * NUMBERS + which;
}
