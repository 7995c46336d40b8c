/** An object as it was read. */
export interface StoredObject {
  readonly body: Buffer;
  /** Identifies these bytes under this key, for `replacing`. */
  readonly etag: string;
  /** Null if the store keeps no versions. */
  readonly versionId: string | null;
}

export type Stored = Omit<StoredObject, 'body'>;

/** What must hold for a write to happen: there is no object under the key, or still the one that was read before. */
export type Condition = 'absent' | { readonly replacing: string };

/** What a manifest records about an object's bytes. */
export interface Written {
  /** SHA-256, in hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * An object that is written chunk by chunk, in bounded memory. None of it is visible before `complete`. Once the store
 * has refused a chunk, every further call except `abort` throws that refusal.
 */
export interface Upload {
  /**
   * Takes further bytes.
   *
   * @returns when there is room for more and the buffer may be reused; nothing may be written before that
   */
  write(bytes: Buffer): Promise<void>;
  /** Ends the writing: sends what is left. */
  close(): Promise<Written>;
  /**
   * Puts the object in place, which uses up the upload. To be called after `close`.
   *
   * @returns null if the condition does not hold: the upload may then be completed with another condition, or aborted.
   * If the same bytes are already there, that counts as success, too.
   */
  complete(condition: Condition): Promise<Stored | null>;
  /**
   * Gives up the upload, however far it has got, and leaves nothing behind. It never throws, since it is called after
   * failures, which it must not hide.
   */
  abort(): Promise<void>;
}

/**
 * The archive's storage: S3, or a folder. Every write is conditional, so that no run can overwrite what it has not
 * seen. All methods throw ArchiveError if the store refuses.
 */
export interface ObjectStore {
  /** @returns null if there is no such object */
  get(key: string, versionId?: string | null): Promise<StoredObject | null>;
  /** @returns null if the condition does not hold, unless the same bytes are already there: that counts as success */
  put(key: string, body: Buffer, contentType: string, condition: Condition): Promise<Stored | null>;
  /** Begins an object of any size. While it has only few bytes, nothing is sent to the store. */
  upload(key: string, contentType: string): Upload;
  /** What `get` returns, without the bytes. */
  head(key: string): Promise<Stored | null>;
  /**
   * The bytes of an object as they arrive. They must be read to the end, or given up by leaving the loop: otherwise the
   * store keeps waiting.
   *
   * @returns null if there is no such object
   */
  read(key: string, versionId?: string | null): Promise<AsyncIterable<Buffer> | null>;
  /**
   * The keys of the objects under a prefix, in byte order, fetched as they are needed.
   *
   * @param after leaves out all keys up to this text, which need not be a key itself
   */
  list(prefix: string, after?: string): AsyncIterable<string>;
  /** The address of an object, in a form that people can use. */
  locate(key: string): string;
}

export const CSV_TYPE = 'text/csv; charset=utf-8';
export const JSON_TYPE = 'application/json';
