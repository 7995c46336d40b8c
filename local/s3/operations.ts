import type { Answer, RecordedRequest } from '../loopback-server.ts';
import { xmlDocument } from '../xml.ts';
import type { Bucket, ObjectVersion, WriteCondition } from './bucket.ts';
import { parseByteRange } from './byte-range.ts';
import { byUtf8, listKeys, parseMaxKeys } from './listing.ts';
import { assembleParts, type MultipartUploads } from './multipart-uploads.ts';
import { CHECKSUM_HEADERS, readPayload } from './payload.ts';
import { notImplemented, S3Error } from './s3-error.ts';

/** A request whose bucket and key are resolved. */
interface S3Request {
  readonly bucket: Bucket;
  readonly uploads: MultipartUploads;
  /** Decoded; empty for requests to the bucket itself. */
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  readonly http: RecordedRequest;
  readonly now: Date;
}

/** One operation of the S3 API, and everything that a request for it may contain. */
export interface S3Operation {
  /** As in the SDK's `x-id` parameter. */
  readonly name: string;
  readonly method: string;
  readonly on: 'bucket' | 'object';
  /** Query parameters that identify this operation. */
  readonly required: readonly string[];
  /** Other query parameters that it supports. */
  readonly optional: readonly string[];
  /** Headers with a special meaning (`x-amz-…`, `if-…`, `range`) that it supports. */
  readonly headers: readonly string[];
  readonly run: (request: S3Request) => Answer;
}

const XMLNS = 'http://s3.amazonaws.com/doc/2006-03-01/';

const UPLOAD_HEADERS = [
  ...CHECKSUM_HEADERS,
  'x-amz-decoded-content-length',
  'x-amz-sdk-checksum-algorithm',
  'x-amz-trailer',
];

const CHECKSUM_TYPE = 'x-amz-checksum-type';

/** Headers that are stored with an object and returned when it is read. */
const STORED_HEADERS = /^(?:content-(?:type|disposition|language)|cache-control|expires|x-amz-meta-.+)$/;

export const OPERATIONS: readonly S3Operation[] = [
  {
    name: 'PutObject',
    method: 'PUT',
    on: 'object',
    required: [],
    optional: [],
    headers: [...UPLOAD_HEADERS, 'if-match', 'if-none-match'],
    run: putObject,
  },
  {
    name: 'GetObject',
    method: 'GET',
    on: 'object',
    required: [],
    optional: ['versionId'],
    headers: ['range', 'x-amz-checksum-mode'],
    run: getObject,
  },
  {
    name: 'HeadObject',
    method: 'HEAD',
    on: 'object',
    required: [],
    optional: ['versionId'],
    headers: ['range', 'x-amz-checksum-mode'],
    run: getObject,
  },
  {
    name: 'ListObjectsV2',
    method: 'GET',
    on: 'bucket',
    required: ['list-type'],
    optional: ['prefix', 'delimiter', 'max-keys', 'continuation-token', 'start-after'],
    headers: [],
    run: listObjects,
  },
  {
    name: 'ListObjectVersions',
    method: 'GET',
    on: 'bucket',
    required: ['versions'],
    optional: ['prefix', 'max-keys', 'key-marker', 'version-id-marker'],
    headers: [],
    run: listObjectVersions,
  },
  {
    name: 'ListMultipartUploads',
    method: 'GET',
    on: 'bucket',
    required: ['uploads'],
    optional: ['prefix'],
    headers: [],
    run: listMultipartUploads,
  },
  {
    name: 'CreateMultipartUpload',
    method: 'POST',
    on: 'object',
    required: ['uploads'],
    optional: [],
    headers: ['x-amz-checksum-algorithm'],
    run: createMultipartUpload,
  },
  {
    name: 'UploadPart',
    method: 'PUT',
    on: 'object',
    required: ['partNumber', 'uploadId'],
    optional: [],
    headers: UPLOAD_HEADERS,
    run: uploadPart,
  },
  {
    name: 'CompleteMultipartUpload',
    method: 'POST',
    on: 'object',
    required: ['uploadId'],
    optional: [],
    headers: ['if-match', 'if-none-match'],
    run: completeMultipartUpload,
  },
  {
    name: 'AbortMultipartUpload',
    method: 'DELETE',
    on: 'object',
    required: ['uploadId'],
    optional: [],
    headers: [],
    run: abortMultipartUpload,
  },
];

