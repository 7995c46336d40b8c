import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { stall } from '../../end-to-end/support/faults.ts';
import { isAbort, isCreation, isPart, manyTurns, only, refuse, StagedS3 } from './staged-s3.ts';
import { bytesOf, PART, writtenOf, TYPE, uploaded } from './uploads.ts';

const LARGE = bytesOf(30_000_000);

let s3: StagedS3;

beforeEach(async () => {
  s3 = await StagedS3.open();
});
afterEach(() => s3.close());

describe('a part that S3 refuses', () => {
  test('ends the writing, although it was refused in the background', async () => {
    s3.server.intercept = refuse(isPart, 403, 'AccessDenied');
    const upload = s3.store.upload('key', TYPE);
    await upload.write(LARGE.subarray(0, PART + 1));
    await s3.seen(isPart, 1);
    // Far too few bytes to fill a part.
    const goOn = async (): Promise<void> => {
      for (let lines = 0; lines < 100_000; lines += 1) {
        await upload.write(Buffer.from('a line'));
        await turn();
      }
    };
    await expect(goOn()).rejects.toMatchObject({
      name: 'ArchiveError',
      message:
        `S3 refused to write s3://${s3.bucket}/key (AccessDenied: Staged). Check that the bucket exists and that ` +
        "the function's role and the bucket's policy allow it; the next run tries again.",
    });
    await expect(upload.close()).rejects.toMatchObject({ name: 'ArchiveError' });
    await upload.abort();
    expect(await s3.underWay()).toEqual([]);
  });

  test('ends the closing if it was the last part', async () => {
    s3.server.intercept = refuse(({ url }) => url.includes('partNumber=3'), 403, 'AccessDenied');
    await expect(uploaded(s3.store, 'key', LARGE)).rejects.toMatchObject({ name: 'ArchiveError' });
    await s3.abortAll('key');
  });

  test('only for a moment is sent again', async () => {
    s3.server.intercept = refuse(isPart, 500, 'InternalError', 2);
    const upload = await uploaded(s3.store, 'key', LARGE);
    await upload.complete('absent');
    expect(s3.holds('key', LARGE)).toBe(true);
    expect(s3.asked(isPart)).toBe(6);
  });

  test('again and again ends the upload', async () => {
    s3.server.intercept = refuse(isPart, 503, 'SlowDown');
    await expect(uploaded(s3.store, 'key', LARGE)).rejects.toMatchObject({
      name: 'ArchiveError',
      message: expect.stringContaining('(SlowDown: Staged)'),
    });
  });

  test('by not answering ends the upload in time', async () => {
    s3.server.intercept = only(isPart, stall);
    const hurried = s3.storeWithin({ remainingMs: () => 1700 });
    await expect(uploaded(hurried, 'key', LARGE)).rejects.toMatchObject({ name: 'ArchiveError' });
  });
});

test('only the payloads of parts are unsigned, and the checksum of each part is signed', async () => {
  await (await uploaded(s3.store, 'key', LARGE)).complete('absent');
  await (await uploaded(s3.store, 'small', LARGE.subarray(0, 9))).complete('absent');
  const unsigned = s3.server.requests.filter(
    ({ headers }) => !/^[0-9a-f]{64}$/.test(String(headers['x-amz-content-sha256'])),
  );
  expect(unsigned).toEqual(s3.server.requests.filter(isPart));
  expect(unsigned).toHaveLength(4);
  for (const { headers } of unsigned) {
    expect(headers['x-amz-content-sha256']).toBe('UNSIGNED-PAYLOAD');
    expect(headers.authorization).toMatch(/SignedHeaders=[^,]*\bx-amz-checksum-crc32\b/);
  }
});

test('a part that arrives changed ends the upload', async () => {
  s3.server.intercept = only(isPart, ({ body }) => {
    body[0] = (body[0] ?? 0) ^ 1;
    return false;
  });
  await expect(uploaded(s3.store, 'key', LARGE)).rejects.toMatchObject({
    name: 'ArchiveError',
    message: expect.stringContaining('BadDigest'),
  });
});

test('an upload that is refused at the start fails with the reason, and has nothing to abort', async () => {
  s3.server.intercept = refuse(isCreation, 403, 'AccessDenied');
  const upload = s3.store.upload('key', TYPE);
  const denied = { name: 'ArchiveError', message: expect.stringContaining('AccessDenied') };
  await expect(upload.write(bytesOf(PART + 1))).rejects.toMatchObject(denied);
  await expect(upload.write(Buffer.from('a line'))).rejects.toMatchObject(denied);
  await expect(upload.close()).rejects.toMatchObject(denied);
  await upload.abort();
  expect(s3.server.requests.map(({ method }) => method)).toEqual(['POST']);
});

test('giving up waits for the parts that are being sent, which would stay otherwise', async () => {
  const { promise: stalled, resolve: goOn } = Promise.withResolvers<boolean>();
  s3.server.intercept = (request) => (isPart(request) ? stalled : false);
  const upload = s3.store.upload('key', TYPE);
  await upload.write(LARGE.subarray(0, PART + 1));
  await s3.seen(isPart, 1);
  const aborted = upload.abort();
  await manyTurns();
  expect(s3.asked(isAbort)).toBe(0);
  goOn(false);
  await aborted;
  expect(await s3.underWay()).toEqual([]);
  await expect(upload.write(LARGE)).rejects.toThrow('was aborted');
});

test('giving up never throws', async () => {
  s3.server.intercept = refuse(isAbort, 403, 'AccessDenied');
  const upload = await uploaded(s3.store, 'key', LARGE);
  await upload.abort();
  expect(await s3.underWay()).toHaveLength(1);
});

test('concurrent writes, a write after closing and a completion before it throw an error', async () => {
  const upload = s3.store.upload('key', TYPE);
  const first = upload.write(bytesOf(PART + 1));
  await expect(upload.write(LARGE)).rejects.toThrow('Await each write before the next');
  await first;
  await expect(upload.complete('absent')).rejects.toThrow('Close before completing');
  expect(await upload.close()).toEqual(writtenOf(bytesOf(PART + 1)));
  await expect(upload.write(LARGE)).rejects.toThrow('write nothing after closing');
  await upload.abort();
});
