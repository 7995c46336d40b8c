import { beforeEach, describe, expect, test } from '@jest/globals';
import { findDay } from '../../../lambda/archive/archived-day.ts';
import { sha256 } from '../../../lambda/archive/sha256.ts';
import type { Manifest } from '../../../lambda/archive/manifest.ts';
import { archiveFirst, type ReadDay } from '../../../lambda/archive/revisions.ts';
import { billingDay } from '../../../lambda/billing-day.ts';
import { parseArchived } from '../../../lambda/money/money.ts';
import type { SignalWireLog } from '../../../local/signalwire-server.ts';
import { booksInto } from '../../support/books.ts';
import { deletedLog, sessionLog } from '../../support/logs.ts';
import { WatchedStore } from '../../support/watched-store.ts';

const ROOM_CHARGES = 'room-charges/day=2026-11-22/room-charges.csv';
const LINE_ITEMS = 'line-items/day=2026-11-22/line-items.csv';
const MANIFEST = 'manifests/day=2026-11-22.json';
const CSV = 'text/csv; charset=utf-8';
const CIRCUMSTANCES = {
  space: 'example',
  currency: 'USD',
  at: Date.parse('2026-11-23T06:00:00Z'),
  notices: ['A word beside.'],
};
const MINE = [sessionLog('a', { charge: '0.1435' }), sessionLog('b', { room: 'other' })];
const THEIRS = [sessionLog('c', { charge: '9' })];

let store: WatchedStore;

beforeEach(() => {
  store = new WatchedStore();
});

function archiveBooks(read: ReadDay): Promise<Manifest> {
  return archiveFirst(store, billingDay('2026-11-22', 'Europe/Berlin'), read, CIRCUMSTANCES);
}

async function archive(logs: readonly SignalWireLog[]): Promise<Manifest> {
  return archiveBooks(await booksInto(store, '2026-11-22', logs));
}

/** Makes something else happen before the first write of this key. */
function once(key: string, happening: () => Promise<unknown>): void {
  store.beforeWrite = (written) => {
    if (written !== key) return undefined;
    store.beforeWrite = () => undefined;
    return happening();
  };
}

/** Expects the files that the manifest names to be on top, byte for byte. */
async function expectWhole(manifest: Manifest): Promise<void> {
  expect((await findDay(store, '2026-11-22'))?.manifest).toEqual(manifest);
  for (const { key, sha256: named, versionId } of manifest.files) {
    expect([key, sha256((await store.get(key))?.body ?? Buffer.of())]).toEqual([key, named]);
    expect(sha256((await store.get(key, versionId))?.body ?? Buffer.of())).toBe(named);
  }
}

describe('the first revision of a day', () => {
  test('records everything about the day and its files', async () => {
    const running = sessionLog('c', { charge: 'null', status: 'in-progress', room: 'other' });
    const odd = sessionLog('d', { charge: '1', more: { charge_details: [{ charge: 2 }] } });
    const manifest = await archive([...MINE, running, odd, deletedLog('gone')]);
    const [rooms, items] = [await store.get(ROOM_CHARGES), await store.get(LINE_ITEMS)];
    expect(manifest).toEqual({
      day: '2026-11-22',
      timeZone: 'Europe/Berlin',
      space: 'example',
      currency: 'USD',
      revision: 1,
      charge: '1.2435',
      rooms: 2,
      sessions: 4,
      inProgressSessions: 1,
      deletedLogs: 1,
      files: [
        {
          key: ROOM_CHARGES,
          sha256: sha256(rooms?.body ?? Buffer.of()),
          bytes: rooms?.body.length,
          rows: 2,
          versionId: rooms?.versionId,
        },
        {
          key: LINE_ITEMS,
          sha256: sha256(items?.body ?? Buffer.of()),
          bytes: items?.body.length,
          rows: 3,
          versionId: items?.versionId,
        },
      ],
      notices: [
        '1 log has charge details that do not add up to its charge. The charge counts; nothing is to be done.',
        'A word beside.',
      ],
      revisions: [
        {
          revision: 1,
          at: '2026-11-23T06:00:00.000Z',
          charge: '1.2435',
          sessions: 4,
          reason: 'first reading',
          restatedBy: null,
        },
      ],
    });
    await expectWhole(manifest);
    expect(rooms?.body.toString().split('\r\n')[1]).toBe('2026-11-22,example,standup,2,0,1200,1.1435,USD');
  });

  test('is written files first, manifest last, each only if its key is free', async () => {
    await archive(MINE);
    expect(store.writes).toEqual([
      { key: ROOM_CHARGES, contentType: CSV, condition: 'absent' },
      { key: LINE_ITEMS, contentType: CSV, condition: 'absent' },
      { key: MANIFEST, contentType: 'application/json', condition: 'absent' },
    ]);
  });

  test('is refused, with nothing stored, if the rooms and the line items add up to different sums', async () => {
    const { books, lineItems } = await booksInto(store, '2026-11-22', MINE);
    const total = parseArchived('0.1435');
    await expect(archiveBooks({ books, lineItems: { ...lineItems, total } })).rejects.toMatchObject({
      name: 'ArchiveError',
      message:
        'The rooms of 2026-11-22 add up to 0.2435, its line items to 0.1435. Nothing was stored. ' +
        'This is a bug in the program: report this message to its developers.',
    });
    expect(store.writes).toEqual([]);
  });
});

