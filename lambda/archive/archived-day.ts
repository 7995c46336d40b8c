import { createHash } from 'node:crypto';
import { ArchiveError } from '../errors.ts';
import { manifestKey, MANIFESTS } from './layout.ts';
import { type ArchivedFile, type Manifest, parseManifest } from './manifest.ts';
import type { ObjectStore } from './object-store.ts';
import { sha256OfChunks } from './sha256.ts';

/** A day as the archive has it. */
export interface ArchivedDay {
  readonly manifest: Manifest;
  /** Identifies this version of the manifest, so that no other one is replaced. */
  readonly etag: string;
}

/**
 * @returns null if the day is not archived
 * @throws ArchiveError
 */
export async function findDay(store: ObjectStore, day: string): Promise<ArchivedDay | null> {
  const key = manifestKey(day);
  const object = await store.get(key);
  if (object === null) return null;
  return { manifest: parseManifest(object.body, store.locate(key)), etag: object.etag };
}

/**
 * Which of the given days are archived. It takes a single listing, however many days there are.
 *
 * @param days `YYYY-MM-DD`, oldest first
 * @returns the days that have a manifest, in the same order
 * @throws ArchiveError
 */
export async function archivedOf(days: readonly string[], store: ObjectStore): Promise<string[]> {
  const [oldest = '', newest = ''] = [days[0], days.at(-1)];
  const found = new Set<string>();
  for await (const key of store.list(MANIFESTS, `${MANIFESTS}day=${oldest}`)) {
    if (key > manifestKey(newest)) break;
    found.add(key);
  }
  return days.filter((day) => found.has(manifestKey(day)));
}

/**
 * Reads a file in the version that the manifest names, and checks its bytes.
 *
 * @throws ArchiveError if it is gone or is not what was archived
 */
export async function readArchivedFile(store: ObjectStore, file: ArchivedFile): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(streamArchivedFile(store, file)));
}

/**
 * The same, chunk by chunk. Only after the last chunk is it certain that the bytes are what was archived.
 *
 * @throws ArchiveError
 */
export async function* streamArchivedFile(store: ObjectStore, file: ArchivedFile): AsyncGenerator<Buffer> {
  const chunks = await store.read(file.key, file.versionId);
  if (chunks === null) throw notAsArchived(store, file, 'is missing');
  const digest = createHash('sha256');
  for await (const chunk of chunks) {
    digest.update(chunk);
    yield chunk;
  }
  if (digest.digest('hex') !== file.sha256) throw notWhatWasArchived(store, file);
}

/** The error for a file whose bytes differ from what the manifest says. */
export function notWhatWasArchived(store: ObjectStore, file: ArchivedFile): ArchiveError {
  return notAsArchived(store, file, 'is not what was archived');
}

function notAsArchived(store: ObjectStore, { key, sha256 }: ArchivedFile, what: string): ArchiveError {
  return new ArchiveError(
    `${store.locate(key)} ${what}: the manifest names SHA-256 ${sha256}. Restore that version from the bucket's history.`,
  );
}

/**
 * @param key of one of the day's files
 * @returns the manifest's entry for the file
 * @throws ArchiveError if the manifest does not list the file
 */
export function fileOf({ day, files }: Manifest, key: string): ArchivedFile {
  const file = files.find((candidate) => candidate.key === key);
  if (file === undefined) {
    throw new ArchiveError(`The manifest of ${day} does not list ${key}. Restore its last good version.`);
  }
  return file;
}

/**
 * The SHA-256 of an object's bytes, in hexadecimal.
 *
 * @returns null if there is no such object
 * @throws ArchiveError
 */
export async function sha256Of(
  store: ObjectStore,
  key: string,
  versionId: string | null,
): Promise<string | null> {
  const chunks = await store.read(key, versionId);
  return chunks && sha256OfChunks(chunks);
}
