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
   * @param isWanted whether a log that was created at this time is to be met
   * @returns one for each log; null for those that are not wanted
   */
  meet(logs: PageLogs, isWanted: (createdAt: number) => boolean): readonly (Meeting | null)[];
  /** Whether a log with that id was met; almost certainly right. */
  has(id: string): boolean;
}

/** Many tables, as one that grows is in memory twice for a moment. A power of two. */
const TABLES = 1 << 5;

/**
 * Remembers logs by hashes, 12 bytes each, as their ids would take a hundred: a day of a million logs fits in 21 MB,
 * including room for growth. Two ids that share a hash, one pair in 2^64, count as one log that has changed; they
 * count as a repeat only if their fingerprints are equal as well.
 *
 * It is the fast twin of `ListedLogs`, which defines the result; a property test in
 * test/lambda/signalwire/seen-logs.test.ts holds the two equal. They differ for a log whose JSON is written differently
 * the second time: here it has changed, and the day is read again with `ListedLogs`, for which it is a repeat.
 */
export class HashedLogs implements SeenLogs {
  readonly #tables: HashTable[] = [];
  /** Never read. Storing it keeps V8 from removing the loop that fetches the places ahead. */
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
   * Reads each slot where a log will be looked for, so that the processor caches it. Here the slots are fetched in
   * parallel; when logs are met one by one, each waits for its own slot, which would take 4% of the time of a day.
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

/** Remembers logs by their ids themselves, and compares what their JSON says, not how it is written. */
export class ListedLogs implements SeenLogs {
  readonly #logs = new Map<string, string>();

  meet(logs: PageLogs, isWanted: (createdAt: number) => boolean): (Meeting | null)[] {
    return Array.from(logs, (log, index) =>
      'problem' in log || !isWanted(logs.createdAt(index)) ? null : this.#meet(log),
    );
  }

  #meet({ asSent }: VideoLog): Meeting {
    // The id as parsed, not as bytes: in UTF-8, all half surrogate pairs would be the same.
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
