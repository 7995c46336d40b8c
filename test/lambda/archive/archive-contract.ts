import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fileOf, findDay, readArchivedFile } from '../../../lambda/archive/archived-day.ts';
import { archiveFirst } from '../../../lambda/archive/revisions.ts';
import { manifestKey, roomChargesKey } from '../../../lambda/archive/layout.ts';
import type { Manifest } from '../../../lambda/archive/manifest.ts';
import type { ObjectStore } from '../../../lambda/archive/object-store.ts';
import { S3Store } from '../../../lambda/archive/s3-store.ts';
import { billingDay } from '../../../lambda/billing-day.ts';
import type { OwnBucket } from '../../local/own-bucket.ts';
import { booksInto } from '../../support/books.ts';
import { NO_HURRY } from '../../support/deadlines.ts';
import { sessionLog } from '../../support/logs.ts';

export const DAY = '2026-11-22';
const FACTS = { space: 'example', currency: 'USD', at: Date.parse('2026-11-23T06:00:00Z'), notices: [] };

/** Archives the first revision of the day, with one session of this charge. */
export async function archive(store: ObjectStore, charge: string): Promise<Manifest> {
  const read = await booksInto(store, DAY, [sessionLog('log', { charge })]);
  return archiveFirst(store, billingDay(DAY, 'UTC'), read, FACTS);
}

/** What the archive guarantees in any versioned bucket. */
export function describeArchive(name: string, open: () => Promise<OwnBucket>): void {
  describe(`archiving a day in ${name}`, () => {
    let opened: OwnBucket;
    let store: S3Store;

    beforeEach(async () => {
      opened = await open();
      store = new S3Store(opened.client, opened.bucket, NO_HURRY);
    });

    afterEach(() => opened.close());

    function fileNamed(manifest: Manifest): Promise<Buffer> {
      return readArchivedFile(store, fileOf(manifest, roomChargesKey(DAY)));
    }

    async function currentCsv(): Promise<string | undefined> {
      return (await store.get(roomChargesKey(DAY)))?.body.toString();
    }

    test('replaces a file left by a run that never got as far as its manifest', async () => {
      await store.put(roomChargesKey(DAY), Buffer.from('half a day'), 'text/csv', 'absent');
      const manifest = await archive(store, '0.10');
      expect(await currentCsv()).toContain(',0.10,USD');
      expect((await fileNamed(manifest)).toString()).toBe(await currentCsv());
    });

    test('gives way to a run that has committed the day in the meantime, and leaves that run’s file on top', async () => {
      const winner = await archive(store, '0.10');
      const followed = await archive(store, '9.99');
      expect(followed).toEqual(winner);
      expect(await currentCsv()).toContain(',0.10,USD');
      expect((await findDay(store, DAY))?.manifest).toEqual(winner);
    });

    test('eight times concurrently results in one manifest, with the file that it names on top', async () => {
      const amounts = Array.from({ length: 8 }, (_, index) => `${index}.00`);
      const outcomes = await Promise.allSettled(amounts.map((amount) => archive(store, amount)));
      const winner = (await findDay(store, DAY))?.manifest;
      // A run may fail for good, but no run may return figures other than those committed.
      const believed = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : winner));
      expect(believed).toEqual(Array.from({ length: 8 }, () => winner));
      const lost = outcomes.flatMap((outcome) =>
        outcome.status === 'rejected' ? (outcome.reason as Error) : [],
      );
      expect(lost.filter(({ name }) => name !== 'ArchiveError')).toEqual([]);
      const { Versions } = await opened.client.send(
        new ListObjectVersionsCommand({ Bucket: opened.bucket, Prefix: manifestKey(DAY) }),
      );
      expect(Versions).toHaveLength(1);
      expect(winner === undefined ? '' : (await fileNamed(winner)).toString()).toBe(await currentCsv());
    });
  });

  describe(`reading the archive in ${name}`, () => {
    let opened: OwnBucket;
    let store: S3Store;

    beforeEach(async () => {
      opened = await open();
      store = new S3Store(opened.client, opened.bucket, NO_HURRY);
    });

    afterEach(() => opened.close());

    test('finds no manifest for a day that is not archived', async () => {
      expect(await findDay(store, DAY)).toBeNull();
    });

    test('refuses a file that is not what was archived', async () => {
      const manifest = await archive(store, '0.10');
      const tampered = { ...fileOf(manifest, roomChargesKey(DAY)), sha256: '0'.repeat(64) };
      await expect(readArchivedFile(store, tampered)).rejects.toMatchObject({
        name: 'ArchiveError',
        message: expect.stringContaining('is not what was archived'),
      });
    });

    test('refuses an invalid manifest', async () => {
      await store.put(manifestKey(DAY), Buffer.from('{"day":"2026-11-22"}'), 'application/json', 'absent');
      await expect(findDay(store, DAY)).rejects.toMatchObject({
        name: 'ArchiveError',
        message: expect.stringContaining(`s3://${opened.bucket}/manifests/day=${DAY}.json`),
      });
    });
  });
}
