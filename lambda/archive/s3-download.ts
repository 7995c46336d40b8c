import { Readable } from 'node:stream';
import { GetObjectCommand, type GetObjectCommandInput, type S3Client } from '@aws-sdk/client-s3';
import type { Stored } from './object-store.ts';
import { refused, s3Address } from './s3-refusal.ts';

/** An object to be read. */
export interface DownloadSource {
  readonly client: S3Client;
  readonly bucket: string;
  readonly key: string;
  /** Ends the reading, however far it has got. */
  readonly signal: AbortSignal;
}

/** An object whose bytes are about to arrive. */
export interface OpenObject extends Stored {
  readonly length: number | undefined;
  /** `bytes <first>-<last>/<length>` if only some of the bytes were requested. */
  readonly range: string | undefined;
  readonly body: Readable;
}

/** How S3 says that there is no such object or version; the last name is the SDK's, for an answer without a code. */
const ABSENT = new Set(['NoSuchKey', 'NoSuchVersion', 'NotFound']);

/**
 * @param which version of the object, and which of its bytes
 * @returns null if there is no such object
 * @throws ArchiveError
 */
export async function openObject(
  { client, bucket, key, signal }: DownloadSource,
  which: Pick<GetObjectCommandInput, 'VersionId' | 'IfMatch' | 'Range'>,
): Promise<OpenObject | null> {
  try {
    const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...which }), {
      abortSignal: signal,
    });
    if (!(answer.Body instanceof Readable)) throw new TypeError('S3 answered without a body');
    const { ContentLength: length, ContentRange: range, Body: body } = answer;
    return { ...stored(answer), length, range, body };
  } catch (error) {
    if (error instanceof Error && ABSENT.has(error.name)) return null;
    throw refused('read', s3Address(bucket, key), error);
  }
}

/**
 * The bytes of an object as they arrive. While the reader pauses, the connection is idle and may be closed: by the
 * client's own time limit, or by S3. The rest is then requested, unless no byte has arrived since the last request.
 *
 * @throws ArchiveError
 */
export async function* chunksOf(source: DownloadSource, found: OpenObject): AsyncGenerator<Buffer> {
  let { body } = found;
  let offset = 0;
  for (;;) {
    const start = offset;
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        offset += chunk.length;
        yield chunk;
      }
      return;
    } catch (error) {
      if (offset === start || offset === found.length || source.signal.aborted)
        throw refused('read', s3Address(source.bucket, source.key), error);
    }
    body = await openRest(source, found, offset);
  }
}

/** The bytes of the same object from an offset on. */
async function openRest(source: DownloadSource, found: OpenObject, offset: number): Promise<Readable> {
  const same = found.versionId === null ? { IfMatch: found.etag } : { VersionId: found.versionId };
  const rest = await openObject(source, { ...same, Range: `bytes=${offset}-` });
  if (rest?.range?.startsWith(`bytes ${offset}-`) === true) return rest.body;
  rest?.body.destroy();
  const reason = rest === null ? 'it is gone' : `S3 did not answer from byte ${offset} on`;
  throw refused('read', s3Address(source.bucket, source.key), new Error(reason));
}

/** The ETag and version of an object, from an answer of S3. */
export function stored({
  ETag,
  VersionId,
}: {
  ETag?: string | undefined;
  VersionId?: string | undefined;
}): Stored {
  if (ETag === undefined) throw new TypeError('S3 answered without an ETag');
  return { etag: ETag, versionId: VersionId ?? null };
}
