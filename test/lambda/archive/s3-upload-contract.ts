import {
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { S3Store } from '../../../lambda/archive/s3-store.ts';
import type { OwnBucket } from '../../local/own-bucket.ts';
import { NO_HURRY } from '../../support/deadlines.ts';
import { bytesOf, PART, TYPE, uploaded } from './uploads.ts';

/** How uploads look in S3: which calls they are made of, and what they leave there. */
export function describeS3Uploads(name: string, open: () => Promise<OwnBucket>): void {
  describe(`An upload to a versioned bucket of ${name}`, () => {
    let opened: OwnBucket;
    let store: S3Store;
    let calls: string[];

    beforeEach(async () => {
      opened = await open();
      store = new S3Store(opened.client, opened.bucket, NO_HURRY);
      calls = [];
      opened.client.middlewareStack.add(
        (next, { commandName }) =>
          (call) => {
            calls.push(String(commandName));
            return next(call);
          },
        { step: 'initialize' },
      );
    });

    afterEach(() => opened.close());

    /** Keys of the multipart uploads that are neither completed nor aborted. */
    async function underWay(): Promise<unknown[]> {
      const { Uploads = [] } = await opened.client.send(
        new ListMultipartUploadsCommand({ Bucket: opened.bucket }),
      );
      return Uploads.map(({ Key }) => Key);
    }

    async function versions(): Promise<unknown[]> {
      const { Versions = [] } = await opened.client.send(
        new ListObjectVersionsCommand({ Bucket: opened.bucket }),
      );
      return Versions.map(({ VersionId }) => VersionId);
    }

    test.each([0, PART])('is a single PUT for %i bytes', async (length) => {
      const upload = await uploaded(store, 'key', bytesOf(length));
      expect(calls).toEqual([]);
      await upload.complete('absent');
      expect(calls).toEqual(['PutObjectCommand']);
    });

    test('is made of parts for one byte more than a part', async () => {
      const upload = await uploaded(store, 'key', bytesOf(PART + 1));
      await upload.complete('absent');
      expect(calls).toEqual([
        'CreateMultipartUploadCommand',
        'UploadPartCommand',
        'UploadPartCommand',
        'CompleteMultipartUploadCommand',
      ]);
    });

    test.each([5, PART + 1])('of %i bytes keeps its content type', async (length) => {
      await (await uploaded(store, 'key', bytesOf(length))).complete('absent');
      const found = await opened.client.send(new HeadObjectCommand({ Bucket: opened.bucket, Key: 'key' }));
      expect(found).toMatchObject({ ContentType: TYPE, ContentLength: length });
    });

    test('is listed while it is in progress, and no longer once it is given up', async () => {
      const upload = await uploaded(store, 'key', bytesOf(17_000_000));
      expect(await underWay()).toEqual(['key']);
      await upload.abort();
      expect(await underWay()).toEqual([]);
      expect(await versions()).toEqual([]);
    });

    test('leaves nothing in progress once it is in place, or if the same bytes already were', async () => {
      const first = await (await uploaded(store, 'key', bytesOf(PART + 1))).complete('absent');
      expect(await underWay()).toEqual([]);
      const again = await uploaded(store, 'key', bytesOf(PART + 1));
      expect(await again.complete('absent')).toEqual(first);
      expect(await underWay()).toEqual([]);
      expect(await versions()).toEqual([first?.versionId]);
    });

    test('stays in progress if a condition did not hold, until it is given up', async () => {
      await store.put('key', Buffer.from('one'), TYPE, 'absent');
      const upload = await uploaded(store, 'key', bytesOf(PART + 1));
      expect(await upload.complete('absent')).toBeNull();
      expect(await underWay()).toEqual(['key']);
      await upload.abort();
      expect(await underWay()).toEqual([]);
    });

    test('recognises its own object if the answer was lost', async () => {
      let completions = 0;
      opened.client.middlewareStack.add(
        (next, { commandName }) =>
          async (request) => {
            const answer = await next(request);
            if (commandName === 'CompleteMultipartUploadCommand' && (completions += 1) === 1)
              throw Object.assign(new Error('The answer was lost'), { name: 'TimeoutError' });
            return answer;
          },
        { step: 'deserialize', priority: 'low' },
      );
      const upload = await uploaded(store, 'key', bytesOf(PART + 1));
      const stored = await upload.complete('absent');
      expect(stored).not.toBeNull();
      expect(await store.head('key')).toEqual(stored);
      expect(await versions()).toEqual([stored?.versionId]);
      expect(await underWay()).toEqual([]);
    });

    test('can be read by its version if another one is on top', async () => {
      const first = await (await uploaded(store, 'key', bytesOf(PART + 1))).complete('absent');
      await store.put('key', Buffer.from('two'), TYPE, { replacing: first?.etag ?? '' });
      const chunks = await Array.fromAsync((await store.read('key', first?.versionId)) ?? []);
      expect(Buffer.concat(chunks).equals(bytesOf(PART + 1))).toBe(true);
      expect(await store.read('another', first?.versionId)).toBeNull();
    });
  });
}
