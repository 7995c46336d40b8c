import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ObjectStore } from '../../../lambda/archive/object-store.ts';
import type { OwnStore } from './object-store-contract.ts';
import { bytesOf, LATER_PART, PART, writtenOf, TYPE, uploaded } from './uploads.ts';

/** What the archive requires of every store for objects that are written chunk by chunk. */
export function describeUploads(name: string, open: () => Promise<OwnStore>): void {
  describe(`${name} as a store for objects that are written chunk by chunk`, () => {
    let opened: OwnStore;
    let store: ObjectStore;

    beforeEach(async () => {
      opened = await open();
      ({ store } = opened);
    });

    afterEach(() => opened.close());

    async function read(key: string): Promise<Buffer | null> {
      const chunks = await store.read(key);
      return chunks && Buffer.concat(await Array.fromAsync(chunks));
    }

    // Compared by hand: a failing toEqual would take minutes over so many bytes.
    async function holds(key: string, body: Buffer): Promise<boolean> {
      return (await read(key))?.equals(body) === true;
    }

    test.each([0, 1, PART - 1, PART, PART + 1, PART + LATER_PART, 30_000_003])(
      'keeps %i bytes',
      async (length) => {
        const body = bytesOf(length);
        const upload = await uploaded(store, 'a/day=1/file.csv', body);
        expect(await store.head('a/day=1/file.csv')).toBeNull();
        expect(await Array.fromAsync(store.list('a/'))).toEqual([]);
        const stored = await upload.complete('absent');
        expect(stored).not.toBeNull();
        expect(await store.head('a/day=1/file.csv')).toEqual(stored);
        expect(await holds('a/day=1/file.csv', body)).toBe(true);
        expect(await Array.fromAsync(store.list('a/'))).toEqual(['a/day=1/file.csv']);
      },
    );

    test.each([0, PART, 17_000_000])('returns the hash and the length of %i bytes', async (length) => {
      const upload = store.upload('key', TYPE);
      const body = bytesOf(length);
      await upload.write(body);
      expect(await upload.close()).toEqual(writtenOf(body));
      await upload.abort();
    });

    test('has neither a head nor bytes for a key without an object', async () => {
      expect(await store.head('nowhere')).toBeNull();
      expect(await store.read('nowhere')).toBeNull();
    });

    test('stops reading when the reader does', async () => {
      const upload = await uploaded(store, 'key', bytesOf(17_000_000));
      await upload.complete('absent');
      for await (const chunk of (await store.read('key')) ?? []) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      expect(await holds('key', bytesOf(17_000_000))).toBe(true);
    });

    describe.each([5, 17_000_000])('of %i bytes', (length) => {
      const body = bytesOf(length);
      const other = bytesOf(length, 'other');

      test('replaces the object that the condition names, and no other', async () => {
        await store.put('key', Buffer.from('one'), TYPE, 'absent');
        const upload = await uploaded(store, 'key', body);
        expect(await upload.complete('absent')).toBeNull();
        expect(await upload.complete({ replacing: '"0123456789abcdef0123456789abcdef"' })).toBeNull();
        expect((await read('key'))?.toString()).toBe('one');
        const replacing = (await store.head('key'))?.etag ?? '';
        expect(await upload.complete({ replacing })).not.toBeNull();
        expect(await holds('key', body)).toBe(true);
      });

      test('replaces nothing if there is no object', async () => {
        const upload = await uploaded(store, 'key', body);
        expect(await upload.complete({ replacing: '"0123456789abcdef0123456789abcdef"' })).toBeNull();
        expect(await store.head('key')).toBeNull();
        expect(await upload.complete('absent')).not.toBeNull();
        expect(await holds('key', body)).toBe(true);
      });

      test('counts as success if the same bytes are already there', async () => {
        const first = await (await uploaded(store, 'key', body)).complete('absent');
        const again = await uploaded(store, 'key', body);
        expect(await again.complete('absent')).toEqual(first);
        expect(await store.head('key')).toEqual(first);
      });

      test('does not count as success if other bytes of the same length are there', async () => {
        await (await uploaded(store, 'key', body)).complete('absent');
        const upload = await uploaded(store, 'key', other);
        expect(await upload.complete('absent')).toBeNull();
        await upload.abort();
        expect(await holds('key', body)).toBe(true);
      });

      test('lets only one of two uploads win', async () => {
        const uploads = await Promise.all([body, other].map((bytes) => uploaded(store, 'key', bytes)));
        const outcomes = await Promise.all(uploads.map((upload) => upload.complete('absent')));
        const winner = outcomes.findIndex((outcome) => outcome !== null);
        expect(outcomes.filter((outcome) => outcome !== null)).toHaveLength(1);
        expect(await holds('key', winner === 0 ? body : other)).toBe(true);
        await Promise.all(uploads.map((upload) => upload.abort()));
        expect(await store.head('key')).toEqual(outcomes[winner]);
      });

      test('is gone if it is given up, and stays if that comes too late', async () => {
        const early = store.upload('key', TYPE);
        await early.abort();
        const halfway = store.upload('key', TYPE);
        await halfway.write(body);
        await halfway.abort();
        const late = await uploaded(store, 'key', body);
        await late.abort();
        await late.abort();
        expect(await store.head('key')).toBeNull();
        const tooLate = await uploaded(store, 'key', body);
        await tooLate.complete('absent');
        await tooLate.abort();
        expect(await holds('key', body)).toBe(true);
      });
    });
  });
}
