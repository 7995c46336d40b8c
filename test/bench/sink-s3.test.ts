import { afterAll, expect, test } from '@jest/globals';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { SinkS3Server } from '../../bench/servers/sink-s3.ts';
import { BUCKET, IDENTITY } from '../../local/cloud.ts';

const server = await new SinkS3Server({ ...IDENTITY, buckets: [BUCKET] }).listen();
const client = new S3Client({ ...IDENTITY, endpoint: server.url, forcePathStyle: true });
afterAll(() => server.close());

const OBJECT = { Bucket: BUCKET, Key: 'line-items/day=2025-11-22/line-items.csv' };

async function upload(parts: readonly string[]): Promise<{ UploadId: string; etags: string[] }> {
  const { UploadId = '' } = await client.send(
    new CreateMultipartUploadCommand({ ...OBJECT, ContentType: 'text/csv', Metadata: { rows: '2' } }),
  );
  const etags: string[] = [];
  for (const [index, body] of parts.entries()) {
    const part = { ...OBJECT, UploadId, PartNumber: index + 1, Body: Buffer.from(body) };
    etags.push((await client.send(new UploadPartCommand(part))).ETag ?? '');
  }
  return { UploadId, etags };
}

function completion({
  UploadId,
  etags,
}: {
  UploadId: string;
  etags: string[];
}): CompleteMultipartUploadCommand {
  const Parts = etags.map((ETag, index) => ({ ETag, PartNumber: index + 1 }));
  return new CompleteMultipartUploadCommand({
    ...OBJECT,
    UploadId,
    IfNoneMatch: '*',
    MultipartUpload: { Parts },
  });
}

test('parts become an object once: the condition is checked when the upload is completed', async () => {
  const [first, second] = [await upload(['one,', 'two']), await upload(['three'])];
  const { ETag, VersionId } = await client.send(completion(first));
  expect(server.bucket(BUCKET).get(OBJECT.Key)).toMatchObject({
    bytes: Buffer.from('one,two'),
    headers: { 'content-type': 'text/csv', 'x-amz-meta-rows': '2' },
    etag: ETag,
    versionId: VersionId,
  });
  await expect(client.send(completion(second))).rejects.toMatchObject({ name: 'PreconditionFailed' });
  // A refused upload is still there, and can be completed or aborted.
  await expect(client.send(completion(second))).rejects.toMatchObject({ name: 'PreconditionFailed' });
  expect(server.bucket(BUCKET).text(OBJECT.Key)).toBe('one,two');
});

test('an aborted upload can’t be completed', async () => {
  const given = await upload(['one']);
  await client.send(new AbortMultipartUploadCommand({ ...OBJECT, UploadId: given.UploadId }));
  await expect(client.send(completion(given))).rejects.toMatchObject({ name: 'NoSuchUpload' });
});
