import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ObjectStore } from '../../../lambda/archive/object-store.ts';

/** An empty store for a single test. */
export interface OwnStore {
  readonly store: ObjectStore;
  readonly close: () => Promise<void>;
}

/** What the archive requires of every store. */
export function describeObjectStore(name: string, open: () => Promise<OwnStore>): void {
  describe(`${name} as a store`, () => {
    let opened: OwnStore;
    let store: ObjectStore;

    beforeEach(async () => {
      opened = await open();
      ({ store } = opened);
    });

    afterEach(() => opened.close());

    const put = (key: string, text: string, condition: Parameters<ObjectStore['put']>[3] = 'absent') =>
      store.put(key, Buffer.from(text), 'text/plain', condition);
    const textOf = async (key: string): Promise<string | undefined> =>
      (await store.get(key))?.body.toString();

    test('returns what was put, and null for what was not', async () => {
      await put('a/day=1/file.txt', 'one');
      expect(await textOf('a/day=1/file.txt')).toBe('one');
      expect(await store.get('a/day=2/file.txt')).toBeNull();
    });

    test('overwrites nothing on the condition that the key is absent', async () => {
      await put('key', 'one');
      expect(await put('key', 'two')).toBeNull();
      expect(await textOf('key')).toBe('one');
    });

    test('counts a write of the same bytes as success', async () => {
      const first = await put('key', 'one');
      expect(first).not.toBeNull();
      expect(await put('key', 'one')).toMatchObject({ ...first });
    });

    test('replaces what was read, and nothing else', async () => {
      const first = await put('key', 'one');
      const second = await put('key', 'two', { replacing: first?.etag ?? '' });
      expect(second).not.toBeNull();
      expect(await put('key', 'three', { replacing: first?.etag ?? '' })).toBeNull();
      expect(await put('gone', 'three', { replacing: first?.etag ?? '' })).toBeNull();
      expect(await textOf('key')).toBe('two');
    });

    test('lets only one of eight concurrent writers win', async () => {
      const outcomes = await Promise.all(Array.from({ length: 8 }, (_, index) => put('key', String(index))));
      const winners = outcomes.flatMap((outcome, index) => (outcome === null ? [] : index));
      expect(winners).toHaveLength(1);
      expect(await textOf('key')).toBe(String(winners[0]));
    });

    test('lists the keys under a prefix', async () => {
      for (const key of ['a/day=1/x', 'a/day=1/y/z', 'a/day=2/x', 'b/day=1/x']) await put(key, 'text');
      expect(await Array.fromAsync(store.list('a/day=1/'))).toEqual(['a/day=1/x', 'a/day=1/y/z']);
      expect(await Array.fromAsync(store.list('c/'))).toEqual([]);
    });

    test('lists the keys after a text, which need not be a key', async () => {
      for (const key of ['a/day=1/x', 'a/day=2/x', 'a/day=2/y', 'a/day=3/x']) await put(key, 'text');
      expect(await Array.fromAsync(store.list('a/', 'a/day=2'))).toEqual([
        'a/day=2/x',
        'a/day=2/y',
        'a/day=3/x',
      ]);
      expect(await Array.fromAsync(store.list('a/', 'a/day=2/x'))).toEqual(['a/day=2/y', 'a/day=3/x']);
      expect(await Array.fromAsync(store.list('a/', 'b'))).toEqual([]);
    });
  });
}
