import { once } from 'node:events';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { S3Store } from '../../../lambda/archive/s3-store.ts';
import { BUCKET, IDENTITY } from '../../../local/cloud.ts';
import type { AfterHandling } from '../../../local/loopback-server.ts';
import { refuseAsS3, reply, times } from '../../end-to-end/support/faults.ts';
import { NO_HURRY } from '../../support/deadlines.ts';
import { isReading, StagedS3 } from './staged-s3.ts';
import { bytesOf, TYPE, uploaded } from './uploads.ts';

const BODY = bytesOf(1024 * 1024);

let s3: StagedS3;

beforeEach(async () => {
  s3 = await StagedS3.open();
});
afterEach(() => s3.close());

describe('reading', () => {
  async function drain(store = s3.store): Promise<void> {
    for await (const chunk of (await store.read('key')) ?? []) expect(chunk.length).toBeGreaterThan(0);
  }

  test('fails with the reason if it is refused', async () => {
    s3.server.intercept = refuseAsS3(403, 'AccessDenied');
    const denied = { name: 'ArchiveError', message: expect.stringContaining('AccessDenied') };
    await expect(s3.store.read('key')).rejects.toMatchObject(denied);
    // An answer without a body has no room for the reason.
    await expect(s3.store.head('key')).rejects.toMatchObject({ name: 'ArchiveError' });
  });

  test.each([
    ['in words', refuseAsS3(404, 'NoSuchKey')],
    ['without a word', reply(404, '')],
  ])('finds nothing if S3 says so %s', async (_, absent) => {
    s3.server.intercept = absent;
    expect(await s3.store.get('key')).toBeNull();
  });

  test('fails if there is no bucket', async () => {
    s3.server.intercept = refuseAsS3(404, 'NoSuchBucket');
    await expect(s3.store.get('key')).rejects.toMatchObject({
      name: 'ArchiveError',
      message: expect.stringContaining('NoSuchBucket'),
    });
  });

  test('gives up in time if the bytes stop arriving', async () => {
    await s3.store.put('key', BODY, TYPE, 'absent');
    s3.server.afterHandling = (_request, response, { status, headers }) => {
      response.writeHead(status, { ...headers, 'content-length': String(BODY.length) });
      response.write(BODY.subarray(0, 1000));
      return true;
    };
    const hurried = s3.storeWithin({ remainingMs: () => 1700 });
    await expect(drain(hurried)).rejects.toMatchObject({ name: 'ArchiveError' });
  });
});

describe('a body that breaks off', () => {
  let breakOff: () => void;

  beforeEach(() => {
    breakOff = () => undefined;
  });

  /** Begins an answer with this number of its bytes; the rest never comes. */
  function begin(length: number, further: Record<string, string | undefined> = {}): AfterHandling {
    return (request, response, { status, headers }) => {
      if (!isReading(request)) return false;
      const sent = { ...headers, 'content-length': String(BODY.length), ...further };
      response.writeHead(status, Object.fromEntries(Object.entries(sent).filter(([, value]) => value)));
      response.flushHeaders();
      if (length > 0) response.write(BODY.subarray(0, length));
      // What has been written is still sent.
      breakOff = () => response.socket?.end();
      if (length === 0) breakOff();
      return true;
    };
  }

  /** Reads the object; after the first bytes, the body breaks off. */
  async function read(versionId?: string | null): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of (await s3.store.read('key', versionId)) ?? []) {
      if (chunks.push(chunk) === 1) breakOff();
    }
    return Buffer.concat(chunks);
  }

  function ranges(): unknown[] {
    return s3.server.requests.filter(isReading).map(({ headers }) => headers.range);
  }

  test('is requested again from there on, in the same version, whatever is on top by then', async () => {
    const first = await s3.store.put('key', BODY, TYPE, 'absent');
    s3.server.afterHandling = async (request, response, answer) => {
      s3.server.afterHandling = null;
      await s3.store.put('key', Buffer.from('another'), TYPE, { replacing: first?.etag ?? '' });
      return begin(400_000)(request, response, answer);
    };
    expect((await read()).equals(BODY)).toBe(true);
    expect(ranges()).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
    expect(s3.server.requests.at(-1)?.url).toContain(`versionId=${first?.versionId}`);
  });

  test('is given up if no more of it comes', async () => {
    await s3.store.put('key', BODY, TYPE, 'absent');
    let answers = 0;
    s3.server.afterHandling = (request, response, answer) => {
      answers += 1;
      return begin(answers === 1 ? 1000 : 0)(request, response, answer);
    };
    await expect(read()).rejects.toMatchObject({
      name: 'ArchiveError',
      message: expect.stringContaining(`S3 refused to read s3://${s3.bucket}/key`),
    });
    expect(ranges()).toEqual([undefined, 'bytes=1000-']);
  });

  test.each([
    ['its bytes have been replaced', refuseAsS3(412, 'PreconditionFailed'), 'PreconditionFailed'],
    ['it is gone', refuseAsS3(404, 'NoSuchKey'), 'is gone'],
    ['the answer begins elsewhere', reply(200, BODY.toString(), { etag: '"other"' }), 'from byte 1000'],
  ])('in a bucket without versions is given up if %s', async (_what, fault, reason) => {
    const stored = await s3.store.put('key', BODY, TYPE, 'absent');
    s3.server.intercept = (request, response) =>
      request.headers.range !== undefined && fault(request, response, { status: 200 });
    s3.server.afterHandling = begin(1000, { 'x-amz-version-id': undefined });
    await expect(read()).rejects.toMatchObject({
      name: 'ArchiveError',
      message: expect.stringContaining(reason),
    });
    expect(s3.server.requests.at(-1)?.headers).toMatchObject({
      'if-match': stored?.etag,
      range: 'bytes=1000-',
    });
  });

  test('is not requested again if every byte has come', async () => {
    await s3.store.put('key', BODY, TYPE, 'absent');
    s3.server.afterHandling = (_request, response, { status, headers }) => {
      const length = String(BODY.length);
      response.writeHead(status, {
        ...headers,
        'content-length': length,
        'x-amz-checksum-crc32': 'AAAAAA==',
      });
      response.end(BODY);
      return true;
    };
    await expect(read()).rejects.toMatchObject({
      name: 'ArchiveError',
      message: expect.stringContaining('Checksum mismatch'),
    });
    expect(ranges()).toEqual([undefined]);
  });
});

test('a reader that pauses for longer than a socket may be idle continues where it was', async () => {
  // More than the socket buffers hold.
  const large = bytesOf(40_000_000);
  await (await uploaded(s3.store, 'key', large)).complete('absent');
  const hasty = new S3Client({
    ...IDENTITY,
    endpoint: s3.server.url,
    forcePathStyle: true,
    requestHandler: { socketTimeout: 500 },
  });
  const cuts: Promise<unknown>[] = [];
  s3.server.afterHandling = times(1, (_request, response) => {
    cuts.push(once(response, 'close'));
    return false;
  });
  const chunks: Buffer[] = [];
  for await (const chunk of (await new S3Store(hasty, BUCKET, NO_HURRY).read('key')) ?? []) {
    if (chunks.push(chunk) === 1) await cuts[0];
  }
  hasty.destroy();
  expect(Buffer.concat(chunks).equals(large)).toBe(true);
  expect(s3.asked(isReading)).toBe(2);
});
