/** How a log stands to those that were met before it. */
export type Meeting = 'new' | 'repeated' | 'changed';

/** Numbers of 32 bits that are kept of a log: two of its id's hash, and a fingerprint of its JSON. */
const NUMBERS = 3;
const FIRST_PLACES = 1 << 6;
/** Which log a place is for, counted from 1; its other bits are those of the second hash. */
const WHICH = (1 << 22) - 1;

/**
 * A table of hashes. Logs are kept in their order, and found by places, a power of two, which say where they are: a place
 * takes four bytes, not twelve, as it is places that are looked at all over the memory.
 */
export class HashTable {
  #places = new Int32Array(FIRST_PLACES);
  #logs = new Int32Array(FIRST_PLACES * NUMBERS);
  #count = 0;

  /** @throws RangeError at the four-millionth log */
  meet(first: number, second: number, fingerprint: number): Meeting {
    const place = this.#placeOf(first, second);
    const known = this.#places[place] ?? 0;
    if (known !== 0) return this.#logs[fingerprintAt(known)] === fingerprint ? 'repeated' : 'changed';
    const at = this.#count * NUMBERS;
    if (at === this.#logs.length) this.#growLogs();
    this.#count += 1;
    if (this.#count > WHICH) throw new RangeError('more logs than a table can hold');
    this.#logs[at] = first;
    this.#logs[at + 1] = second;
    this.#logs[at + 2] = fingerprint;
    this.#places[place] = (second & ~WHICH) | this.#count;
    // Free places are never far where a quarter of all is free.
    if (this.#count * 4 >= this.#places.length * 3) this.#growPlaces();
    return 'new';
  }

  has(first: number, second: number): boolean {
    return this.#places[this.#placeOf(first, second)] !== 0;
  }

  /** Where a log stands, or would: there is a 0 where it does not. */
  #placeOf(first: number, second: number): number {
    const places = this.#places;
    const logs = this.#logs;
    const mask = places.length - 1;
    for (let place = first & mask; ; place = (place + 1) & mask) {
      const known = places[place] ?? 0;
      if (known === 0) return place;
      if (((known ^ second) & ~WHICH) !== 0) continue;
      const at = fingerprintAt(known) - 2;
      if (logs[at] === first && logs[at + 1] === second) return place;
    }
  }

  #growPlaces(): void {
    this.#places = new Int32Array(this.#places.length * 2);
    for (let which = 1; which <= this.#count; which += 1) {
      const at = (which - 1) * NUMBERS;
      const [first = 0, second = 0] = [this.#logs[at], this.#logs[at + 1]];
      this.#places[this.#placeOf(first, second)] = (second & ~WHICH) | which;
    }
  }

  #growLogs(): void {
    const old = this.#logs;
    this.#logs = new Int32Array(Math.ceil(this.#count * 1.5) * NUMBERS);
    this.#logs.set(old);
    // The old one is left to the garbage collector: to free a buffer at once, by `transfer`, has V8 look out for freed ones
    // from then on, wherever bytes are read. That was a tenth of the time.
  }
}

/** Where the fingerprint of a place's log is. */
function fingerprintAt(known: number): number {
  return (known & WHICH) * NUMBERS - 1;
}
