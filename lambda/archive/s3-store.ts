import {
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  paginateListObjectsV2,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { type Deadline, timeLimit } from '../deadline.ts';
import type { Condition, ObjectStore, Stored, StoredObject, Upload, Written } from './object-store.ts';
import { MOST_CONFLICTS, waitForOthers } from './s3-conflict.ts';
import { chunksOf, type DownloadSource, openObject, stored } from './s3-download.ts';
import { conditionHeaders, MultipartUpload } from './s3-multipart.ts';
import { refused, s3Address } from './s3-refusal.ts';
import { sha256, sha256OfChunks } from './sha256.ts';
import { S3Upload } from './s3-upload.ts';

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
    const source = this.#source(key);
    const found = await openObject(source, versionOf(versionId));
    if (found === null) return null;
    const chunks = await Array.fromAsync(chunksOf(source, found));
    return { body: Buffer.concat(chunks), etag: found.etag, versionId: found.versionId };
  }

  async read(key: string, versionId: string | null = null): Promise<AsyncIterable<Buffer> | null> {
    const source = this.#source(key);
    const found = await openObject(source, versionOf(versionId));
    return found && chunksOf(source, found);
  }

  async head(key: string): Promise<Stored | null> {
    try {
      const answer = await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key }), {
        abortSignal: timeLimit(this.#deadline),
      });
      return stored(answer);
    } catch (error) {
      if (error instanceof NotFound) return null;
      throw refused('look at', this.locate(key), error);
    }
  }

  async put(key: string, body: Buffer, contentType: string, condition: Condition): Promise<Stored | null> {
    for (let conflicts = 1; ; conflicts += 1) {
      try {
        const answer = await this.#client.send(
          new PutObjectCommand({
            Bucket: this.#bucket,
            Key: key,
            Body: body,
            ContentType: contentType,
            ...conditionHeaders(condition),
          }),
          { abortSignal: timeLimit(this.#deadline) },
        );
        return stored(answer);
      } catch (error) {
        const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
        if (status === 412 || error instanceof NoSuchKey) {
          // If our own write was stored but its answer lost, the SDK's second try fails like this.
          return await this.findEqual(key, { sha256: sha256(body), bytes: body.length });
        }
        if (status !== 409 || conflicts === MOST_CONFLICTS) throw refused('write', this.locate(key), error);
        // The SDK does not retry this, but S3's documentation says to.
        await waitForOthers(conflicts);
      }
    }
  }

  upload(key: string, contentType: string): Upload {
    const target = { client: this.#client, bucket: this.#bucket, key, contentType, deadline: this.#deadline };
    return new S3Upload(this, key, contentType, new MultipartUpload(target));
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
      throw refused('list', this.locate(prefix), error);
    }
  }

  locate(key: string): string {
    return s3Address(this.#bucket, key);
  }

  /** @returns null unless the current object has exactly these bytes. It is streamed, as it may be of any size. */
  async findEqual(key: string, written: Written): Promise<Stored | null> {
    const source = this.#source(key);
    const found = await openObject(source, {});
    if (found === null) return null;
    if (found.length !== written.bytes) {
      found.body.destroy();
      return null;
    }
    const digest = await sha256OfChunks(chunksOf(source, found));
    return digest === written.sha256 ? { etag: found.etag, versionId: found.versionId } : null;
  }

  /** The object of a key, to be read until the time is up. */
  #source(key: string): DownloadSource {
    return { client: this.#client, bucket: this.#bucket, key, signal: timeLimit(this.#deadline) };
  }
}

function versionOf(versionId: string | null): { VersionId?: string } {
  return versionId === null ? {} : { VersionId: versionId };
}
