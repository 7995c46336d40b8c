import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { parseExactJson } from './exact-json.ts';
import { LONGEST_ID } from './video-log.ts';

/** How a log stands to those that were met before it. */
export type Meeting = 'new' | 'repeated' | 'changed';

/** Remembers which logs were met. */
export interface SeenLogs {
  /** @param json of the log, the same for the same log */
  meet(id: string, json: string): Meeting;
  /** Whether a log of that id was met, with little doubt. */
  has(id: string): boolean;
}

// Three numbers of 32 bits a log: two of its id's hash, and a fingerprint of its JSON.
const NUMBERS = 3;
const FIRST_PLACES = 1 << 12;

/**
 * Remembers logs in 12 bytes each, as their ids would take a hundred: a day of a million fits 24 MB, room for growth
 * included. Two ids that share a hash, one pair in 2^64, pass for one log that has changed: never for a repeat, unless
 * their fingerprints are the same as well.
 */
export class HashedLogs implements SeenLogs {
  #table = new Uint32Array(FIRST_PLACES * NUMBERS);
  #count = 0;
  /** Room for the longest id in UTF-8, and for the zeros that fill up its last word. */
  readonly #bytes = Buffer.alloc(3 * LONGEST_ID + 4);
  readonly #words = new Uint32Array(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length / 4);
  /** Of the id that was hashed last; the first one is never 0, which stands for a free place. */
  #first = 0;
  #second = 0;

  meet(id: string, json: string): Meeting {
    // Free places are never far where a quarter of all is free.
    if (this.#count * 4 >= (this.#table.length / NUMBERS) * 3) this.#grow();
    const fingerprint = crc32(json);
    this.#hash(id);
    const place = placeOf(this.#table, this.#first, this.#second);
    if (this.#table[place] !== 0) return this.#table[place + 2] === fingerprint ? 'repeated' : 'changed';
    put(this.#table, place, this.#first, this.#second, fingerprint);
    this.#count += 1;
    return 'new';
  }

  has(id: string): boolean {
    this.#hash(id);
    return this.#table[placeOf(this.#table, this.#first, this.#second)] !== 0;
  }

  #hash(id: string): void {
    const length = this.#bytes.write(id);
    // The last word is filled up with zeros.
    for (let end = length; end % 4 !== 0; end += 1) this.#bytes[end] = 0;
    // Two runs of FNV-1a over words instead of bytes, each with a multiplier of its own.
    let first = 0x811c9dc5;
    let second = length;
    for (let index = 0; index * 4 < length; index += 1) {
      const word = this.#words[index] ?? 0;
      first = Math.imul(first ^ word, 0x01000193);
      second = Math.imul(second ^ word ^ (first >>> 15), 0x5bd1e995);
    }
    this.#first = first >>> 0 || 1;
    this.#second = (second ^ (second >>> 13)) >>> 0;
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Uint32Array(old.length * 2);
    for (let from = 0; from < old.length; from += NUMBERS) {
      const [first, second, fingerprint] = [old[from] ?? 0, old[from + 1] ?? 0, old[from + 2] ?? 0];
      if (first !== 0) put(this.#table, placeOf(this.#table, first, second), first, second, fingerprint);
    }
  }
}

function put(table: Uint32Array, place: number, first: number, second: number, fingerprint: number): void {
  table[place] = first;
  table[place + 1] = second;
  table[place + 2] = fingerprint;
}

/** Where a hash stands in a table, or would: the first number there is 0 where it does not. */
function placeOf(table: Uint32Array, first: number, second: number): number {
  // The number of places is a power of two.
  const mask = table.length / NUMBERS - 1;
  for (let place = (first ^ second) & mask; ; place = (place + 1) & mask) {
    const at = place * NUMBERS;
    if (table[at] === 0 || (table[at] === first && table[at + 1] === second)) return at;
  }
}

/** Remembers logs by their very ids, and tells them apart by what they say, not by how it is written. */
export class ListedLogs implements SeenLogs {
  readonly #logs = new Map<string, string>();

  meet(id: string, json: string): Meeting {
    const content = hash('sha256', JSON.stringify(parseExactJson(json)), 'base64');
    const before = this.#logs.get(id);
    this.#logs.set(id, before ?? content);
    if (before === undefined) return 'new';
    return before === content ? 'repeated' : 'changed';
  }

  has(id: string): boolean {
    return this.#logs.has(id);
  }
}
