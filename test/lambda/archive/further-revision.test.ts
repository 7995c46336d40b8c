import { beforeEach, describe, expect, test } from '@jest/globals';
import { type ArchivedDay, findDay, readArchivedFile } from '../../../lambda/archive/archived-day.ts';
import type { Manifest } from '../../../lambda/archive/manifest.ts';
import { archiveFirst, archiveNext, wouldRestate } from '../../../lambda/archive/revisions.ts';
import { billingDay } from '../../../lambda/billing-day.ts';
import type { SignalWireLog } from '../../../local/signalwire-server.ts';
import { booksInto } from '../../support/books.ts';
import { deletedLog, sessionLog } from '../../support/logs.ts';
import { WatchedStore } from '../../support/watched-store.ts';

const ROOM_CHARGES = 'room-charges/day=2026-11-22/room-charges.csv';
const LINE_ITEMS = 'line-items/day=2026-11-22/line-items.csv';
const MANIFEST = 'manifests/day=2026-11-22.json';
const CSV = 'text/csv; charset=utf-8';
const DAY = billingDay('2026-11-22', 'UTC');
const AT = Date.parse('2026-11-23T06:00:00Z');
const FACTS = { space: 'example', currency: 'USD' };
const LOGS = [sessionLog('a', { charge: '1' })];
const MORE = [...LOGS, sessionLog('b', { charge: '0.5' })];
const OTHERS = [...LOGS, sessionLog('c', { charge: '7' })];

let store: WatchedStore;
let first: ArchivedDay;

beforeEach(async () => {
  store = new WatchedStore();
  await archiveFirst(store, DAY, await booksInto(store, DAY.day, LOGS), {
    ...FACTS,
    at: AT,
    notices: ['First.'],
  });
  first = await current();
  store.writes.length = 0;
});

async function current(): Promise<ArchivedDay> {
  const found = await findDay(store, '2026-11-22');
  if (found === null) throw new Error('The day is not archived');
  return found;
}

async function restate(logs: readonly SignalWireLog[], before = first): Promise<Manifest | null> {
  const circumstances = { ...FACTS, at: AT + 3_600_000, notices: ['Second.'] };
  const change = { reason: 'a test', restatedBy: 'somebody' };
  return archiveNext(store, DAY, await booksInto(store, DAY.day, logs), before, circumstances, change);
}

async function expectWhole({ files }: Manifest): Promise<void> {
  for (const file of files) {
    expect(await store.text(file.key)).toBe((await readArchivedFile(store, file)).toString());
  }
}

describe('a further revision', () => {
  test('is added to those before, and has only its own notices', async () => {
    const next = await restate(MORE);
    expect(next).toEqual((await current()).manifest);
    expect(next).toMatchObject({ revision: 2, charge: '1.50', sessions: 2, notices: ['Second.'] });
    expect(next?.revisions).toEqual([
      ...first.manifest.revisions,
      {
        revision: 2,
        at: '2026-11-23T07:00:00.000Z',
        charge: '1.50',
        sessions: 2,
        reason: 'a test',
        restatedBy: 'somebody',
      },
    ]);
    if (next !== null) await expectWhole(next);
  });

  test('replaces exactly the objects that were read', async () => {
    const [rooms, items] = [await store.get(ROOM_CHARGES), await store.get(LINE_ITEMS)];
    await restate(MORE);
    expect(store.writes).toEqual([
      { key: ROOM_CHARGES, contentType: CSV, condition: { replacing: rooms?.etag } },
      { key: LINE_ITEMS, contentType: CSV, condition: { replacing: items?.etag } },
      { key: MANIFEST, contentType: 'application/json', condition: { replacing: first.etag } },
    ]);
  });

  test.each([
    ['a new charge', MORE, true],
    ['only a session that is now running', [sessionLog('a', { charge: '1', status: 'in-progress' })], true],
    ['only a new deleted log', [...LOGS, deletedLog('gone')], true],
    ['no change', LOGS, false],
  ])('is made only if something has changed: %s', async (_what, logs, made) => {
    expect(wouldRestate(first.manifest, await booksInto(store, DAY.day, logs))).toBe(made);
    expect((await restate(logs)) === null).toBe(!made);
    expect((await current()).manifest.revision).toBe(made ? 2 : 1);
  });

  test('is made even if only the number of running sessions has changed, and no file', async () => {
    const { books, lineItems } = await booksInto(store, DAY.day, LOGS);
    const charges = { ...books.charges, inProgressSessions: 1 };
    expect(wouldRestate(first.manifest, { books: { ...books, charges }, lineItems })).toBe(true);
  });

  test('is refused if the manifest does not list the files', async () => {
    const manifest = { ...first.manifest, files: first.manifest.files.slice(0, 1) };
    await expect(restate(LOGS, { ...first, manifest })).rejects.toMatchObject({
      message: `The manifest of 2026-11-22 does not list ${LINE_ITEMS}. Restore its last good version.`,
    });
  });
});

describe('a reading that changes nothing', () => {
  test('writes nothing', async () => {
    expect(await restate(LOGS)).toBeNull();
    expect(store.writes).toEqual([]);
  });

  test('puts the right files back on top of those that an unfinished run left', async () => {
    await store.overwrite(ROOM_CHARGES, 'half done');
    await store.overwrite(LINE_ITEMS, 'half done');
    expect(await restate(LOGS)).toBeNull();
    await expectWhole(first.manifest);
    expect((await current()).etag).toBe(first.etag);
  });
});

test('a file that somebody deleted is written again, from the version that the manifest names', async () => {
  const get = store.get.bind(store);
  store.get = (key, versionId) =>
    key === ROOM_CHARGES && versionId === undefined ? Promise.resolve(null) : get(key, versionId);
  expect(await restate(LOGS)).toBeNull();
  expect(store.writes).toEqual([{ key: ROOM_CHARGES, contentType: CSV, condition: 'absent' }]);
});

describe('another run that has changed the day in the meantime', () => {
  test('keeps its revision and its files, whatever this one read', async () => {
    const theirs = await restate(OTHERS);
    const versions = store.versions(ROOM_CHARGES).length;
    await expect(restate(MORE)).rejects.toMatchObject({
      name: 'ArchiveError',
      message: `Other runs kept changing memory:${MANIFEST}. Let them end; the next run tries again.`,
    });
    expect((await current()).manifest).toEqual(theirs);
    if (theirs !== null) await expectWhole(theirs);
    expect(store.versions(ROOM_CHARGES)).toHaveLength(versions);
  });

  test('and has removed its manifest makes this run fail, with no file replaced', async () => {
    const versions = store.versions(ROOM_CHARGES).length;
    const get = store.get.bind(store);
    store.get = (key, ...rest) => (key === MANIFEST ? Promise.resolve(null) : get(key, ...rest));
    await expect(restate(MORE)).rejects.toMatchObject({ name: 'ArchiveError' });
    expect(store.versions(ROOM_CHARGES)).toHaveLength(versions);
  });

  test('after our files and before our manifest gets its files back on top', async () => {
    store.beforeWrite = async (key) => {
      if (key !== MANIFEST) return;
      store.beforeWrite = () => undefined;
      await restate(OTHERS);
    };
    await expect(restate(MORE)).rejects.toMatchObject({ name: 'ArchiveError' });
    const { manifest } = await current();
    expect(manifest).toMatchObject({ revision: 2, charge: '8.00' });
    await expectWhole(manifest);
  });
});
