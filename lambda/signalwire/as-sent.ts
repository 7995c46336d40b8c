import { murmur3 } from './murmur3.ts';
import { PageText } from './page-text.ts';

/** The fields of a log as SignalWire sent them. */
export const FIELDS = [
  'id',
  'roomName',
  'type',
  'source',
  'status',
  'locked',
  'url',
  'createdAt',
  'startedAt',
  'endedAt',
  'charge',
  /** JSON. */
  'chargeDetails',
  /** The whole log's JSON. */
  'json',
] as const;
export type Field = (typeof FIELDS)[number];

/** The index of each field among a log's spans. */
export const SLOTS = Object.fromEntries(FIELDS.map((field, slot) => [field, slot])) as Readonly<
  Record<Field, number>
>;

/** The index among a log's spans of 1 if all its fields that are texts are plain, otherwise 0: after their slots. */
export const PLAIN_AT = 2 * FIELDS.length;

/**
 * The fields of a log as bytes of its page, made into strings only on demand: a page of a thousand logs would make ten
 * thousand strings, and making them takes more time than everything that is done with them.
 */
export class AsSent {
  readonly page: PageText;
  /** Where each field begins and ends: two numbers per slot; then what is found at PLAIN_AT, if anything. */
  readonly #spans: Int32Array;
  /** Index of slot 0 in the spans. */
  readonly #base: number;

  constructor(page: PageText, spans: Int32Array, base: number) {
    this.page = page;
    this.#spans = spans;
    this.#base = base;
  }

  /** From texts that belong to no page; those not given are empty. */
  static of(texts: Readonly<Partial<Record<Field, string>>>): AsSent {
    const parts = FIELDS.map((field) => Buffer.from(texts[field] ?? ''));
    const spans = new Int32Array(2 * FIELDS.length);
    let end = 0;
    for (const [slot, { length }] of parts.entries()) {
      spans[2 * slot] = end;
      end += length;
      spans[2 * slot + 1] = end;
    }
    return new AsSent(new PageText(Buffer.concat(parts)), spans, 0);
  }

  /** Where a field's bytes begin in the page. */
  from(slot: number): number {
    return this.#spans[this.#base + 2 * slot] ?? 0;
  }

  /** Where a field's bytes end. */
  to(slot: number): number {
    return this.#spans[this.#base + 2 * slot + 1] ?? 0;
  }

  /** Whether all fields that are texts, not lists, are certainly plain: the same in CSV as they were in JSON. */
  get isPlain(): boolean {
    return this.#spans[this.#base + PLAIN_AT] === 1;
  }

  /** A field's text, whatever its type; empty if it is null or missing. */
  text(field: Field): string {
    const slot = SLOTS[field];
    return this.page.bytes.toString('utf8', this.from(slot), this.to(slot));
  }

  /** Whether a field has exactly these bytes. */
  equals(field: Field, other: Buffer): boolean {
    const slot = SLOTS[field];
    const from = this.from(slot);
    if (this.to(slot) - from !== other.length) return false;
    return this.page.bytes.compare(other, 0, other.length, from, this.to(slot)) === 0;
  }

  /**
   * Computes three hashes of the log: two of its id, and one of its whole JSON.
   *
   * @param hashes receives them
   * @param at index of the first one
   */
  hash(hashes: Int32Array, at: number): void {
    const { view } = this.page;
    murmur3(view, this.from(SLOTS.id), this.to(SLOTS.id), 2, hashes, at);
    murmur3(view, this.from(SLOTS.json), this.to(SLOTS.json), 1, hashes, at + 2);
  }
}
