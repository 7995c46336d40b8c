import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetObjectCommand,
  NoSuchKey,
  paginateListObjectsV2,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { type Deadline, timeLimit } from '../deadline.ts';
import { ArchiveError } from '../errors.ts';
import type { Condition, ObjectStore, Stored, StoredObject } from './object-store.ts';

// The SDK does not repeat a 409 ConditionalRequestConflict; S3's documentation says to.
const MOST_CONFLICTS = 5;

/** An archive in an S3 bucket. */
export class S3Store implements ObjectStore {
  readonly #client: S3Client;
  readonly #bucket: string;

  readonly #deadline: Deadline;

  constructor(client: S3Client, bucket: string, deadline: Deadline) {
    this.#client = client;
    this.#bucket = bucket;
    this.#deadline = deadline;
  }

  async get(key: string, versionId: string | null = null): Promise<StoredObject | null> {
    try {
      const { Body, ETag, VersionId } = await this.#client.send(
        new GetObjectCommand({ Bucket: this.#bucket, Key: key, ...(versionId && { VersionId: versionId }) }),
        { abortSignal: timeLimit(this.#deadline) },
      );
      if (Body === undefined || ETag === undefined)
        throw new TypeError('S3 answered without a body or an ETag');
      return {
        body: Buffer.from(await Body.transformToByteArray()),
        etag: ETag,
        versionId: VersionId ?? null,
      };
    } catch (error) {
      if (error instanceof NoSuchKey || (error instanceof Error && error.name === 'NoSuchVersion'))
        return null;
      throw this.#refused('read', key, error);
    }
  }

  async put(key: string, body: Buffer, contentType: string, condition: Condition): Promise<Stored | null> {
    for (let conflicts = 1; ; conflicts += 1) {
      try {
        const { ETag, VersionId } = await this.#client.send(
          new PutObjectCommand({
            Bucket: this.#bucket,
            Key: key,
            Body: body,
            ContentType: contentType,
            ...(condition === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: condition.replacing }),
          }),
          { abortSignal: timeLimit(this.#deadline) },
        );
        if (ETag === undefined) throw new TypeError('S3 answered without an ETag');
        return { etag: ETag, versionId: VersionId ?? null };
      } catch (error) {
        const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
        if (status === 412 || error instanceof NoSuchKey) {
          // Our own write, stored although its answer was lost, makes the SDK's second try fail like this.
          const stored = await this.get(key);
          return stored?.body.equals(body) === true ? stored : null;
        }
        if (status !== 409 || conflicts === MOST_CONFLICTS) throw this.#refused('write', key, error);
        await sleep(100 * conflicts);
      }
    }
  }

  async *list(prefix: string, after?: string): AsyncGenerator<string> {
    try {
      const pages = paginateListObjectsV2(
        { client: this.#client },
        { Bucket: this.#bucket, Prefix: prefix, StartAfter: after },
        { abortSignal: timeLimit(this.#deadline) },
      );
      for await (const { Contents = [] } of pages) yield* Contents.flatMap(({ Key }) => Key ?? []);
    } catch (error) {
      throw this.#refused('list', prefix, error);
    }
  }

  locate(key: string): string {
    return `s3://${this.#bucket}/${key}`;
  }

  #refused(verb: string, key: string, error: unknown): ArchiveError {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return new ArchiveError(
      `S3 did not let me ${verb} ${this.locate(key)} (${reason}). Check that the bucket exists and that the ` +
        "function's role and the bucket's policy allow it; the next run tries again.",
    );
  }
}
