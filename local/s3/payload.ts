import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { RecordedRequest } from '../loopback-server.ts';
import { notImplemented, S3Error } from './s3-error.ts';

/** The content of an upload, without its transfer encoding, and verified. */
export interface Payload {
  readonly bytes: Buffer;
  /** Checksum headers from the client, verified, to be stored with the object. */
  readonly checksums: Readonly<Record<string, string>>;
}

/** Compute the checksum of each header, in Base64. Other checksums can't be verified and are refused. */
const CHECKSUMS: Readonly<Record<string, (bytes: Buffer) => string>> = {
  'x-amz-checksum-crc32': (bytes) => {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(bytes));
    return sum.toString('base64');
  },
  'x-amz-checksum-sha1': (bytes) => createHash('sha1').update(bytes).digest('base64'),
  'x-amz-checksum-sha256': (bytes) => createHash('sha256').update(bytes).digest('base64'),
};

/** Headers in which an upload may have a checksum. */
export const CHECKSUM_HEADERS: readonly string[] = Object.keys(CHECKSUMS);

/**
 * The checksum of an object, composed from those of its parts as S3 does it.
 *
 * @param header the header of the algorithm
 * @param parts the parts' checksums in base64
 */
export function composeChecksum(header: string, parts: readonly string[]): string {
  const compute = CHECKSUMS[header];
  if (compute === undefined) throw notImplemented(`the checksum ${header}`);
  return `${compute(Buffer.concat(parts.map((part) => Buffer.from(part, 'base64'))))}-${parts.length}`;
}

/**
 * Reads the body of an upload: decodes the `aws-chunked` framing that the SDK uses for streams, and verifies
 * `Content-MD5` and the checksums, whether they are headers or trailers.
 *
 * @throws S3Error BadDigest, InvalidDigest, IncompleteBody, InvalidRequest, MissingContentLength, NotImplemented
 */
export function readPayload(request: RecordedRequest): Payload {
  const { bytes, trailers } = isChunked(request) ? decodeChunks(request) : plainBody(request);
  const md5 = request.headers['content-md5'];
  if (md5 !== undefined) {
    if (!/^[A-Za-z0-9+/]{22}==$/.test(String(md5))) {
      throw new S3Error(400, 'InvalidDigest', 'The Content-MD5 you specified is not valid.');
    }
    if (createHash('md5').update(bytes).digest('base64') !== md5) throw badDigest('Content-MD5');
  }
  const checksums: Record<string, string> = {};
  for (const [name, value] of [...Object.entries(request.headers), ...trailers]) {
    const compute = CHECKSUMS[name];
    if (compute === undefined || typeof value !== 'string') continue;
    if (compute(bytes) !== value) throw badDigest(name);
    checksums[name] = value;
  }
  return { bytes, checksums };
}

function isChunked({ headers }: RecordedRequest): boolean {
  return headers['x-amz-content-sha256'] === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
}

function plainBody({ headers, body }: RecordedRequest): { bytes: Buffer; trailers: [string, string][] } {
  if (headers['content-encoding']?.includes('aws-chunked') === true) {
    throw notImplemented('aws-chunked bodies other than STREAMING-UNSIGNED-PAYLOAD-TRAILER');
  }
  if (headers['content-length'] === undefined) {
    throw new S3Error(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
  }
  return { bytes: body, trailers: [] };
}

/** `<hex size>\r\n<bytes>\r\n` … `0\r\n<trailer>:<value>\r\n\r\n` */
function decodeChunks({ headers, body }: RecordedRequest): { bytes: Buffer; trailers: [string, string][] } {
  const length = headers['x-amz-decoded-content-length'];
  if (length === undefined) {
    throw new S3Error(411, 'MissingContentLength', 'You must provide x-amz-decoded-content-length.');
  }
  const chunks: Buffer[] = [];
  let position = 0;
  const readLine = (): string => {
    const end = body.indexOf('\r\n', position);
    if (end < 0) throw incompleteBody();
    const line = body.toString('latin1', position, end);
    position = end + 2;
    return line;
  };
  for (;;) {
    const size = readLine();
    if (!/^[0-9a-fA-F]+$/.test(size)) throw new S3Error(400, 'InvalidRequest', 'A chunk has no valid size.');
    if (/^0+$/.test(size)) break;
    const end = position + Number.parseInt(size, 16);
    if (body.toString('latin1', end, end + 2) !== '\r\n') throw incompleteBody();
    chunks.push(body.subarray(position, end));
    position = end + 2;
  }
  const trailers: [string, string][] = [];
  for (let line = readLine(); line !== ''; line = readLine()) {
    const [name = ''] = line.split(':', 1);
    trailers.push([name.toLowerCase(), line.slice(name.length + 1).trim()]);
  }
  const announced = headers['x-amz-trailer'];
  if (announced !== undefined && !CHECKSUM_HEADERS.includes(String(announced))) {
    throw notImplemented(`the trailer ${String(announced)}`);
  }
  if (announced !== undefined && !trailers.some(([name]) => name === announced)) {
    throw new S3Error(400, 'MalformedTrailerError', `The trailer ${String(announced)} is missing.`);
  }
  const bytes = Buffer.concat(chunks);
  if (String(bytes.length) !== length) throw incompleteBody();
  return { bytes, trailers };
}

function badDigest(header: string): S3Error {
  return new S3Error(400, 'BadDigest', `The ${header} you specified did not match what we received.`);
}

function incompleteBody(): S3Error {
  return new S3Error(400, 'IncompleteBody', 'You did not provide the number of bytes you specified.');
}
