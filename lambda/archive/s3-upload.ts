import { createHash } from 'node:crypto';
import { NoSuchKey, NoSuchUpload, S3ServiceException } from '@aws-sdk/client-s3';
import { ArchiveError } from '../errors.ts';
import type { Condition, ObjectStore, Stored, Upload, Written } from './object-store.ts';
import { MOST_CONFLICTS, waitForOthers } from './s3-conflict.ts';
import type { MultipartUpload } from './s3-multipart.ts';
import { refused } from './s3-refusal.ts';

/** What fits into the first part becomes a single PUT. S3 accepts no less, and short days need no more memory. */
const FIRST_PART_BYTES = 5 * 1024 * 1024;
/**
 * Of all parts but the first and the last. S3 accepts 10,000 parts for an object: enough for 100 GB. Parts of half the
 * size would take a thirtieth more of the time of a large day, and larger ones bring little more.
 */
export const PART_BYTES = 10 * 1024 * 1024;

/** What an upload needs from the store, apart from sending its parts. */
export interface WholeObjects extends Pick<ObjectStore, 'put' | 'head' | 'locate'> {
  /** The object, if it has exactly these bytes. */
  findEqual(key: string, written: Written): Promise<Stored | null>;
}

/**
 * An object that is being sent to S3. If it fits into one part, it is a single PUT on completion; otherwise it becomes
 * a multipart upload. At most three parts are in memory: one being filled and two being sent. All buffers but the first
 * are reused, since a fresh one costs as much time as hashing what it holds.
 */
export class S3Upload implements Upload {
  readonly #store: WholeObjects;
  readonly #key: string;
  readonly #contentType: string;
  readonly #multipart: MultipartUpload;
  readonly #hash = createHash('sha256');
  readonly #idle: Buffer[] = [];
  #part: Buffer = Buffer.alloc(0);
  /** The number of bytes of the part that are filled. */
  #filled = 0;
  #bytes = 0;
  #isWriting = false;
  #written: Written | null = null;
  #isDone = false;

  constructor(store: WholeObjects, key: string, contentType: string, multipart: MultipartUpload) {
    this.#store = store;
    this.#key = key;
    this.#contentType = contentType;
    this.#multipart = multipart;
  }

  async write(bytes: Buffer): Promise<void> {
    // Concurrent writes would mix up their bytes.
    if (this.#isWriting || this.#written !== null)
      throw new Error('Await each write before the next, and write nothing after closing');
    this.#multipart.check();
    this.#isWriting = true;
    try {
      for (let position = 0; position < bytes.length;) {
        if (this.#filled === this.#part.length) await this.#nextPart();
        const taken = bytes.copy(this.#part, this.#filled, position);
        this.#hash.update(bytes.subarray(position, position + taken));
        this.#filled += taken;
        position += taken;
      }
      this.#bytes += bytes.length;
    } finally {
      this.#isWriting = false;
    }
  }

  async close(): Promise<Written> {
    if (this.#multipart.hasBegun) {
      await this.#sendPart();
      await this.#multipart.settle();
      this.#part = Buffer.alloc(0);
      this.#idle.length = 0;
    }
    this.#written = { sha256: this.#hash.digest('hex'), bytes: this.#bytes };
    return this.#written;
  }

  async complete(condition: Condition): Promise<Stored | null> {
    if (this.#written === null) throw new Error('Close before completing');
    const stored = this.#multipart.hasBegun
      ? await this.#completeParts(condition, this.#written)
      : await this.#store.put(this.#key, this.#filledPart, this.#contentType, condition);
    this.#isDone = stored !== null;
    return stored;
  }

  async abort(): Promise<void> {
    if (!this.#isDone) await this.#multipart.abort();
  }

  get #filledPart(): Buffer {
    return this.#part.subarray(0, this.#filled);
  }

  /** Called only when there are more bytes than the part can hold: what fits into one part is to be a single PUT. */
  async #nextPart(): Promise<void> {
    if (this.#part.length === 0) {
      this.#part = Buffer.allocUnsafe(FIRST_PART_BYTES);
      return;
    }
    await this.#sendPart();
    this.#part = this.#idle.pop() ?? Buffer.allocUnsafe(PART_BYTES);
    this.#filled = 0;
  }

  async #sendPart(): Promise<void> {
    const part = this.#part;
    await this.#multipart.send(this.#filledPart, () => {
      if (part.length === PART_BYTES) this.#idle.push(part);
    });
  }

  /**
   * What S3's documentation says about a refused completion: after a 412 the upload is still there; after a 409
   * ConditionalRequestConflict it must be started again, with all its parts; a 404 NoSuchUpload may mean that it was
   * already completed, for example if the answer was lost.
   *
   * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
   */
  async #completeParts(condition: Condition, written: Written): Promise<Stored | null> {
    try {
      return await this.#withVersion(await this.#multipart.complete(condition));
    } catch (error) {
      const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
      const refusal = refused('write', this.#store.locate(this.#key), error);
      if (status !== undefined && status < 500 && ![404, 409, 412].includes(status)) throw refusal;
      const isOvertaken = status === 409 && (await this.#isOvertaken(condition));
      const equal = await this.#store.findEqual(this.#key, written);
      if (equal !== null) {
        await this.#multipart.abort();
        return equal;
      }
      if (status === 412 || isOvertaken || error instanceof NoSuchKey) return null;
      if (status === 409 || error instanceof NoSuchUpload) throw this.#gone();
      throw refusal;
    }
  }

  /** If a completion is repeated because its answer was lost, the answer may lack the version: Ceph does that. */
  async #withVersion(stored: Stored): Promise<Stored> {
    if (stored.versionId !== null) return stored;
    const onTop = await this.#store.head(this.#key);
    return onTop?.etag === stored.etag ? onTop : stored;
  }

  /** Whether the condition fails after a while: another run's write becomes visible only when it is complete. */
  async #isOvertaken(condition: Condition): Promise<boolean> {
    for (let turn = 1; await this.#holds(condition); turn += 1) {
      if (turn === MOST_CONFLICTS) return false;
      await waitForOthers(turn);
    }
    return true;
  }

  async #holds(condition: Condition): Promise<boolean> {
    const current = await this.#store.head(this.#key);
    return condition === 'absent' ? current === null : current?.etag === condition.replacing;
  }

  #gone(): ArchiveError {
    return new ArchiveError(
      `S3 has dropped what was uploaded for ${this.#store.locate(this.#key)}, as it does when another run writes the ` +
        'same file. The day was not archived; the next run tries again.',
    );
  }
}
