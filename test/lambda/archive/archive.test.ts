import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  archiveDay,
  findManifest,
  readArchivedFile,
  roomChargesFile,
} from '../../../lambda/archive/archive.ts';
import { manifestKey, roomChargesKey } from '../../../lambda/archive/layout.ts';
import type { Manifest } from '../../../lambda/archive/manifest.ts';
import { S3Store } from '../../../lambda/archive/s3-store.ts';
import { billingDay } from '../../../lambda/billing-day.ts';
import { parseArchived } from '../../../lambda/charges/money.ts';
import { type DayCharges, RoomCharges } from '../../../lambda/charges/room-charges.ts';
import { BUCKET, IDENTITY } from '../../../local/cloud.ts';
import { type S3Server, startS3Server } from '../../../local/s3-server.ts';

const DAY = '2026-11-22';
const FACTS = { space: 'example', currency: 'USD', at: Date.parse('2026-11-23T06:00:00Z') };

let server: S3Server;
let store: S3Store;

beforeEach(async () => {
  server = await startS3Server({ ...IDENTITY, buckets: [BUCKET] });
  store = new S3Store(new S3Client({ ...IDENTITY, endpoint: server.url, forcePathStyle: true }), BUCKET);
});

afterEach(() => server.close());

function charges(charge: string): DayCharges {
  const rooms = new RoomCharges();
  rooms.add({
    kind: 'session',
    id: 'id',
    createdAt: 0,
    roomName: 'standup',
    durationMs: 60_000,
    charge: parseArchived(charge),
    inProgress: false,
  });
  return rooms.total();
}

function archive(charge: string): Promise<Manifest> {
  return archiveDay(store, billingDay(DAY, 'UTC'), charges(charge), FACTS);
}

function currentCsv(): string {
  return server.bucket(BUCKET).text(roomChargesKey(DAY));
}

describe('archiving a day', () => {
  test('writes the file first and the manifest last, each only where nothing lies yet', async () => {
    await archive('0.10');
    const writes = server.requests.map(({ method, url, headers }) => [
      method,
      new URL(url, server.url).pathname,
      headers['if-none-match'],
    ]);
    expect(writes).toEqual([
      ['PUT', `/${BUCKET}/room-charges/day%3D${DAY}/room-charges.csv`, '*'],
      ['PUT', `/${BUCKET}/manifests/day%3D${DAY}.json`, '*'],
    ]);
  });

  test('replaces the file that a run left which never came to its manifest', async () => {
    await store.put(roomChargesKey(DAY), Buffer.from('half a day'), 'text/csv', 'absent');
    const manifest = await archive('0.10');
    expect(currentCsv()).toContain(',0.10,USD');
    expect((await readArchivedFile(store, roomChargesFile(manifest))).toString()).toBe(currentCsv());
  });

  test('gives way to a run that has committed the day meanwhile, and leaves that run’s file on top', async () => {
    const winner = await archive('0.10');
    const followed = await archive('9.99');
    expect(followed).toEqual(winner);
    expect(currentCsv()).toContain(',0.10,USD');
    expect(await findManifest(store, DAY)).toEqual(winner);
  });

  test('eight times at once ends with one manifest, and the file that it names', async () => {
    const amounts = Array.from({ length: 8 }, (_, index) => `${index}.00`);
    const outcomes = await Promise.allSettled(amounts.map(archive));
    const winner = await findManifest(store, DAY);
    // A run may lose for good, but none may believe in other figures than those committed.
    const believed = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : winner));
    expect(believed).toEqual(Array.from({ length: 8 }, () => winner));
    const lost = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? (outcome.reason as Error) : [],
    );
    expect(lost.filter(({ name }) => name !== 'ArchiveError')).toEqual([]);
    expect(server.bucket(BUCKET).versions(manifestKey(DAY))).toHaveLength(1);
    expect(winner === null ? '' : (await readArchivedFile(store, roomChargesFile(winner))).toString()).toBe(
      currentCsv(),
    );
  });
});

describe('reading the archive', () => {
  test('finds no manifest for a day that is not archived', async () => {
    expect(await findManifest(store, DAY)).toBeNull();
  });

  test('refuses a file that is not what was archived', async () => {
    const manifest = await archive('0.10');
    const tampered = { ...roomChargesFile(manifest), sha256: '0'.repeat(64) };
    await expect(readArchivedFile(store, tampered)).rejects.toMatchObject({
      name: 'ArchiveError',
      message: expect.stringContaining('is not what was archived'),
    });
  });

  test('refuses a manifest that is none', async () => {
    await store.put(manifestKey(DAY), Buffer.from('{"day":"2026-11-22"}'), 'application/json', 'absent');
    await expect(findManifest(store, DAY)).rejects.toMatchObject({
      name: 'ArchiveError',
      message: expect.stringContaining(`s3://${BUCKET}/manifests/day=${DAY}.json`),
    });
  });
});
