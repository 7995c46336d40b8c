import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { JSON_TYPE, type ObjectStore } from '../archive/object-store.ts';
import { ArchiveError } from '../errors.ts';

/** A claim without an outcome is another run at work, until it is this old; then its outcome is unknown. */
const CLAIM_HOLDS_MS = 20 * 60_000;

/** Where a mail stands. */
export type DeliveryState =
  | { readonly kind: 'delivered'; readonly messageId: string }
  /** Claimed a moment ago; how it ended is not known yet. */
  | { readonly kind: 'in-progress' }
  /** To be sent, as this attempt; `possibleRepeat` where an earlier one may have arrived. */
  | { readonly kind: 'due'; readonly attempt: number; readonly possibleRepeat: boolean }
  /** Twice nobody could tell whether the mail arrived: a third one would be a nuisance. */
  | { readonly kind: 'given-up' };

// A mail that was sent once more on purpose has told the day's report as well.
const RESEND_RECEIPT = /^resend-[^/]+\/receipt-\d+\.json$/;

// Nothing in it: that it is there says all.
const WAIVER = Buffer.from('{}\n');

const claimShape = z.object({ at: z.iso.datetime() });
const receiptShape = z.object({ messageId: z.string().min(1) });

/**
 * What happened to a mail, told by objects that are written once and never changed: `claim-1.json` before
 * the mail is sent, `message-1.eml` the mail itself, and `receipt-1.json` or `refusal-1.json` after it. Attempt 2
 * follows a refusal, or a claim whose outcome stayed unknown.
 */
export class DeliveryJournal {
  readonly #store: ObjectStore;
  readonly #prefix: string;

  /** @param prefix where the objects lie; it ends in a slash */
  constructor(store: ObjectStore, prefix: string) {
    this.#store = store;
    this.#prefix = prefix;
  }

  /**
   * @param now milliseconds since the epoch
   * @throws ArchiveError
   */
  async read(now: number): Promise<DeliveryState> {
    const keys = new Set(await this.#store.list(this.#prefix));
    const resent = [...keys].find((key) => RESEND_RECEIPT.test(key.slice(this.#prefix.length)));
    if (resent !== undefined) {
      return { kind: 'delivered', messageId: (await this.#readJson(resent, receiptShape)).messageId };
    }
    let attempts = 0;
    let unknown = 0;
    while (keys.has(this.#key('claim', attempts + 1))) {
      attempts += 1;
      if (keys.has(this.#key('receipt', attempts))) {
        const { messageId } = await this.#readJson(this.#key('receipt', attempts), receiptShape);
        return { kind: 'delivered', messageId };
      }
      if (keys.has(this.#key('refusal', attempts))) continue;
      const { at } = await this.#readJson(this.#key('claim', attempts), claimShape);
      if (now - Date.parse(at) < CLAIM_HOLDS_MS) return { kind: 'in-progress' };
      unknown += 1;
    }
    if (unknown > 1) return { kind: 'given-up' };
    return { kind: 'due', attempt: attempts + 1, possibleRepeat: unknown === 1 };
  }

  /**
   * Records that the day was archived on purpose without a mail: nothing that makes up for missed mails may send one.
   */
  async waive(): Promise<void> {
    await this.#store.put(`${this.#prefix}not-to-be-mailed.json`, WAIVER, JSON_TYPE, 'absent');
  }

  /** @returns false where another run has claimed this attempt */
  async claim(attempt: number, now: number): Promise<boolean> {
    // The token sets this claim apart from every other: equal bytes would pass for our own write come back.
    const claim = { at: new Date(now).toISOString(), token: randomUUID() };
    return this.#write('claim', attempt, claim);
  }

  async keepMessage(attempt: number, raw: Buffer): Promise<void> {
    const key = `${this.#prefix}message-${attempt}.eml`;
    if ((await this.#store.put(key, raw, 'message/rfc822', 'absent')) === null) throw this.#taken(key);
  }

  async receipt(attempt: number, messageId: string): Promise<void> {
    if (!(await this.#write('receipt', attempt, { messageId })))
      throw this.#taken(this.#key('receipt', attempt));
  }

  async refusal(attempt: number, reason: string): Promise<void> {
    if (!(await this.#write('refusal', attempt, { reason })))
      throw this.#taken(this.#key('refusal', attempt));
  }

  #key(kind: 'claim' | 'receipt' | 'refusal', attempt: number): string {
    return `${this.#prefix}${kind}-${attempt}.json`;
  }

  async #write(kind: 'claim' | 'receipt' | 'refusal', attempt: number, content: object): Promise<boolean> {
    const body = Buffer.from(`${JSON.stringify(content, null, 2)}\n`);
    return (await this.#store.put(this.#key(kind, attempt), body, JSON_TYPE, 'absent')) !== null;
  }

  async #readJson<T>(key: string, shape: z.ZodType<T>): Promise<T> {
    const object = await this.#store.get(key);
    try {
      return shape.parse(JSON.parse(object?.body.toString() ?? ''));
    } catch (error) {
      throw new ArchiveError(
        `${this.#store.locate(key)} can't be read (${String(error)}). Restore its first version.`,
      );
    }
  }

  #taken(key: string): ArchiveError {
    return new ArchiveError(
      `${this.#store.locate(key)} is there already, although this run holds the claim. Nothing else may write there.`,
    );
  }
}
