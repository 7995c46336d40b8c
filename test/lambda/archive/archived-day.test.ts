import { beforeEach, describe, expect, test } from '@jest/globals';
import { archivedOf, fileOf, findDay, readArchivedFile } from '../../../lambda/archive/archived-day.ts';
import { sha256 } from '../../../lambda/archive/sha256.ts';
import { earlierReading } from '../../../lambda/archive/archived-line-items.ts';
import { readArchivedLineItems } from '../../support/archived-line-items.ts';
import { type Manifest, writeManifest } from '../../../lambda/archive/manifest.ts';
import { closedBooks } from '../../support/books.ts';
import { sessionLog } from '../../support/logs.ts';
import { WatchedStore } from '../../support/watched-store.ts';

const KEY = 'line-items/day=2026-11-22/line-items.csv';
const { lineItems: ITEMS, bytes: BYTES } = await closedBooks([sessionLog('a')]);
const FILE = { key: KEY, sha256: sha256(BYTES), bytes: BYTES.length, rows: 1, versionId: 'version-1' };
const OTHER = { ...FILE, key: 'room-charges/day=2026-11-22/room-charges.csv' };
const MANIFEST: Manifest = {
  day: '2026-11-22',
  timeZone: 'UTC',
  space: 'example',
  currency: 'USD',
  revision: 1,
  charge: '0.10',
  rooms: 1,
  sessions: 1,
  inProgressSessions: 0,
  deletedLogs: 0,
  files: [OTHER, FILE],
  notices: [],
  revisions: [
    { revision: 1, at: '2026-11-23', charge: '0.10', sessions: 1, reason: 'first reading', restatedBy: null },
  ],
};

let store: WatchedStore;

beforeEach(async () => {
  store = new WatchedStore();
  await store.put(KEY, BYTES, 'text/csv', 'absent');
});

describe('a day', () => {
  test('that is not archived is not found', async () => {
    expect(await findDay(store, '2026-11-22')).toBeNull();
  });

  test('is found, with the ETag that is needed to replace its manifest', async () => {
    await store.overwrite('manifests/day=2026-11-22.json', writeManifest(MANIFEST).toString());
    expect(await findDay(store, '2026-11-22')).toEqual({ manifest: MANIFEST, etag: '"2"' });
    expect(await findDay(store, '2026-11-23')).toBeNull();
  });

  test('with an invalid manifest fails with the address of the manifest', async () => {
    await store.overwrite('manifests/day=2026-11-22.json', '{}');
    await expect(findDay(store, '2026-11-22')).rejects.toThrow(
      /^memory:manifests\/day=2026-11-22\.json is not a readable manifest/,
    );
  });
});

describe('an archived file', () => {
  test('is the version that the manifest names, whatever is on top', async () => {
    await store.overwrite(KEY, 'something else');
    expect(await readArchivedFile(store, FILE)).toEqual(BYTES);
    expect(await readArchivedLineItems(store, MANIFEST)).toEqual(ITEMS);
  });

  test('that holds other bytes is refused', async () => {
    await expect(readArchivedFile(store, { ...FILE, sha256: '0'.repeat(64) })).rejects.toMatchObject({
      name: 'ArchiveError',
      message:
        `memory:${KEY} is not what was archived: the manifest names SHA-256 ${'0'.repeat(64)}. ` +
        "Restore that version from the bucket's history.",
    });
  });

  test.each([
    ['is cut short', BYTES.toString().slice(0, -40)],
    ['has a cell too many', BYTES.toString().replace(',', ',,')],
    ['has a quote that is never closed', BYTES.toString().replace('\r\n', '\r\n"')],
    ['can be parsed, but differs', BYTES.toString().replaceAll('example', 'another')],
    ['is empty', ''],
  ])('is reported as damaged when its line items are read, if it %s', async (_what, text) => {
    const damaged = new WatchedStore();
    await damaged.put(KEY, Buffer.from(text), 'text/csv', 'absent');
    const earlier = earlierReading(damaged, { ...MANIFEST, files: [FILE] });
    const readOn = async (): Promise<void> => {
      while (await earlier.more()) earlier.skip();
    };
    await expect(readOn()).rejects.toMatchObject({
      name: 'ArchiveError',
      message:
        `memory:${KEY} is not what was archived: the manifest names SHA-256 ${FILE.sha256}. ` +
        "Restore that version from the bucket's history.",
    });
    expect(damaged.openReads).toEqual([]);
  });

  test('that is gone is refused', async () => {
    await expect(readArchivedFile(store, { ...FILE, versionId: 'version-9' })).rejects.toMatchObject({
      name: 'ArchiveError',
      message:
        `memory:${KEY} is missing: the manifest names SHA-256 ${FILE.sha256}. ` +
        "Restore that version from the bucket's history.",
    });
  });

  test('is found by its key, and refused if the manifest does not list it', () => {
    expect(fileOf(MANIFEST, KEY)).toBe(FILE);
    expect(() => fileOf(MANIFEST, 'another')).toThrow(
      'The manifest of 2026-11-22 does not list another. Restore its last good version.',
    );
  });
});

test('SHA-256 is written as sha256sum writes it', () => {
  expect(sha256(Buffer.from('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

describe('the list of archived days', () => {
  const put = (...keys: readonly string[]) => Promise.all(keys.map((key) => store.overwrite(key, 'x')));
  const DAYS = ['2026-11-20', '2026-11-21', '2026-11-22'];

  test('is in the order of the days given, and has no other day', async () => {
    await put(...['19', '20', '22', '23'].map((day) => `manifests/day=2026-11-${day}.json`));
    await put('manifests/day=2026-11-21.json.bak');
    expect(await archivedOf(DAYS, store)).toEqual(['2026-11-20', '2026-11-22']);
    expect(await archivedOf([], store)).toEqual([]);
  });

  test('takes one listing, from the oldest to the first day after the newest', async () => {
    await put(...['19', '20', '22', '23', '24'].map((day) => `manifests/day=2026-11-${day}.json`));
    await archivedOf(DAYS, store);
    expect(store.listings).toEqual(['manifests/']);
    expect(store.listed).toEqual(['20', '22', '23'].map((day) => `manifests/day=2026-11-${day}.json`));
  });
});
