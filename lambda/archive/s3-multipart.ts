import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { type Deadline, timeLimit } from '../deadline.ts';
import type { Condition, Stored } from './object-store.ts';
import { stored } from './s3-download.ts';
import { refused, s3Address } from './s3-refusal.ts';

// Two, so that one part is being sent while the answer to the one before is awaited and the next one is filled.
const MOST_IN_FLIGHT = 2;

/** The object that the parts are to become. */
export interface MultipartTarget {
  readonly client: S3Client;
  readonly bucket: string;
  readonly key: string;
  readonly contentType: string;
  readonly deadline: Deadline;
}

/**
 * A multipart upload to S3, which begins with its first part. None of it is visible until it is completed; if it is
 * neither completed nor aborted, the bucket's lifecycle rule removes its parts.
 *
 * The payloads of parts are not signed: the SDK would take a SHA-256 of each, besides the manifest's of the whole file,
 * which is half of the processor time for a part. TLS protects them on their way, and S3 checks the CRC32 of each,
 * which is signed. A policy may refuse unsigned payloads (`s3:x-amz-content-sha256`); the runbook has an entry for it.
 */
export class MultipartUpload {
  readonly #target: MultipartTarget;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #parts: CompletedPart[] = [];
  #id: Promise<string> | null = null;
  /** Why no further part is accepted. */
  #end: Error | null = null;

  constructor(target: MultipartTarget) {
    this.#target = target;
  }

  get hasBegun(): boolean {
    return this.#id !== null;
  }

  /** @throws ArchiveError if S3 has refused this upload or a part of it */
  check(): void {
    if (this.#end !== null) throw this.#end;
  }

  /**
   * Sends the next part once there is room for it.
   *
   * @param whenSent called when the bytes are no longer needed
   * @returns when the part is being sent
   * @throws ArchiveError if S3 has refused this upload or an earlier part of it
   */
  async send(bytes: Buffer, whenSent: () => void): Promise<void> {
    const UploadId = await this.#begin();
    while (this.#inFlight.size >= MOST_IN_FLIGHT) await Promise.race(this.#inFlight);
    this.check();
    const part: CompletedPart = { PartNumber: this.#parts.length + 1 };
    this.#parts.push(part);
    const sending = this.#sendPart(part, { UploadId, Body: bytes })
      .then(whenSent, (error: unknown) => {
        this.#end ??= refused('write', this.#address, error);
      })
      .finally(() => this.#inFlight.delete(sending));
    this.#inFlight.add(sending);
  }

  /**
   * Waits until every part has arrived.
   *
   * @throws ArchiveError if S3 has refused one
   */
  async settle(): Promise<void> {
    await Promise.all(this.#inFlight);
    this.check();
  }

  /** @throws S3ServiceException, or the error that kept the answer from arriving */
  async complete(condition: Condition): Promise<Stored> {
    const { client, deadline } = this.#target;
    const answer = await client.send(
      new CompleteMultipartUploadCommand({
        ...this.#at,
        UploadId: await this.#begin(),
        MultipartUpload: { Parts: this.#parts },
        ...conditionHeaders(condition),
      }),
      { abortSignal: timeLimit(deadline) },
    );
    return stored(answer);
  }

  async abort(): Promise<void> {
    this.#end ??= new Error(`The upload to ${this.#address} was aborted`);
    try {
      if (this.#id === null) return;
      const UploadId = await this.#id;
      // A part that arrives after the abort would stay until the abort is repeated, as S3's documentation says.
      await Promise.all(this.#inFlight);
      const { client, deadline } = this.#target;
      await client.send(new AbortMultipartUploadCommand({ ...this.#at, UploadId }), {
        abortSignal: timeLimit(deadline),
      });
    } catch {
      // It never began, or is gone; if not, the lifecycle rule removes it. What led to the abort matters more.
    }
  }

  #begin(): Promise<string> {
    return (this.#id ??= this.#create());
  }

  async #create(): Promise<string> {
    const { client, contentType, deadline } = this.#target;
    try {
      const { UploadId } = await client.send(
        // S3 accepts the parts' checksums, which the SDK sends, only if they are announced here.
        new CreateMultipartUploadCommand({
          ...this.#at,
          ContentType: contentType,
          ChecksumAlgorithm: 'CRC32',
        }),
        { abortSignal: timeLimit(deadline) },
      );
      if (UploadId === undefined) throw new TypeError('S3 answered without an upload id');
      return UploadId;
    } catch (error) {
      this.#end = refused('write', this.#address, error);
      throw this.#end;
    }
  }

  async #sendPart(part: CompletedPart, body: { UploadId: string; Body: Buffer }): Promise<void> {
    const { client, deadline } = this.#target;
    const command = new UploadPartCommand({
      ...this.#at,
      ...body,
      PartNumber: part.PartNumber,
      ChecksumAlgorithm: 'CRC32',
    });
    command.middlewareStack.add(
      (next) => (step) => {
        leavePayloadUnsigned(step.request);
        return next(step);
      },
      { step: 'build' },
    );
    const { ETag, ChecksumCRC32 } = await client.send(command, { abortSignal: timeLimit(deadline) });
    Object.assign(part, { ETag, ChecksumCRC32 });
  }

  get #at(): { Bucket: string; Key: string } {
    return { Bucket: this.#target.bucket, Key: this.#target.key };
  }

  get #address(): string {
    return s3Address(this.#target.bucket, this.#target.key);
  }
}

/**
 * The SDK signs a payload's hash, unless a header already says what to sign instead.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
function leavePayloadUnsigned(request: unknown): void {
  const { headers } = request as { headers: Record<string, string> };
  headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
}

/** The headers that make a write conditional. */
export function conditionHeaders(condition: Condition): { IfNoneMatch: string } | { IfMatch: string } {
  return condition === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: condition.replacing };
}
