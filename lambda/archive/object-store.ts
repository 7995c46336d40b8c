/** An object as it was read. */
export interface StoredObject {
  readonly body: Buffer;
  /** Names these bytes under this key, for `replacing`. */
  readonly etag: string;
  /** Null where the store keeps no versions. */
  readonly versionId: string | null;
}

export type Stored = Omit<StoredObject, 'body'>;

/** What must be true of the key for a write to happen: no object there, or the very one read before. */
export type Condition = 'absent' | { readonly replacing: string };

/** The bytes of an object, as a manifest tells of them. */
export interface Written {
  /** SHA-256, in hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * An object that is written bit by bit, in bounded memory. Nobody sees any of it before `complete`. Once the store has
 * refused a bit, every further call but `abort` throws that refusal.
 */
export interface Upload {
  /**
   * Takes further bytes.
   *
   * @returns when there is room for more, and the buffer may be used again; nothing may be written before that
   */
  write(bytes: Buffer): Promise<void>;
  /** No more bytes come: sends what is left. */
  close(): Promise<Written>;
  /**
   * Puts the object in place. Whatever was sent for it is used up then; it comes after `close`.
   *
   * @returns null where the condition does not hold: the upload may be completed with another one, or aborted. Success,
   * too, where the same bytes are there already.
   */
  complete(condition: Condition): Promise<Stored | null>;
  /**
   * Gives the upload up, and leaves nothing behind, however far it has come. It never throws: it comes after failures,
   * which it must not hide.
   */
  abort(): Promise<void>;
}

/**
 * The archive's storage: S3, or a folder. Every write is conditional, so that no run can overwrite what it has not
 * seen. All methods throw ArchiveError where the store refuses.
 */
export interface ObjectStore {
  /** @returns null where there is no such object */
  get(key: string, versionId?: string | null): Promise<StoredObject | null>;
  /** @returns null where the condition does not hold; success, too, where the same bytes are there already */
  put(key: string, body: Buffer, contentType: string, condition: Condition): Promise<Stored | null>;
  /** Begins an object of any size. Asks the store nothing as long as the bytes are few. */
  upload(key: string, contentType: string): Upload;
  /** What `get` tells, without the bytes. */
  head(key: string): Promise<Stored | null>;
  /**
   * The bytes of an object as they come. They must be read, or given up by leaving the loop: the store keeps waiting.
   *
   * @returns null where there is no such object
   */
  read(key: string, versionId?: string | null): Promise<AsyncIterable<Buffer> | null>;
  /**
   * The keys of the objects under a prefix, in the order of their bytes, read as they are asked for.
   *
   * @param after leaves out the keys up to this text, which need not be one
   */
  list(prefix: string, after?: string): AsyncIterable<string>;
  /** The address of an object as a person may use it. */
  locate(key: string): string;
}

export const CSV_TYPE = 'text/csv; charset=utf-8';
export const JSON_TYPE = 'application/json';
