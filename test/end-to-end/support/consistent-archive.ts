import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import Big from 'big.js';
import { parse } from 'csv-parse/sync';
import type { Manifest } from '../../../lambda/archive/manifest.ts';
import { BUCKET } from '../../../local/cloud.ts';
import type { Bucket } from '../../../local/s3/bucket.ts';
import type { Morning } from '../../support/morning.ts';
import { lineItemsKey, roomChargesKey } from './observations.ts';

type Row = Readonly<Record<string, string>>;

/**
 * Checks the archive against its manifests: as `expectConsistentRevisions` does, and also that the files named by the
 * current manifests are the current versions.
 */
export function expectConsistentArchive(morning: Morning): void {
  expectConsistentRevisions(morning);
  const bucket = morning.cloud.s3.bucket(BUCKET);
  for (const { files } of manifestHistories(bucket).flatMap((history) => history.slice(-1))) {
    for (const { key, versionId } of files) {
      expect(bucket.bytes(key)).toEqual(bucket.get(key, versionId ?? '').bytes);
    }
  }
}

/**
 * Checks all revisions of every day, including earlier ones, against the bucket: each names its two files as they are
 * there; rooms, line items and manifest have the same total; and the revisions are a chain without gaps, in which no
 * log that ever had a charge is lost.
 */
export function expectConsistentRevisions({ cloud }: Morning): void {
  const bucket = cloud.s3.bucket(BUCKET);
  for (const history of manifestHistories(bucket)) {
    expect(history.map(({ revision }) => revision)).toEqual(history.map((_, index) => index + 1));
    for (const [index, manifest] of history.entries()) {
      expectConsistent(bucket, manifest);
      for (const before of history.slice(Math.max(0, index - 1), index)) {
        expectContinued(bucket, before, manifest);
      }
    }
  }
}

/** The rows of line-items.csv that a manifest names, by column. */
export function lineItemsOf({ cloud }: Morning, manifest: Manifest): Row[] {
  return rowsOf(bytesOf(cloud.s3.bucket(BUCKET), manifest, lineItemsKey(manifest.day)));
}

/** All versions of the manifest of each archived day, oldest first. */
function manifestHistories(bucket: Bucket): Manifest[][] {
  return bucket
    .keys()
    .filter((key) => key.startsWith('manifests/'))
    .map((key) => bucket.versions(key).map(({ bytes }) => readManifest(bytes.toString())));
}

function readManifest(text: string): Manifest {
  const manifest = JSON.parse(text) as Manifest;
  expect(text).toBe(`${JSON.stringify(manifest)}\n`);
  return manifest;
}

function expectConsistent(bucket: Bucket, manifest: Manifest): void {
  const { day, charge, sessions, inProgressSessions, rooms, revision, revisions } = manifest;
  expect(manifest.files).toEqual(
    [roomChargesKey(day), lineItemsKey(day)].map((key) => {
      const bytes = bytesOf(bucket, manifest, key);
      return {
        key,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        bytes: bytes.length,
        rows: rowsOf(bytes).length,
        versionId: expect.any(String),
      };
    }),
  );
  const roomRows = rowsOf(bytesOf(bucket, manifest, roomChargesKey(day)));
  const lineRows = rowsOf(bytesOf(bucket, manifest, lineItemsKey(day)));
  expect({
    rooms: roomRows.length,
    sessions: sumOf(roomRows, 'sessions'),
    inProgressSessions: sumOf(roomRows, 'in_progress_sessions'),
    ofRooms: sumOf(roomRows, 'charge'),
    ofLines: sumOf(lineRows, 'BilledCost'),
  }).toEqual({
    rooms,
    sessions: String(sessions),
    inProgressSessions: String(inProgressSessions),
    ofRooms: new Big(charge).toFixed(),
    ofLines: new Big(charge).toFixed(),
  });
  expect(revisions.map((entry) => entry.revision)).toEqual(
    Array.from({ length: revision }, (_, index) => index + 1),
  );
  expect(revisions.at(-1)).toMatchObject({ charge, sessions });
}

/** A revision begins where the one before ended; its own changes, log by log, add up to the difference. */
function expectContinued(bucket: Bucket, before: Manifest, after: Manifest): void {
  expect(after.revisions.slice(0, -1)).toEqual(before.revisions);
  const opening = chargesByLog(bucket, before);
  const closing = chargesByLog(bucket, after);
  expect([...opening.keys()].filter((id) => !closing.has(id))).toEqual([]);
  const changes = [...closing].map(([id, charge]) => charge.minus(opening.get(id) ?? '0'));
  const sum = changes.reduce((total, change) => total.plus(change), new Big(before.charge));
  expect(sum.toFixed()).toBe(new Big(after.charge).toFixed());
}

function chargesByLog(bucket: Bucket, manifest: Manifest): Map<string, Big> {
  const rows = rowsOf(bytesOf(bucket, manifest, lineItemsKey(manifest.day)));
  const byLog = Map.groupBy(rows, (row) => row['x_LogId'] ?? '');
  return new Map([...byLog].map(([id, ofLog]) => [id, new Big(sumOf(ofLog, 'BilledCost'))]));
}

/** Exactly the version that the manifest names. */
function bytesOf(bucket: Bucket, { files }: Manifest, key: string): Buffer {
  return bucket.get(key, files.find((file) => file.key === key)?.versionId ?? '').bytes;
}

function rowsOf(bytes: Buffer): Row[] {
  return parse(bytes, { columns: true, record_delimiter: '\r\n' });
}

/** Exact, in plain digits. */
function sumOf(rows: readonly Row[], column: string): string {
  return rows.reduce((sum, row) => sum.plus(row[column] ?? ''), new Big('0')).toFixed();
}
