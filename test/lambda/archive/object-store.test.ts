import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ObjectStore } from '../../../lambda/archive/object-store.ts';
import { S3Store } from '../../../lambda/archive/s3-store.ts';
import { BUCKET, IDENTITY } from '../../../local/cloud.ts';
import { FolderStore } from '../../../local/folder-store.ts';
import { startS3Server } from '../../../local/s3-server.ts';

interface Opened {
  readonly store: ObjectStore;
  close(): Promise<void>;
}

async function openS3(): Promise<Opened> {
  const server = await startS3Server({ ...IDENTITY, buckets: [BUCKET] });
  const client = new S3Client({ ...IDENTITY, endpoint: server.url, forcePathStyle: true });
  return { store: new S3Store(client, BUCKET), close: () => server.close() };
}

async function openFolder(): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'archive-'));
  return { store: new FolderStore(folder), close: () => rm(folder, { recursive: true }) };
}

// What the archive asks of a store holds for each of them.
describe.each([
  ['S3', openS3],
  ['a folder', openFolder],
])('%s as a store', (_name, open) => {
  let opened: Opened;
  let store: ObjectStore;

  beforeEach(async () => {
    opened = await open();
    ({ store } = opened);
  });

  afterEach(() => opened.close());

  const put = (key: string, text: string, condition: Parameters<ObjectStore['put']>[3] = 'absent') =>
    store.put(key, Buffer.from(text), 'text/plain', condition);
  const textOf = async (key: string): Promise<string | undefined> => (await store.get(key))?.body.toString();

  test('gives back what was put, and null for what was not', async () => {
    await put('a/day=1/file.txt', 'one');
    expect(await textOf('a/day=1/file.txt')).toBe('one');
    expect(await store.get('a/day=2/file.txt')).toBeNull();
  });

  test('does not overwrite where nothing was to lie', async () => {
    await put('key', 'one');
    expect(await put('key', 'two')).toBeNull();
    expect(await textOf('key')).toBe('one');
  });

  test('takes its own bytes, come back, for success', async () => {
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

  test('lets one of eight win', async () => {
    const outcomes = await Promise.all(Array.from({ length: 8 }, (_, index) => put('key', String(index))));
    const winners = outcomes.flatMap((outcome, index) => (outcome === null ? [] : index));
    expect(winners).toHaveLength(1);
    expect(await textOf('key')).toBe(String(winners[0]));
  });

  test('lists the keys under a prefix', async () => {
    for (const key of ['a/day=1/x', 'a/day=1/y/z', 'a/day=2/x', 'b/day=1/x']) await put(key, 'text');
    expect(await store.list('a/day=1/')).toEqual(['a/day=1/x', 'a/day=1/y/z']);
    expect(await store.list('c/')).toEqual([]);
  });
});

test('a list of more than a thousand keys in S3 is whole', async () => {
  const opened = await openS3();
  const { store } = opened;
  const keys = Array.from({ length: 1100 }, (_, index) => `many/${String(index).padStart(4, '0')}`);
  await Promise.all(keys.map((key) => store.put(key, Buffer.from('x'), 'text/plain', 'absent')));
  expect(await store.list('many/')).toEqual(keys);
  await opened.close();
});
