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

/**
 * The archive's storage: S3, or a folder. Every write is conditional, so that no run can overwrite what it has not
 * seen. All methods throw ArchiveError where the store refuses.
 */
export interface ObjectStore {
  /** @returns null where there is no such object */
  get(key: string, versionId?: string | null): Promise<StoredObject | null>;
  /** @returns null where the condition does not hold; success, too, where the same bytes are there already */
  put(key: string, body: Buffer, contentType: string, condition: Condition): Promise<Stored | null>;
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
