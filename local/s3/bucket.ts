import { createHash, randomBytes } from 'node:crypto';
import { noSuchKey, preconditionFailed, S3Error } from './s3-error.ts';

/** What a client stores under a key, without what the bucket adds. */
export interface ObjectContent {
  /** In several pieces if it was uploaded in parts: joining them would hold a large object in memory twice. */
  readonly bytes: Buffer | readonly Buffer[];
  /** Headers to return when the object is read: content type, user metadata, checksums. */
  readonly headers: Readonly<Record<string, string>>;
}

/** One version of an object. */
export interface ObjectVersion {
  /** Joined anew on each access. */
  readonly bytes: Buffer;
  readonly pieces: readonly Buffer[];
  /** In bytes. */
  readonly size: number;
  readonly headers: ObjectContent['headers'];
  readonly key: string;
  readonly versionId: string;
  /** Quoted, as in the ETag header. */
  readonly etag: string;
  readonly lastModified: Date;
}

/** The conditional headers of a write. */
export interface WriteCondition {
  /** `If-None-Match: *`: the key must not exist. */
  readonly mustBeNew: boolean;
  /** `If-Match`: the ETag that the current version must have, with or without quotes. */
  readonly etag: string | undefined;
}

const UNCONDITIONAL: WriteCondition = { mustBeNew: false, etag: undefined };

/** A versioned bucket in memory. Nothing here awaits, so that checking a condition and writing are one step. */
export class Bucket {
  readonly name: string;
  /** Every version of every key, in the order in which they were written. */
  readonly writes: ObjectVersion[] = [];
  readonly #versions = new Map<string, ObjectVersion[]>();

  constructor(name: string) {
    this.name = name;
  }

  /**
   * Stores a new version.
   *
   * @param etag in quotes; by default the MD5 of the bytes, as for every object that is written in one piece
   * @throws S3Error PreconditionFailed, or NoSuchKey for `If-Match` without an object
   */
  put(
    key: string,
    content: ObjectContent,
    condition: WriteCondition = UNCONDITIONAL,
    lastModified: Date = new Date(),
    etag?: string,
  ): ObjectVersion {
    this.#check(key, condition);
    const pieces = Buffer.isBuffer(content.bytes) ? [content.bytes] : content.bytes;
    const version: ObjectVersion = {
      get bytes() {
        return pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces);
      },
      pieces,
      size: pieces.reduce((sum, { length }) => sum + length, 0),
      headers: content.headers,
      key,
      etag: etag ?? `"${md5(pieces)}"`,
      lastModified,
      versionId: randomBytes(24).toString('base64url'),
    };
    this.#versions.set(key, [...this.versions(key), version]);
    this.writes.push(version);
    return version;
  }

  /** All keys, in the order of their first write. */
  keys(): string[] {
    return [...this.#versions.keys()];
  }

  /** The versions of a key, oldest first. */
  versions(key: string): readonly ObjectVersion[] {
    return this.#versions.get(key) ?? [];
  }

  current(key: string): ObjectVersion | undefined {
    return this.versions(key).at(-1);
  }

  /**
   * The current bytes of an object.
   *
   * @throws S3Error NoSuchKey
   */
  bytes(key: string): Buffer {
    return this.get(key).bytes;
  }

  /**
   * The current bytes of an object as UTF-8 text.
   *
   * @throws S3Error NoSuchKey
   */
  text(key: string): string {
    return this.bytes(key).toString('utf8');
  }

  /**
   * One version of an object.
   *
   * @param versionId by default the current version
   * @throws S3Error NoSuchKey, NoSuchVersion
   */
  get(key: string, versionId?: string): ObjectVersion {
    if (versionId === undefined) {
      const current = this.current(key);
      if (current === undefined) throw noSuchKey(key);
      return current;
    }
    const version = this.versions(key).find((candidate) => candidate.versionId === versionId);
    if (version === undefined) {
      throw new S3Error(404, 'NoSuchVersion', `The version ${versionId} of ${key} does not exist`);
    }
    return version;
  }

  #check(key: string, { mustBeNew, etag }: WriteCondition): void {
    const current = this.current(key);
    if (mustBeNew && current !== undefined) throw preconditionFailed('If-None-Match');
    if (etag === undefined) return;
    if (current === undefined) throw noSuchKey(key);
    if (current.etag.replaceAll('"', '') !== etag.replaceAll('"', '')) throw preconditionFailed('If-Match');
  }
}

function md5(pieces: readonly Buffer[]): string {
  const hash = createHash('md5');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}
