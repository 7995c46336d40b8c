import { beforeEach, describe, expect, test } from '@jest/globals';
import { type ArchivedDay, findDay } from '../../../lambda/archive/archived-day.ts';
import { earlierReading } from '../../../lambda/archive/archived-line-items.ts';
import { archiveFirst, archiveNext, type ReadDay } from '../../../lambda/archive/revisions.ts';
import { billingDay } from '../../../lambda/billing-day.ts';
import { parseArchived } from '../../../lambda/money/money.ts';
import { ArchiveError } from '../../../lambda/errors.ts';
import type { SignalWireLog } from '../../../local/signalwire-server.ts';
import { booksInto } from '../../support/books.ts';
import { sessionLog } from '../../support/logs.ts';
import { WatchedStore } from '../../support/watched-store.ts';

const ROOM_CHARGES = 'room-charges/day=2026-11-22/room-charges.csv';
const LINE_ITEMS = 'line-items/day=2026-11-22/line-items.csv';
const MANIFEST = 'manifests/day=2026-11-22.json';
const DAY = billingDay('2026-11-22', 'UTC');
const CIRCUMSTANCES = {
  space: 'example',
  currency: 'USD',
  at: Date.parse('2026-11-23T06:00:00Z'),
  notices: [],
};
const CHANGE = { reason: 'a test', restatedBy: 'somebody' };
const LOGS = [sessionLog('a', { charge: '1' })];
const MORE = [...LOGS, sessionLog('b', { charge: '0.5' })];

let store: WatchedStore;

beforeEach(() => {
  store = new WatchedStore();
});

async function archive(logs: readonly SignalWireLog[]): Promise<void> {
  await archiveFirst(store, DAY, await booksInto(store, DAY.day, logs), CIRCUMSTANCES);
}

async function current(): Promise<ArchivedDay> {
  const found = await findDay(store, DAY.day);
  if (found === null) throw new Error('The day is not archived');
  return found;
}

async function readAgain(logs: readonly SignalWireLog[], { manifest }: ArchivedDay): Promise<ReadDay> {
  return booksInto(store, DAY.day, logs, earlierReading(store, manifest));
}

function refuseWriting(key: string): void {
  store.beforeWrite = (written) => {
    if (written === key) throw new ArchiveError('Staged');
  };
}

describe('a first revision leaves no upload behind', () => {
  test('if it is committed', async () => {
    await archive(LOGS);
    expect(store.openUploads).toEqual([]);
  });

  test('if another run has committed the day', async () => {
    await archive(LOGS);
    await archive(MORE);
    expect((await current()).manifest.charge).toBe('1.00');
    expect(store.openUploads).toEqual([]);
  });

  test.each([ROOM_CHARGES, LINE_ITEMS, MANIFEST])('if %s can’t be written', async (key) => {
    const read = await booksInto(store, DAY.day, LOGS);
    expect(store.openUploads).toEqual([LINE_ITEMS]);
    refuseWriting(key);
    await expect(archiveFirst(store, DAY, read, CIRCUMSTANCES)).rejects.toThrow('Staged');
    expect(store.openUploads).toEqual([]);
  });

  test('if the sums disagree', async () => {
    const read = await booksInto(store, DAY.day, LOGS);
    const lineItems = { ...read.lineItems, total: parseArchived('0.99') };
    await expect(archiveFirst(store, DAY, { ...read, lineItems }, CIRCUMSTANCES)).rejects.toThrow(
      'add up to 1.00, its line items to 0.99',
    );
    expect(store.openUploads).toEqual([]);
    expect(store.writes).toEqual([]);
  });

  test('if the rooms can’t be sent', async () => {
    const read = await booksInto(store, DAY.day, LOGS);
    const upload = store.upload.bind(store);
    store.upload = (key, type) => ({
      ...upload(key, type),
      write: () => Promise.reject(new ArchiveError('Staged')),
    });
    await expect(archiveFirst(store, DAY, read, CIRCUMSTANCES)).rejects.toThrow('Staged');
    expect(store.openUploads).toEqual([]);
  });
});

describe('a further revision leaves no upload behind', () => {
  beforeEach(() => archive(LOGS));

  test('if it is committed', async () => {
    const before = await current();
    const next = await archiveNext(store, DAY, await readAgain(MORE, before), before, CIRCUMSTANCES, CHANGE);
    expect(next?.charge).toBe('1.50');
    expect(store.openUploads).toEqual([]);
  });

  test('if nothing has changed', async () => {
    const before = await current();
    const next = await archiveNext(store, DAY, await readAgain(LOGS, before), before, CIRCUMSTANCES, CHANGE);
    expect(next).toBeNull();
    expect(store.openUploads).toEqual([]);
  });

  test('if nothing has changed, and files are put back on top', async () => {
    const before = await current();
    for (const key of [ROOM_CHARGES, LINE_ITEMS]) await store.overwrite(key, 'half done');
    await archiveNext(store, DAY, await readAgain(LOGS, before), before, CIRCUMSTANCES, CHANGE);
    expect(store.openUploads).toEqual([]);
    expect(store.openReads).toEqual([]);
  });

  test('if another run was faster', async () => {
    const before = await current();
    const read = await readAgain([...LOGS, sessionLog('c')], before);
    await archiveNext(store, DAY, await readAgain(MORE, before), before, CIRCUMSTANCES, CHANGE);
    await expect(archiveNext(store, DAY, read, before, CIRCUMSTANCES, CHANGE)).rejects.toThrow(
      'Other runs kept changing',
    );
    expect((await current()).manifest.charge).toBe('1.50');
    expect(store.openUploads).toEqual([]);
  });

  test('if the manifest does not list a file', async () => {
    const before = await current();
    const files = before.manifest.files.filter(({ key }) => key !== ROOM_CHARGES);
    const read = await readAgain(MORE, before);
    const damaged = { ...before, manifest: { ...before.manifest, files } };
    await expect(archiveNext(store, DAY, read, damaged, CIRCUMSTANCES, CHANGE)).rejects.toThrow(
      `does not list ${ROOM_CHARGES}`,
    );
    expect(store.openUploads).toEqual([]);
  });
});

test.each([
  ['that changes something', MORE],
  ['that changes nothing', LOGS],
])('a reading %s reads the earlier line items once, and no other file', async (_what, logs) => {
  await archive(LOGS);
  const before = await current();
  store.reads.length = 0;
  await archiveNext(store, DAY, await readAgain(logs, before), before, CIRCUMSTANCES, CHANGE);
  expect(store.reads).toEqual([LINE_ITEMS]);
  expect(store.openReads).toEqual([]);
});
