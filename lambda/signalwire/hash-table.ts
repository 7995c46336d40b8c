/** How a log stands to those that were met before it. */
export type Meeting = 'new' | 'repeated' | 'changed';

// Three numbers of 32 bits a log: two of its id's hash, of which the first is never 0, and a fingerprint of its JSON.
const NUMBERS = 3;
const FIRST_PLACES = 1 << 6;

/** A table of hashes, whose places are a power of two. */
export class HashTable {
  #places = new Uint32Array(FIRST_PLACES * NUMBERS);
  #count = 0;

  meet(first: number, second: number, fingerprint: number): Meeting {
    // Free places are never far where a quarter of all is free.
    if (this.#count * 4 >= (this.#places.length / NUMBERS) * 3) this.#grow();
    const place = placeOf(this.#places, first, second);
    if (this.#places[place] !== 0) return this.#places[place + 2] === fingerprint ? 'repeated' : 'changed';
    put(this.#places, place, first, second, fingerprint);
    this.#count += 1;
    return 'new';
  }

  has(first: number, second: number): boolean {
    return this.#places[placeOf(this.#places, first, second)] !== 0;
  }

  #grow(): void {
    const old = this.#places;
    this.#places = new Uint32Array(old.length * 2);
    for (let from = 0; from < old.length; from += NUMBERS) {
      const first = old[from] ?? 0;
      if (first === 0) continue;
      const second = old[from + 1] ?? 0;
      put(this.#places, placeOf(this.#places, first, second), first, second, old[from + 2] ?? 0);
    }
    // Frees the memory at once, which the garbage collector is in no hurry to do.
    old.buffer.transfer(0);
  }
}

function put(places: Uint32Array, place: number, first: number, second: number, fingerprint: number): void {
  places[place] = first;
  places[place + 1] = second;
  places[place + 2] = fingerprint;
}

/** Where a hash stands, or would: the first number there is 0 where it does not. */
function placeOf(places: Uint32Array, first: number, second: number): number {
  const mask = places.length / NUMBERS - 1;
  for (let place = first & mask; ; place = (place + 1) & mask) {
    const at = place * NUMBERS;
    if (places[at] === 0 || (places[at] === first && places[at + 1] === second)) return at;
  }
}