describe('files left by a run that never got as far as its manifest', () => {
  test('are replaced, but only in the version that was found', async () => {
    await store.overwrite(ROOM_CHARGES, 'half a day');
    const { etag: left } = (await store.get(ROOM_CHARGES)) ?? {};
    await expectWhole(await archive(MINE));
    expect(store.writes.slice(0, 2)).toEqual([
      { key: ROOM_CHARGES, contentType: CSV, condition: 'absent' },
      { key: ROOM_CHARGES, contentType: CSV, condition: { replacing: left } },
    ]);
  });

  test('are used as they are if they have the same bytes', async () => {
    const { files } = await archive(MINE);
    const [rooms] = files;
    const again = new WatchedStore();
    for (const { key } of files) await again.overwrite(key, (await store.text(key)) ?? '');
    store = again;
    const manifest = await archive(MINE);
    expect(manifest.files[0]).toEqual({ ...rooms, versionId: 'version-1' });
    expect(store.versions(ROOM_CHARGES)).toHaveLength(1);
  });

  test('are written anew if they have disappeared before they are replaced', async () => {
    // S3 first says that there is an object, and then that there is none: somebody deleted it in the meantime.
    const put = store.put.bind(store);
    let refused = false;
    store.put = (...args) => {
      if (refused) return put(...args);
      refused = true;
      return Promise.resolve(null);
    };
    await expectWhole(await archive(MINE));
    expect(store.writes[0]).toEqual({ key: ROOM_CHARGES, contentType: CSV, condition: 'absent' });
  });
});

describe('another run that', () => {
  test('has committed the day in the meantime is followed, and its files are left alone', async () => {
    const winner = await archive(THEIRS);
    store.writes.length = 0;
    expect(await archive(MINE)).toEqual(winner);
    await expectWhole(winner);
    expect(store.versions(ROOM_CHARGES)).toHaveLength(1);
    expect(store.versions(LINE_ITEMS)).toHaveLength(1);
  });

  test('commits the day between our files and our manifest is followed, its files back on top', async () => {
    let winner: Manifest | null = null;
    once(MANIFEST, async () => (winner = await archive(THEIRS)));
    const followed = await archive(MINE);
    expect(followed).toEqual(winner);
    expect(followed.charge).toBe('9.00');
    await expectWhole(followed);
  });

  test('lost without knowing it finds our files back on top', async () => {
    once(MANIFEST, async () => {
      for (const key of [ROOM_CHARGES, LINE_ITEMS]) await store.overwrite(key, 'theirs');
    });
    const manifest = await archive(MINE);
    expect(manifest.charge).toBe('0.2435');
    await expectWhole(manifest);
  });

  test('stores exactly the file that we would store has done our work', async () => {
    const { files } = await archive(MINE);
    const rooms = (await store.text(files[0]?.key ?? '')) ?? '';
    store = new WatchedStore();
    await store.overwrite(ROOM_CHARGES, 'half a day');
    const put = store.put.bind(store);
    store.put = async (key, ...rest) => {
      const stored = await put(key, ...rest);
      if (stored === null) await store.overwrite(key, rooms);
      return stored;
    };
    const manifest = await archive(MINE);
    expect(store.versions(ROOM_CHARGES)).toHaveLength(2);
    await expectWhole(manifest);
  });

  test('changes a file five times before we can makes us give up', async () => {
    let turn = 0;
    store.beforeWrite = async (key) => {
      turn += 1;
      await store.overwrite(key, `theirs ${turn}`);
    };
    await expect(archive(MINE)).rejects.toMatchObject({
      name: 'ArchiveError',
      message: `Other runs kept changing memory:${ROOM_CHARGES}. Let them end; the next run tries again.`,
    });
    expect(store.writes).toHaveLength(5);
  });

  test('changes a file four times leaves us the fifth turn', async () => {
    let turn = 0;
    store.beforeWrite = async (key) => {
      turn += 1;
      if (turn <= 4) await store.overwrite(key, `theirs ${turn}`);
    };
    const manifest = await archive(MINE);
    expect(manifest.charge).toBe('0.2435');
    await expectWhole(manifest);
  });

  test('was faster, but whose manifest is gone again, is not followed', async () => {
    const put = store.put.bind(store);
    store.put = (key, ...rest) => (key === MANIFEST ? Promise.resolve(null) : put(key, ...rest));
    await expect(archive(MINE)).rejects.toMatchObject({
      name: 'ArchiveError',
      message: `Other runs kept changing memory:${MANIFEST}. Let them end; the next run tries again.`,
    });
  });
});
