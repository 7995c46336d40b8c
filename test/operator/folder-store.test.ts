import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { FolderStore } from '../../operator/folder/folder-store.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folder-store-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

test('of several first writes at the same time, one wins, whole, and no other file is left', async () => {
  const store = new FolderStore(folder);
  const bodies = Array.from({ length: 20 }, (_, index) =>
    Buffer.alloc(100_000, String(index % 10) + 'x' + String(index)),
  );
  const results = await Promise.all(bodies.map((body) => store.put('a/b.txt', body, 'text/plain', 'absent')));
  const [winner, ...others] = bodies.filter((_, index) => results[index] !== null);
  expect(others).toEqual([]);
  expect((await store.get('a/b.txt'))?.body).toEqual(winner);
  expect(await readdir(join(folder, 'a'))).toEqual(['b.txt']);
});

test('a file whose writing was interrupted does not count as an object', async () => {
  const store = new FolderStore(folder);
  await store.put('a/b.txt', Buffer.from('whole'), 'text/plain', 'absent');
  await writeFile(join(folder, 'a/c.txt.4711.unfinished'), 'ha');
  expect(await Array.fromAsync(store.list('a/'))).toEqual(['a/b.txt']);
  expect(await store.get('a/c.txt')).toBeNull();
});
