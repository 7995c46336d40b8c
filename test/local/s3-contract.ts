import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AwsCredentials } from '../../local/aws-signature.ts';
import { refusal } from './refusal.ts';

/** An S3 to test. */
export interface S3Endpoint {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: AwsCredentials;
  /** An existing, versioned bucket, which may hold other objects. */
  readonly bucket: string;
  /** An existing bucket in which writers race. @default bucket */
  readonly raceBucket?: string;
  close(): Promise<void>;
}

const RACERS = 8;
const PART_BYTES = 5 * 1024 * 1024;

/** What the archive relies on in any S3. */
export function describeS3Contract(name: string, connect: () => Promise<S3Endpoint>): void {
  describe(`${name} as an archive`, () => {
    let s3: S3Endpoint;
    let client: S3Client;
    // Unique to this run, so that objects left in the bucket don't disturb the next one.
    const folder = `contract/${randomUUID()}`;

    beforeAll(async () => {
      s3 = await connect();
      client = newClient(s3.credentials);
    });
    afterAll(async () => {
      client.destroy();
      await s3.close();
    });

    function newClient(credentials: AwsCredentials): S3Client {
      const { endpoint, region } = s3;
      return new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 });
    }

    function at(key: string): { Bucket: string; Key: string } {
      return { Bucket: s3.bucket, Key: `${folder}/${key}` };
    }

    async function put(
      key: string,
      body: string,
      condition: object = {},
    ): Promise<{ etag: string; versionId: string }> {
      const { ETag, VersionId } = await client.send(
        new PutObjectCommand({ ...at(key), Body: body, ...condition }),
      );
      return { etag: ETag ?? '', versionId: VersionId ?? '' };
    }

    /** A key in the bucket in which writers race. */
    function raceTrack(): { Bucket: string } {
      return { Bucket: s3.raceBucket ?? s3.bucket };
    }

    async function read(key: string, more: object = {}): Promise<string | undefined> {
      const { Body } = await client.send(new GetObjectCommand({ ...at(key), ...more }));
      return Body?.transformToString();
    }

    test('returns what was stored, with its type, its ETag and its version', async () => {
      const stored = await put('day=2026-11-22/room charges +ü&%.csv', 'day,charge\r\n', {
        ContentType: 'text/csv; charset=utf-8',
        Metadata: { revision: '2' },
      });
      const { Body, ...found } = await client.send(
        new GetObjectCommand(at('day=2026-11-22/room charges +ü&%.csv')),
      );
      expect(await Body?.transformToString()).toBe('day,charge\r\n');
      expect(found).toMatchObject({
        ContentLength: 12,
        ContentType: 'text/csv; charset=utf-8',
        ETag: stored.etag,
        Metadata: { revision: '2' },
        VersionId: stored.versionId,
      });
      expect(stored.etag).toBe('"0fb6df6cb45fc13419ffd04a7eb22e70"');
    });

    test('describes an object without sending it', async () => {
      const { etag } = await put('head', 'twelve bytes');
      const found = await client.send(new HeadObjectCommand(at('head')));
      expect(found).toMatchObject({ ContentLength: 12, ETag: etag });
    });

    test('stores a stream', async () => {
      const chunks = [Buffer.alloc(70_000, 'a'), Buffer.from('end')];
      await client.send(
        new PutObjectCommand({ ...at('stream'), Body: Readable.from(chunks), ContentLength: 70_003 }),
      );
      expect(await read('stream')).toBe(`${'a'.repeat(70_000)}end`);
    });

    test('returns a range of an object', async () => {
      await put('range', '0123456789');
      expect(await read('range', { Range: 'bytes=2-4' })).toBe('234');
      expect(await read('range', { Range: 'bytes=7-' })).toBe('789');
      expect(await read('range', { Range: 'bytes=-2' })).toBe('89');
      expect(await refusal(read('range', { Range: 'bytes=10-' }))).toEqual({
        name: 'InvalidRange',
        status: 416,
      });
    });

    test('does not overwrite an object with If-None-Match', async () => {
      await put('once', 'first', { IfNoneMatch: '*' });
      expect(await refusal(put('once', 'second', { IfNoneMatch: '*' }))).toEqual({
        name: 'PreconditionFailed',
        status: 412,
      });
      expect(await read('once')).toBe('first');
    });

    test('lets only one of many concurrent first writers win', async () => {
      const writes = Array.from({ length: RACERS }, (_, racer) =>
        put('race', `racer ${racer}`, { ...raceTrack(), IfNoneMatch: '*' }),
      );
      const outcomes = await Promise.allSettled(writes);
      const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await Promise.all(writes.toSpliced(winner, 1).map(refusal))).toEqual(
        Array.from({ length: RACERS - 1 }, () => ({ name: 'PreconditionFailed', status: 412 })),
      );
      expect(await read('race', raceTrack())).toBe(`racer ${winner}`);
    });

    // S3 returns ETags in quotes, and accepts them with and without.
    test.each([
      ['with its quotes', (etag: string) => etag],
      ['without its quotes', (etag: string) => etag.replaceAll('"', '')],
    ])('replaces an object only if it still has the ETag in If-Match, %s', async (form, write) => {
      const key = `replaced ${form}`;
      const IfMatch = write((await put(key, 'first')).etag);
      await put(key, 'second', { IfMatch });
      expect(await refusal(put(key, 'third', { IfMatch }))).toEqual({
        name: 'PreconditionFailed',
        status: 412,
      });
      expect(await read(key)).toBe('second');
    });

    test('replaces nothing with If-Match if there is no object', async () => {
      const { etag } = await put('replacing', 'first');
      expect(await refusal(put('never written', 'second', { IfMatch: etag }))).toEqual({
        name: 'NoSuchKey',
        status: 404,
      });
    });

    test('lets only one of many concurrent replacers win', async () => {
      const { etag } = await put('replaced by one', 'first', raceTrack());
      const writes = Array.from({ length: RACERS }, (_, racer) =>
        put('replaced by one', `racer ${racer}`, { ...raceTrack(), IfMatch: etag }),
      );
      const outcomes = await Promise.allSettled(writes);
      const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await read('replaced by one', raceTrack())).toBe(`racer ${winner}`);
    });

    test('keeps every version', async () => {
      const first = await put('versions', 'first');
      const second = await put('versions', 'second');
      expect(await read('versions')).toBe('second');
      expect(await read('versions', { VersionId: first.versionId })).toBe('first');
      const { Versions } = await client.send(
        new ListObjectVersionsCommand({ Bucket: s3.bucket, Prefix: at('versions').Key }),
      );
      expect(Versions?.map(({ VersionId, IsLatest, Size }) => ({ VersionId, IsLatest, Size }))).toEqual([
        { VersionId: second.versionId, IsLatest: true, Size: 6 },
        { VersionId: first.versionId, IsLatest: false, Size: 5 },
      ]);
    });

    test('says that there is no such key and no such bucket', async () => {
      expect(await refusal(read('nowhere'))).toEqual({ name: 'NoSuchKey', status: 404 });
      expect(await refusal(client.send(new HeadObjectCommand(at('nowhere'))))).toEqual({
        name: 'NotFound',
        status: 404,
      });
      expect(
        await refusal(client.send(new GetObjectCommand({ Bucket: `none-${randomUUID()}`, Key: 'key' }))),
      ).toEqual({ name: 'NoSuchBucket', status: 404 });
    });

    test('lists keys by their bytes, page by page', async () => {
      // U+FF61 comes after U+1F600 in JavaScript's order, but before it in the order of UTF-8 bytes.
      const keys = ['list/A', 'list/a', 'list/b/1', 'list/b/2', 'list/\u{ff61}', 'list/\u{1f600}'];
      await Promise.all(keys.map((key) => put(key, key)));
      const pages: (string | undefined)[][] = [];
      let token: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({
            Bucket: s3.bucket,
            Prefix: at('list/').Key,
            MaxKeys: 4,
            ContinuationToken: token,
          }),
        );
        pages.push((page.Contents ?? []).map(({ Key }) => Key?.slice(folder.length + 1)));
        token = page.NextContinuationToken;
      } while (token !== undefined);
      expect(pages).toEqual([keys.slice(0, 4), keys.slice(4)]);
    });

    test('lists what comes after a key', async () => {
      await Promise.all(['after/a', 'after/b', 'after/c'].map((key) => put(key, key)));
      const StartAfter = at('after/a').Key;
      const found = await client.send(
        new ListObjectsV2Command({ Bucket: s3.bucket, Prefix: at('after/').Key, StartAfter }),
      );
      expect(found.Contents?.map(({ Key }) => Key)).toEqual([at('after/b').Key, at('after/c').Key]);
      expect(found.StartAfter).toBe(StartAfter);
    });

    test('groups keys by the delimiter into common prefixes', async () => {
      await Promise.all(['tree/a', 'tree/b/1', 'tree/b/2', 'tree/c'].map((key) => put(key, key)));
      const { CommonPrefixes, Contents, KeyCount } = await client.send(
        new ListObjectsV2Command({ Bucket: s3.bucket, Prefix: at('tree/').Key, Delimiter: '/' }),
      );
      expect(Contents?.map(({ Key, Size }) => ({ Key, Size }))).toEqual([
        { Key: at('tree/a').Key, Size: 6 },
        { Key: at('tree/c').Key, Size: 6 },
      ]);
      expect(CommonPrefixes).toEqual([{ Prefix: at('tree/b/').Key }]);
      expect(KeyCount).toBe(3);
    });

    test('lists nothing if there is nothing', async () => {
      const { Contents, KeyCount } = await client.send(
        new ListObjectsV2Command({ Bucket: s3.bucket, Prefix: at('empty/').Key }),
      );
      expect({ Contents, KeyCount }).toEqual({ Contents: undefined, KeyCount: 0 });
    });

    test('assembles an object from parts', async () => {
      const { UploadId } = await client.send(new CreateMultipartUploadCommand(at('parts')));
      const upload = { ...at('parts'), UploadId };
      const bodies = [Buffer.alloc(PART_BYTES, 'a'), Buffer.from('end')];
      const parts = await Promise.all(
        bodies.map(async (Body, index) => {
          const PartNumber = index + 1;
          const { ETag } = await client.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
          return { PartNumber, ETag };
        }),
      );
      expect(await refusal(read('parts'))).toEqual({ name: 'NoSuchKey', status: 404 });
      const { ETag } = await client.send(
        new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts } }),
      );
      expect(ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
      expect(await read('parts')).toBe(`${'a'.repeat(PART_BYTES)}end`);
    });

    /** An upload whose only part has these bytes. */
    async function uploadPart(key: string, Body: string): Promise<CompleteMultipartUploadCommandInput> {
      const { UploadId } = await client.send(
        new CreateMultipartUploadCommand({ ...at(key), ChecksumAlgorithm: 'CRC32' }),
      );
      const part = new UploadPartCommand({ ...at(key), UploadId, PartNumber: 1, Body });
      const { ETag, ChecksumCRC32 } = await client.send(part);
      const Parts = [{ PartNumber: 1, ETag, ChecksumCRC32 }];
      return { ...at(key), UploadId, MultipartUpload: { Parts } };
    }

    async function uploadsUnderWay(key: string): Promise<unknown[]> {
      const { Uploads = [] } = await client.send(
        new ListMultipartUploadsCommand({ Bucket: s3.bucket, Prefix: at(key).Key }),
      );
      return Uploads.map(({ Key, UploadId }) => ({ Key, UploadId }));
    }

    test('lists the uploads that are neither completed nor aborted', async () => {
      const completed = await uploadPart('under way/1', 'completed');
      const aborted = await uploadPart('under way/2', 'aborted');
      const left = await uploadPart('under way/3', 'left');
      await client.send(new CompleteMultipartUploadCommand(completed));
      await client.send(new AbortMultipartUploadCommand(aborted));
      expect(await uploadsUnderWay('under way/')).toEqual([{ Key: left.Key, UploadId: left.UploadId }]);
    });

    test('completes an upload if the condition holds, and keeps it if not', async () => {
      const upload = await uploadPart('conditional', 'parts');
      const complete = (condition: object): Promise<unknown> =>
        client.send(new CompleteMultipartUploadCommand({ ...upload, ...condition }));
      expect(await refusal(complete({ IfMatch: '"0fb6df6cb45fc13419ffd04a7eb22e70"' }))).toEqual({
        name: 'NoSuchKey',
        status: 404,
      });
      const { etag } = await put('conditional', 'in the way');
      expect(await refusal(complete({ IfNoneMatch: '*' }))).toEqual({
        name: 'PreconditionFailed',
        status: 412,
      });
      expect(await uploadsUnderWay('conditional')).toHaveLength(1);
      expect(await read('conditional')).toBe('in the way');
      await complete({ IfMatch: etag });
      expect(await read('conditional')).toBe('parts');
    });

    test('forgets an upload that is aborted', async () => {
      const { UploadId } = await client.send(new CreateMultipartUploadCommand(at('aborted')));
      const upload = { ...at('aborted'), UploadId };
      await client.send(new AbortMultipartUploadCommand(upload));
      const part = client.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: 'late' }));
      expect(await refusal(part)).toEqual({ name: 'NoSuchUpload', status: 404 });
    });

    test('refuses bytes that do not match the digest that was sent', async () => {
      const md5OfNothing = '1B2M2Y8AsgTpgAmY7PhCfg==';
      expect(await refusal(put('digest', 'something', { ContentMD5: md5OfNothing }))).toEqual({
        name: 'BadDigest',
        status: 400,
      });
      expect(await refusal(read('digest'))).toEqual({ name: 'NoSuchKey', status: 404 });
    });

    test('keeps the checksum of the whole object that was sent', async () => {
      await put('checksum', 'something', { ChecksumAlgorithm: 'SHA256' });
      const found = await client.send(new HeadObjectCommand({ ...at('checksum'), ChecksumMode: 'ENABLED' }));
      expect(found).toMatchObject({
        ChecksumSHA256: 'P8m2iUWdc4+MiKOkiqnjNUIBa3pAUuABqqU2/KdIE8s=',
        ChecksumType: 'FULL_OBJECT',
      });
    });

    test('refuses a signature made with another key', async () => {
      const stranger = newClient({ ...s3.credentials, secretAccessKey: 'another' });
      expect(await refusal(stranger.send(new GetObjectCommand(at('any'))))).toEqual({
        name: 'SignatureDoesNotMatch',
        status: 403,
      });
      stranger.destroy();
    });
  });
}
