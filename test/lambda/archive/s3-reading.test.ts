import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { refuseAsS3 } from '../../end-to-end/support/faults.ts';
import { StagedS3 } from './staged-s3.ts';
import { bytesOf, TYPE } from './uploads.ts';

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

  test('says so where the bytes break off', async () => {
    await s3.store.put('key', BODY, TYPE, 'absent');
    s3.server.afterHandling = (_request, response, { status, headers }) => {
      response.writeHead(status, { ...headers, 'content-length': String(BODY.length) });
      response.write(BODY.subarray(0, 1000), () => response.destroy());
      return true;
    };
    await expect(drain()).rejects.toMatchObject({
      name: 'ArchiveError',
      message: expect.stringContaining(`S3 did not let me read s3://${s3.bucket}/key`),
    });
  });

  test('says so where it is refused', async () => {
    s3.server.intercept = refuseAsS3(403, 'AccessDenied');
    const denied = { name: 'ArchiveError', message: expect.stringContaining('AccessDenied') };
    await expect(s3.store.read('key')).rejects.toMatchObject(denied);
    // An answer without a body has no room for the reason.
    await expect(s3.store.head('key')).rejects.toMatchObject({ name: 'ArchiveError' });
  });

  test('gives up in time where the bytes stop coming', async () => {
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
