import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ArchivedDay, fileOf, findDay, readArchivedFile } from '../../../lambda/archive/archived-day.ts';
import { earlierReading } from '../../../lambda/archive/archived-line-items.ts';
import { readArchivedLineItems } from '../../support/archived-line-items.ts';
import { archiveFirst, archiveNext } from '../../../lambda/archive/revisions.ts';
import { lineItemsKey, manifestKey, roomChargesKey } from '../../../lambda/archive/layout.ts';
import type { Manifest } from '../../../lambda/archive/manifest.ts';
import { readRoomCharges } from '../../../lambda/archive/room-charges-csv.ts';
import { S3Store } from '../../../lambda/archive/s3-store.ts';
import { billingDay } from '../../../lambda/billing-day.ts';
import { totalOf } from '../../../lambda/charges/changes.ts';
import { formatExact, parseArchived, ZERO } from '../../../lambda/money/money.ts';
import { BUCKET, IDENTITY } from '../../../local/cloud.ts';
import { type S3Server, startS3Server } from '../../../local/s3-server.ts';
import type { SignalWireLog } from '../../../local/signalwire-server.ts';
import { booksInto } from '../../support/books.ts';
import { NO_HURRY } from '../../support/deadlines.ts';
import { deletedLog, sessionLog } from '../../support/logs.ts';

const DAY = '2026-11-22';
const CIRCUMSTANCES = {
  space: 'example',
  currency: 'USD',
  at: Date.parse('2026-11-23T06:00:00Z'),
  notices: [],
};
const KEYS = [roomChargesKey(DAY), lineItemsKey(DAY)];

let server: S3Server;
let store: S3Store;

beforeEach(async () => {
  server = await startS3Server({ ...IDENTITY, buckets: [BUCKET] });
  store = new S3Store(
    new S3Client({ ...IDENTITY, endpoint: server.url, forcePathStyle: true }),
    BUCKET,
    NO_HURRY,
  );
});

afterEach(() => server.close());

async function archive(logs: readonly SignalWireLog[]): Promise<Manifest> {
  return archiveFirst(store, billingDay(DAY, 'UTC'), await booksInto(store, DAY, logs), CIRCUMSTANCES);
}

async function current(): Promise<ArchivedDay> {
  const archived = await findDay(store, DAY);
  if (archived === null) throw new Error('The day is not archived');
  return archived;
}

async function restate(logs: readonly SignalWireLog[], before?: ArchivedDay): Promise<Manifest | null> {
  const archived = before ?? (await current());
  const read = await booksInto(store, DAY, logs, earlierReading(store, archived.manifest));
  const change = { reason: 'a test', restatedBy: 'somebody' };
  return archiveNext(store, billingDay(DAY, 'UTC'), read, archived, CIRCUMSTANCES, change);
}

/** The manifest, checked against the objects that it names and those on top. */
async function checked(): Promise<Manifest> {
  const { manifest } = await current();
  for (const key of KEYS) {
    const named = await readArchivedFile(store, fileOf(manifest, key));
    expect(server.bucket(BUCKET).text(key)).toBe(named.toString());
  }
  const rooms = readRoomCharges(await readArchivedFile(store, fileOf(manifest, roomChargesKey(DAY))));
  const roomTotal = rooms.reduce((sum, { charge }) => sum.plus(parseArchived(charge)), ZERO);
  expect(formatExact(roomTotal)).toBe(manifest.charge);
  expect(formatExact(totalOf(await readArchivedLineItems(store, manifest)))).toBe(manifest.charge);
  expect(manifest.revisions.map(({ revision }) => revision)).toEqual(
    Array.from({ length: manifest.revision }, (_, index) => index + 1),
  );
  expect(manifest.revisions.at(-1)).toMatchObject({ charge: manifest.charge, sessions: manifest.sessions });
  return manifest;
}

function versions(): number[] {
  return [...KEYS, manifestKey(DAY)].map((key) => server.bucket(BUCKET).versions(key).length);
}

