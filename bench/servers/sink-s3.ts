import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';
import { PART_BYTES } from '../../lambda/archive/s3-upload.ts';
import type { Answer, RecordedRequest } from '../../local/loopback-server.ts';
import { parseTarget } from '../../local/request-target.ts';
import { S3Server } from '../../local/s3-server.ts';
import { readPayload } from '../../local/s3/payload.ts';
import { S3Error } from '../../local/s3/s3-error.ts';
import { xmlDocument } from '../../local/xml.ts';

/** An upload in parts that is neither completed nor aborted. */
interface Upload {
  /** Stored with the object. */
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, Buffer>;
}

/**
 * The loopback S3 with a shortcut for the parts of large files: their signatures are not checked, so that the job's
 * time is measured and not this server's. Everything else is as strict as usual.
 */
export class SinkS3Server extends S3Server {
  readonly #uploads = new Map<string, Upload>();
  /** For a part each. */
  readonly #reserved: Buffer[] = [];

  /**
   * Fetches memory for parts before they come. Fetching it from the system at each part would keep the core busy for
   * milliseconds, just when the space, on the same core, is asked for the next page.
   */
  reserve(bytes: number): void {
    for (let reserved = 0; reserved < bytes; reserved += PART_BYTES) {
      // Filled with anything but zeros: for those, the system would only promise the memory.
      this.#reserved.push(Buffer.alloc(PART_BYTES, 1));
    }
  }

  protected override async readBody(incoming: IncomingMessage): Promise<Buffer> {
    const isOfPart = incoming.method === 'PUT' && parseTarget(incoming.url ?? '').query.has('partNumber');
    const memory = isOfPart ? this.#reserved.pop() : undefined;
    if (memory === undefined) return super.readBody(incoming);
    let length = 0;
    incoming.on('data', (chunk: Buffer) => (length += chunk.copy(memory, length)));
    await finished(incoming);
    return memory.subarray(0, length);
  }

  protected override async handle(request: RecordedRequest): Promise<Answer> {
    // A record of past requests would keep every part in memory a second time.
    this.requests.length = 0;
    const { path, query } = parseTarget(request.url);
    if (query.has('uploads') && request.method === 'POST') return this.#create(request);
    const id = query.get('uploadId') ?? '';
    const upload = this.#uploads.get(id);
    if (upload === undefined) return super.handle(request);
    try {
      if (request.method === 'PUT') return takePart(upload, id, Number(query.get('partNumber')), request);
      if (request.method === 'POST') return this.#complete(upload, id, path, request);
    } catch (error) {
      if (error instanceof S3Error) return error.toAnswer(request.url);
      throw error;
    }
    this.#uploads.delete(id);
    return super.handle(request);
  }

  async #create(request: RecordedRequest): Promise<Answer> {
    const answer = await super.handle(request);
    const [, id] = /<UploadId>([^<]+)</.exec(String(answer.body)) ?? [];
    const headers = headersLike(request, /^(?:content-type|x-amz-meta-.+)$/);
    if (id !== undefined) this.#uploads.set(id, { headers, parts: new Map() });
    return answer;
  }

  #complete({ headers, parts }: Upload, id: string, path: string, request: RecordedRequest): Answer {
    const [bucketName = '', ...rest] = path.slice(1).split('/').map(decodeURIComponent);
    const key = rest.join('/');
    const numbers = [...request.body.toString().matchAll(/<PartNumber>(\d+)</g)];
    const bytes = numbers.map(([, number]) => parts.get(Number(number)) ?? missing(number));
    const { 'if-match': etag, 'if-none-match': ifNoneMatch } = request.headers;
    const version = this.bucket(bucketName).put(
      key,
      { bytes, headers },
      { mustBeNew: ifNoneMatch !== undefined, etag },
      this.now(),
      `"${id}-${numbers.length}"`,
    );
    this.#uploads.delete(id);
    return {
      status: 200,
      headers: { 'content-type': 'application/xml', 'x-amz-version-id': version.versionId },
      body: xmlDocument({
        CompleteMultipartUploadResult: { Bucket: bucketName, Key: key, ETag: version.etag },
      }),
    };
  }
}

function takePart({ parts }: Upload, id: string, number: number, request: RecordedRequest): Answer {
  const { bytes, checksums } = readPayload(request);
  parts.set(number, bytes);
  return { status: 200, headers: { etag: `"${id}-${number}"`, ...checksums } };
}

function missing(number: string | undefined): never {
  throw new S3Error(400, 'InvalidPart', `The part ${String(number)} could not be found.`);
}

function headersLike({ headers }: RecordedRequest, pattern: RegExp): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string] => pattern.test(entry[0]) && typeof entry[1] === 'string',
    ),
  );
}
