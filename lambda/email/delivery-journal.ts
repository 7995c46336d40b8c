import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { JSON_TYPE, type ObjectStore } from '../archive/object-store.ts';
import { ArchiveError } from '../errors.ts';
import { shapeProblems } from '../shape-problems.ts';
import { type Attempt, type DeliveryState, stateOf } from './delivery-state.ts';

// Names below a day's prefix. A mail that is sent once more on request has its own folder there.
const CLAIM = /^(resend-[^/]+\/)?claim-(\d+)\.json$/;
const RECEIPT = /^(?:resend-[^/]+\/)?receipt-\d+\.json$/;
const WAIVER = 'not-to-be-mailed.json';

const claimShape = z.object({ at: z.iso.datetime() });
const receiptShape = z.object({ messageId: z.string().min(1) });

/**
 * Records what happened to a mail, in objects that are written once and never changed: `claim-1.json` before the mail
 * is sent, `message-1.eml` with the mail itself, and `receipt-1.json` or `refusal-1.json` afterwards. Attempt 2 follows
 * a refusal, or a claim whose outcome stayed unknown.
 */
export class DeliveryJournal {
  readonly #store: ObjectStore;
  readonly #prefix: string;

  /** @param prefix of the journal's keys, ending in a slash */
  constructor(store: ObjectStore, prefix: string) {
    this.#store = store;
    this.#prefix = prefix;
  }

  /**
   * The state of the mail. If the report was sent once more on request, that counts too: it was the same report.
   *
   * @param now milliseconds since the epoch
   * @throws ArchiveError
   */
  async read(now: number): Promise<DeliveryState> {
    const keys = await Array.fromAsync(this.#store.list(this.#prefix));
    const names = new Set(keys.map((key) => key.slice(this.#prefix.length)));
    const attempts = (ofResends: boolean): Promise<Attempt[]> => {
      const claims = [...names].filter((name) => CLAIM.test(name) && name.includes('/') === ofResends);
      return Promise.all(claims.map((claim) => this.#readAttempt(claim, names)));
    };
    const own = await attempts(false);
    const isTaken = own.some(({ kind }) => kind === 'taken');
    return stateOf(own, isTaken ? [] : await attempts(true), now);
  }

  /**
   * Records that the day was deliberately archived without a mail, so that no run that makes up for missed mails sends
   * one.
   */
  async waive(): Promise<void> {
    // Empty: its existence is all that matters.
    await this.#store.put(this.#prefix + WAIVER, Buffer.from('{}\n'), JSON_TYPE, 'absent');
  }

  /** @returns false if another run has claimed this attempt */
  async claim(attempt: number, now: number): Promise<boolean> {
    // The token makes this claim unique: equal bytes would look like our own write after a lost answer.
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

  async #readAttempt(claim: string, names: ReadonlySet<string>): Promise<Attempt> {
    const receipt = claim.replace(CLAIM, '$1receipt-$2.json');
    if (names.has(receipt)) {
      const { messageId } = await this.#readJson(this.#prefix + receipt, receiptShape);
      return { kind: 'taken', messageId };
    }
    if (names.has(claim.replace(CLAIM, '$1refusal-$2.json'))) return { kind: 'refused' };
    const { at } = await this.#readJson(this.#prefix + claim, claimShape);
    return { kind: 'open', claimedAt: Date.parse(at) };
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
      const problem = error instanceof z.ZodError ? shapeProblems(error, 'it') : String(error);
      throw new ArchiveError(
        `${this.#store.locate(key)} can't be read (${problem}). Restore its first version.`,
      );
    }
  }

  #taken(key: string): ArchiveError {
    return new ArchiveError(
      `${this.#store.locate(key)} already exists, although this run holds the claim. Nothing else may write there.`,
    );
  }
}

/** Whether an object of a day's journal, named without its prefix, means that the day needs no more mailing. */
export function settlesDay(name: string): boolean {
  return isReceipt(name) || name === WAIVER;
}

/** Whether an object of a day's journal, named without its prefix, is the receipt of a mail. */
export function isReceipt(name: string): boolean {
  return RECEIPT.test(name);
}