describe('a further reading of an archived day', () => {
  test('that finds the same writes nothing', async () => {
    const logs = [sessionLog('a'), sessionLog('b')];
    await archive(logs);
    expect(await restate(logs.toReversed())).toBeNull();
    expect(versions()).toEqual([1, 1, 1]);
  });

  test('that finds a difference makes a revision, by writes that replace only what was read', async () => {
    await archive([sessionLog('a', { charge: '1' })]);
    server.requests.length = 0;
    const next = await restate([sessionLog('a', { charge: '1' }), sessionLog('b', { charge: '0.5' })]);
    expect(next?.revisions).toEqual([
      {
        revision: 1,
        at: '2026-11-23T06:00:00.000Z',
        charge: '1.00',
        sessions: 1,
        reason: 'first reading',
        restatedBy: null,
      },
      {
        revision: 2,
        at: '2026-11-23T06:00:00.000Z',
        charge: '1.50',
        sessions: 2,
        reason: 'a test',
        restatedBy: 'somebody',
      },
    ]);
    expect(await checked()).toEqual(next);
    const conditions = server.requests
      .filter(({ method }) => method === 'PUT')
      .map(({ headers }) => (headers['if-match'] === undefined ? headers['if-none-match'] : 'if-match'));
    expect(conditions).toEqual(['if-match', 'if-match', 'if-match']);
  });

  test('puts the right files back on top of those that an unfinished run left', async () => {
    await archive([sessionLog('a')]);
    for (const key of KEYS) {
      const { etag = '' } = (await store.get(key)) ?? {};
      await store.put(key, Buffer.from('half done'), 'text/csv', { replacing: etag });
    }
    expect(await restate([sessionLog('a')])).toBeNull();
    await checked();
  });

  test('gives way if the day was changed in the meantime, and leaves the other revision intact', async () => {
    await archive([sessionLog('a')]);
    const before = await current();
    await restate([sessionLog('a'), sessionLog('b')], before);
    await expect(restate([sessionLog('a'), sessionLog('c')], before)).rejects.toMatchObject({
      name: 'ArchiveError',
    });
    expect((await checked()).revision).toBe(2);
  });

  test('made six times concurrently makes one further revision', async () => {
    await archive([sessionLog('a')]);
    const before = await current();
    const readings = Array.from({ length: 6 }, (_, index) => [sessionLog('a'), sessionLog(index)]);
    const outcomes = await Promise.allSettled(readings.map((logs) => restate(logs, before)));
    const lost = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? (outcome.reason as Error).name : [],
    );
    expect(lost).toEqual(Array.from({ length: 5 }, () => 'ArchiveError'));
    expect((await checked()).revision).toBe(2);
  });

  test('after any others leaves revisions that add up, and loses no charge', async () => {
    const saying = fc.oneof(fc.constantFrom('absent', 'deleted'), fc.integer({ min: 0, max: 300 }));
    const reading = fc.array(saying, { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(reading, { minLength: 2, maxLength: 4 }),
        async ([first = [], ...further]) => {
          await server.close();
          server = await startS3Server({ ...IDENTITY, buckets: [BUCKET] });
          store = new S3Store(
            new S3Client({ ...IDENTITY, endpoint: server.url, forcePathStyle: true }),
            BUCKET,
            NO_HURRY,
          );
          const lastKnown = new Map<number, number>();
          const learn = (sayings: readonly (string | number)[]): SignalWireLog[] => {
            for (const [log, said] of sayings.entries())
              if (typeof said === 'number') lastKnown.set(log, said);
            return sayings.flatMap(logOf);
          };
          await archive(learn(first));
          for (const sayings of further) {
            await restate(learn(sayings));
            const cents = [...lastKnown.values()].reduce((sum, charge) => sum + charge, 0);
            expect((await checked()).charge).toBe(
              `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`,
            );
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});

function logOf(said: string | number, name: number): SignalWireLog[] {
  if (typeof said === 'number') return [sessionLog(name, { charge: (said / 100).toFixed(2) })];
  return said === 'deleted' ? [deletedLog(name)] : [];
}
