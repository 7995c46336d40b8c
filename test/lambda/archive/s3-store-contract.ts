import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { S3Store } from '../../../lambda/archive/s3-store.ts';
import type { OwnBucket } from '../../local/own-bucket.ts';
import { NO_HURRY } from '../../support/deadlines.ts';

/** What only an archive in S3 has: versions, listings with many pages, and answers that get lost. */
export function describeS3Store(name: string, open: () => Promise<OwnBucket>): void {
  describe(`A versioned bucket of ${name} as a store`, () => {
    let opened: OwnBucket;
    let store: S3Store;

    beforeEach(async () => {
      opened = await open();
      store = new S3Store(opened.client, opened.bucket, NO_HURRY);
    });

    afterEach(() => opened.close());

    const put = (key: string, text: string, condition: Parameters<S3Store['put']>[3] = 'absent') =>
      store.put(key, Buffer.from(text), 'text/plain', condition);

    test('returns every version by its id, and null for one that was never there', async () => {
      const first = await put('key', 'one');
      const second = await put('key', 'two', { replacing: first?.etag ?? '' });
      expect(await store.get('key', first?.versionId)).toEqual({ ...first, body: Buffer.from('one') });
      expect(await store.get('key', second?.versionId)).toEqual({ ...second, body: Buffer.from('two') });
      expect(await store.get('key')).toEqual({ ...second, body: Buffer.from('two') });
      expect(await store.get('another', first?.versionId)).toBeNull();
    });

    test('recognises its own write if the answer was lost', async () => {
      let attempts = 0;
      opened.client.middlewareStack.add(
        (next) => async (request) => {
          const answer = await next(request);
          attempts += 1;
          if (attempts === 1) throw Object.assign(new Error('The answer was lost'), { name: 'TimeoutError' });
          return answer;
        },
        { step: 'deserialize', priority: 'low' },
      );
      const stored = await put('key', 'one');
      expect(await store.get('key')).toMatchObject({ ...stored });
      const { Versions } = await opened.client.send(new ListObjectVersionsCommand({ Bucket: opened.bucket }));
      expect(Versions?.map(({ VersionId }) => VersionId)).toEqual([stored?.versionId]);
    });

    test('lists all keys, also more than a thousand', async () => {
      const keys = Array.from({ length: 1100 }, (_, index) => `many/${String(index).padStart(4, '0')}`);
      await Promise.all(keys.map((key) => put(key, 'x')));
      expect(await Array.fromAsync(store.list('many/'))).toEqual(keys);
    });
  });
}