function putObject({ bucket, key, http, now }: S3Request): Answer {
  const { bytes, checksums } = readPayload(http);
  // An object that is written in one piece has a checksum of the whole.
  const checked = Object.keys(checksums).length === 0 ? {} : { ...checksums, [CHECKSUM_TYPE]: 'FULL_OBJECT' };
  const content = { bytes, headers: { ...storedHeaders(http), ...checked } };
  const version = bucket.put(key, content, writeCondition(http), now);
  return {
    status: 200,
    headers: { etag: version.etag, 'x-amz-version-id': version.versionId, ...checked },
  };
}

function getObject({ bucket, key, query, http }: S3Request): Answer {
  const version = bucket.get(key, query.get('versionId'));
  const headers = readingHeaders(version, http);
  if (http.headers.range === undefined) return { status: 200, headers, body: version.pieces };
  const { first, last } = parseByteRange(http.headers.range, version.size);
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${first}-${last}/${version.size}` },
    body: version.bytes.subarray(first, last + 1),
  };
}

function readingHeaders(version: ObjectVersion, { headers }: RecordedRequest): Record<string, string> {
  // A checksum covers the whole object, so a range of it is returned without one.
  const wantsChecksums = headers['x-amz-checksum-mode'] === 'ENABLED' && headers.range === undefined;
  const stored = Object.entries(version.headers).filter(
    ([name]) => wantsChecksums || !(name === CHECKSUM_TYPE || CHECKSUM_HEADERS.includes(name)),
  );
  return {
    'accept-ranges': 'bytes',
    'content-type': 'binary/octet-stream',
    ...Object.fromEntries(stored),
    etag: version.etag,
    'last-modified': version.lastModified.toUTCString(),
    'x-amz-version-id': version.versionId,
  };
}

function listObjects({ bucket, query }: S3Request): Answer {
  if (query.get('list-type') !== '2') throw notImplemented('ListObjects other than version 2');
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const maxKeys = parseMaxKeys(query.get('max-keys'));
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after') ?? '';
  // A continued listing starts at its token and ignores `start-after`, as in S3.
  const isStarting = token === undefined && startAfter !== '';
  const keys = bucket.keys().filter((key) => !isStarting || byUtf8(key, startAfter) > 0);
  const page = listKeys(keys, {
    prefix,
    delimiter,
    maxKeys,
    after: token === undefined ? '' : readContinuationToken(token),
  });
  return xmlAnswer({
    ListBucketResult: {
      '@xmlns': XMLNS,
      Name: bucket.name,
      Prefix: prefix,
      ...(delimiter === '' ? {} : { Delimiter: delimiter }),
      ...(startAfter === '' ? {} : { StartAfter: startAfter }),
      MaxKeys: maxKeys,
      KeyCount: page.keys.length + page.commonPrefixes.length,
      IsTruncated: page.continueAfter !== null,
      ...(token === undefined ? {} : { ContinuationToken: token }),
      ...(page.continueAfter === null
        ? {}
        : { NextContinuationToken: Buffer.from(page.continueAfter).toString('base64url') }),
      Contents: page.keys.map((key) => ({ Key: key, ...listedVersion(bucket.get(key)) })),
      CommonPrefixes: page.commonPrefixes.map((entry) => ({ Prefix: entry })),
    },
  });
}

function readContinuationToken(token: string): string {
  const entry = Buffer.from(token, 'base64url').toString('utf8');
  if (entry === '' || Buffer.from(entry).toString('base64url') !== token) {
    throw new S3Error(400, 'InvalidArgument', 'The continuation token provided is incorrect');
  }
  return entry;
}

/** Lists keys in order, and the versions of each key newest first. */
function listObjectVersions({ bucket, query }: S3Request): Answer {
  const prefix = query.get('prefix') ?? '';
  const maxKeys = parseMaxKeys(query.get('max-keys'));
  const all = bucket
    .keys()
    .filter((key) => key.startsWith(prefix))
    .sort(byUtf8)
    .flatMap((key) => bucket.versions(key).toReversed());
  const rest = all.slice(positionAfterMarkers(all, query.get('key-marker'), query.get('version-id-marker')));
  const page = rest.slice(0, maxKeys);
  const last = page.at(-1);
  const isTruncated = rest.length > page.length && last !== undefined;
  return xmlAnswer({
    ListVersionsResult: {
      '@xmlns': XMLNS,
      Name: bucket.name,
      Prefix: prefix,
      MaxKeys: maxKeys,
      IsTruncated: isTruncated,
      ...(isTruncated ? { NextKeyMarker: last.key, NextVersionIdMarker: last.versionId } : {}),
      Version: page.map((version) => ({
        Key: version.key,
        VersionId: version.versionId,
        IsLatest: version === bucket.current(version.key),
        ...listedVersion(version),
      })),
    },
  });
}

function positionAfterMarkers(
  all: readonly ObjectVersion[],
  keyMarker: string | undefined,
  versionIdMarker: string | undefined,
): number {
  if (versionIdMarker !== undefined) {
    const index = all.findIndex(({ key, versionId }) => key === keyMarker && versionId === versionIdMarker);
    if (index < 0) throw new S3Error(400, 'InvalidArgument', 'Invalid version id specified');
    return index + 1;
  }
  if (keyMarker === undefined) return 0;
  const next = all.findIndex(({ key }) => byUtf8(key, keyMarker) > 0);
  return next < 0 ? all.length : next;
}

function listedVersion({ etag, size, lastModified }: ObjectVersion): Record<string, string | number> {
  return {
    LastModified: lastModified.toISOString(),
    ETag: etag,
    Size: size,
    StorageClass: 'STANDARD',
  };
}

/** Lists all uploads in one page, since there are never many here. */
function listMultipartUploads({ bucket, uploads, query }: S3Request): Answer {
  const prefix = query.get('prefix') ?? '';
  const underWay = uploads
    .list()
    .filter(({ upload }) => upload.key.startsWith(prefix))
    .sort((a, b) => byUtf8(a.upload.key, b.upload.key));
  return xmlAnswer({
    ListMultipartUploadsResult: {
      '@xmlns': XMLNS,
      Bucket: bucket.name,
      Prefix: prefix,
      MaxUploads: 1000,
      IsTruncated: false,
      Upload: underWay.map(({ id, upload }) => ({
        Key: upload.key,
        UploadId: id,
        Initiated: upload.begun.toISOString(),
        StorageClass: 'STANDARD',
      })),
    },
  });
}

function createMultipartUpload({ bucket, uploads, key, http, now }: S3Request): Answer {
  const algorithm = http.headers['x-amz-checksum-algorithm'];
  const checksum = algorithm === undefined ? null : `x-amz-checksum-${String(algorithm).toLowerCase()}`;
  if (checksum !== null && !CHECKSUM_HEADERS.includes(checksum)) {
    throw notImplemented(`the checksum algorithm ${String(algorithm)}`);
  }
  const id = uploads.create({ key, headers: storedHeaders(http), checksum, begun: now });
  return xmlAnswer({
    InitiateMultipartUploadResult: { '@xmlns': XMLNS, Bucket: bucket.name, Key: key, UploadId: id },
  });
}

function uploadPart({ uploads, key, query, http }: S3Request): Answer {
  const payload = readPayload(http);
  const etag = uploads.putPart(query.get('uploadId') ?? '', key, query.get('partNumber') ?? '', payload);
  return { status: 200, headers: { etag, ...payload.checksums } };
}

function completeMultipartUpload({ bucket, uploads, key, query, http, now }: S3Request): Answer {
  const id = query.get('uploadId') ?? '';
  const upload = uploads.get(id, key);
  const { pieces, etag, checksums } = assembleParts(upload, http.body.toString('utf8'));
  const content = { bytes: pieces, headers: { ...upload.headers, ...checksums } };
  const version = bucket.put(key, content, writeCondition(http), now, etag);
  uploads.delete(id);
  const answer = xmlAnswer({
    CompleteMultipartUploadResult: { '@xmlns': XMLNS, Bucket: bucket.name, Key: key, ETag: etag },
  });
  return { ...answer, headers: { ...answer.headers, 'x-amz-version-id': version.versionId } };
}

function abortMultipartUpload({ uploads, key, query }: S3Request): Answer {
  const id = query.get('uploadId') ?? '';
  uploads.get(id, key);
  uploads.delete(id);
  return { status: 204 };
}

function writeCondition({ headers }: RecordedRequest): WriteCondition {
  const ifNoneMatch = headers['if-none-match'];
  const ifMatch = headers['if-match'];
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') throw notImplemented('If-None-Match other than *');
  if (ifMatch === '*') throw notImplemented('If-Match: *');
  if (ifNoneMatch !== undefined && ifMatch !== undefined) {
    throw notImplemented('If-None-Match together with If-Match');
  }
  return { mustBeNew: ifNoneMatch !== undefined, etag: ifMatch };
}

function storedHeaders({ headers }: RecordedRequest): Record<string, string> {
  const stored = Object.entries(headers).filter(
    (entry): entry is [string, string] => STORED_HEADERS.test(entry[0]) && typeof entry[1] === 'string',
  );
  // The chunked framing belongs to the transfer, not to the object.
  const encoding = (headers['content-encoding'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'aws-chunked')
    .join(',');
  return { ...Object.fromEntries(stored), ...(encoding === '' ? {} : { 'content-encoding': encoding }) };
}

function xmlAnswer(tree: Readonly<Record<string, unknown>>): Answer {
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: xmlDocument(tree) };
}
