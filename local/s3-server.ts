import { findSignatureProblem, type AwsIdentity, type SignatureProblem } from './aws-signature.ts';
import { LoopbackServer, type Answer, type RecordedRequest } from './loopback-server.ts';
import { parseTarget } from './request-target.ts';
import { Bucket } from './s3/bucket.ts';
import { MultipartUploads } from './s3/multipart-uploads.ts';
import { OPERATIONS, type S3Operation } from './s3/operations.ts';
import { notImplemented, S3Error } from './s3/s3-error.ts';

export interface S3ServerOptions extends AwsIdentity {
  /** The buckets that exist. All are versioned. */
  readonly buckets: readonly string[];
}

/** Headers with a special meaning that every signed request may have. */
const COMMON_HEADERS = new Set([
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-user-agent',
]);

const MEANINGFUL_HEADER = /^(?:x-amz-(?!meta-)|if-|range$)/;

const MAXIMUM_KEY_BYTES = 1024;

const SIGNATURE_ERRORS: Readonly<Record<SignatureProblem, S3Error>> = {
  missing: new S3Error(403, 'AccessDenied', 'Access Denied'),
  malformed: new S3Error(403, 'AccessDenied', 'The request is not signed correctly.'),
  'unknown-key': new S3Error(
    403,
    'InvalidAccessKeyId',
    'The AWS Access Key Id does not exist in our records.',
  ),
  mismatch: new S3Error(
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided.',
  ),
  'payload-mismatch': new S3Error(
    400,
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  ),
};

/**
 * S3 in memory: versioned buckets, conditional writes, listings and multipart uploads, addressed by path or by host
 * name (`bucket.localhost`). Everything else is answered with 501 NotImplemented.
 */
export class S3Server extends LoopbackServer {
  readonly #identity: AwsIdentity;
  readonly #buckets: ReadonlyMap<string, { bucket: Bucket; uploads: MultipartUploads }>;

  constructor({ buckets, ...identity }: S3ServerOptions) {
    super();
    this.#identity = identity;
    this.#buckets = new Map(
      buckets.map((name) => [name, { bucket: new Bucket(name), uploads: new MultipartUploads() }]),
    );
  }

  /**
   * The contents of a bucket, for tests to inspect or tamper with.
   *
   * @throws S3Error NoSuchBucket
   */
  bucket(name: string): Bucket {
    return this.#open(name).bucket;
  }

  protected override async handle(request: RecordedRequest): Promise<Answer> {
    try {
      const problem = await findSignatureProblem(request, 's3', this.#identity);
      if (problem !== null) throw SIGNATURE_ERRORS[problem];
      return this.#run(request);
    } catch (error) {
      if (error instanceof S3Error) return error.toAnswer(request.url);
      if (error instanceof URIError) {
        return new S3Error(400, 'InvalidURI', "Couldn't parse the specified URI.").toAnswer(request.url);
      }
      throw error;
    }
  }

  #run(http: RecordedRequest): Answer {
    const { path, query } = parseTarget(http.url);
    const { bucketName, key } = address(http, path);
    if (bucketName === '') throw notImplemented(`${http.method} on the service itself`);
    const operation = findOperation(http, key === '' ? 'bucket' : 'object', query);
    if (Buffer.byteLength(key) > MAXIMUM_KEY_BYTES) {
      throw new S3Error(400, 'KeyTooLongError', 'Your key is too long');
    }
    return operation.run({ ...this.#open(bucketName), key, query, http, now: this.now() });
  }

  #open(name: string): { bucket: Bucket; uploads: MultipartUploads } {
    const found = this.#buckets.get(name);
    if (found === undefined) {
      throw new S3Error(404, 'NoSuchBucket', `The specified bucket does not exist: ${name}`);
    }
    return found;
  }
}

/** Starts an S3 server with empty buckets. */
export function startS3Server(options: S3ServerOptions): Promise<S3Server> {
  return new S3Server(options).listen();
}

function address({ headers }: RecordedRequest, path: string): { bucketName: string; key: string } {
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  const [, virtualHost] = /^(.+)\.localhost$/.exec(host) ?? [];
  if (virtualHost !== undefined) return { bucketName: virtualHost, key: decodeURIComponent(path.slice(1)) };
  if (host !== '127.0.0.1' && host !== 'localhost') throw notImplemented(`the host ${host}`);
  const [bucketName = ''] = path.slice(1).split('/', 1);
  return {
    bucketName: decodeURIComponent(bucketName),
    key: decodeURIComponent(path.slice(bucketName.length + 2)),
  };
}

function findOperation(
  { method, headers }: RecordedRequest,
  on: S3Operation['on'],
  query: ReadonlyMap<string, string>,
): S3Operation {
  const names = [...query.keys()].filter((name) => name !== 'x-id');
  const operation = OPERATIONS.find(
    (candidate) =>
      candidate.method === method &&
      candidate.on === on &&
      candidate.required.every((name) => query.has(name)) &&
      names.every((name) => candidate.required.includes(name) || candidate.optional.includes(name)),
  );
  if (operation === undefined) throw notImplemented(`${method} on ${on} with ?${names.join('&')}`);
  const id = query.get('x-id');
  if (id !== undefined && id !== operation.name) throw notImplemented(id);
  const unknown = Object.keys(headers).find(
    (name) => MEANINGFUL_HEADER.test(name) && !COMMON_HEADERS.has(name) && !operation.headers.includes(name),
  );
  if (unknown !== undefined) throw notImplemented(`the header ${unknown} on ${operation.name}`);
  return operation;
}
