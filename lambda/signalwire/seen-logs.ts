import { hash } from 'node:crypto';
import { AsSent } from './as-sent.ts';
import { parseExactJson } from './exact-json.ts';
import { HashTable, type Meeting } from './hash-table.ts';
import type { PageLogs } from './page-logs.ts';
import type { VideoLog } from './video-log.ts';

/** Remembers which logs were met. */
export interface SeenLogs {
  /**
   * Meets the logs of a page one after the other.
   *
   * @param isWanted by when a log was created: others are not met, and have a null
   */
  meet(logs: PageLogs, isWanted: (createdAt: number) => boolean): readonly (Meeting | null)[];
  /** Whether a log of that id was met, with little doubt. */
  has(id: string): boolean;
}

/** Tables, so that where one grows little is needed twice. Enough for all pages that are read. A power of two. */
const TABLES = 1 << 5;

/**
 * Remembers logs in 12 bytes each, as their ids would take a hundred: a day of a million fits 21 MB, room for growth
 * included. Two ids that share a hash, one pair in 2^64, pass for one log that has changed: never for a repeat, unless
 * their fingerprints are the same as well.
 */
export class HashedLogs implements SeenLogs {
  readonly #tables: HashTable[] = [];
  /** Nobody reads it. What is kept nowhere, the compiler would not look at either. */
  #sight = 0;

  meet(logs: PageLogs, isWanted: (createdAt: number) => boolean): (Meeting | null)[] {
    this.#lookAhead(logs);
    const meetings: (Meeting | null)[] = [];
    for (let index = 0; index < logs.length; index += 1) {
      meetings.push(isWanted(logs.createdAt(index)) ? this.#meet(logs, index) : null);
    }
    return meetings;
  }

  /**
   * Looks once where each log will be looked for, so that the processor has these places at hand. It fetches them side by
   * side here; when logs are met one by one, each waits for its own, which takes a twenty-fifth of the time of a day.
   */
  #lookAhead(logs: PageLogs): void {
    for (let index = 0; index < logs.length; index += 1) {
      this.#sight ^= this.#table(logs.hash(index, 1)).look(logs.hash(index, 0));
    }
  }

  #meet(logs: PageLogs, index: number): Meeting {
    const second = logs.hash(index, 1);
    return this.#table(second).meet(logs.hash(index, 0), second, logs.hash(index, 2));
  }

  has(id: string): boolean {
    const hashes = new Int32Array(3);
    AsSent.of({ id }).hash(hashes, 0);
    const [first = 0, second = 0] = hashes;
    return this.#table(second).has(first, second);
  }

  #table(second: number): HashTable {
    return (this.#tables[second & (TABLES - 1)] ??= new HashTable());
  }
}

/** Remembers logs by their very ids, and tells them apart by what they say, not by how it is written. */
export class ListedLogs implements SeenLogs {
  readonly #logs = new Map<string, string>();

  meet(logs: PageLogs, isWanted: (createdAt: number) => boolean): (Meeting | null)[] {
    return Array.from(logs, (log, index) =>
      'problem' in log || !isWanted(logs.createdAt(index)) ? null : this.#meet(log),
    );
  }

  #meet({ asSent }: VideoLog): Meeting {
    // Not the id as bytes: half surrogates would all be one.
    const sent = parseExactJson(asSent.text('json')) as { readonly id: string };
    const { id } = sent;
    const content = hash('sha256', JSON.stringify(sent), 'base64');
    const before = this.#logs.get(id);
    this.#logs.set(id, before ?? content);
    if (before === undefined) return 'new';
    return before === content ? 'repeated' : 'changed';
  }

  has(id: string): boolean {
    return this.#logs.has(id);
  }
}
