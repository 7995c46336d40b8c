import { hash } from 'node:crypto';
import type { LineItem } from '../charges/line-item.ts';
import { ArchiveError } from '../errors.ts';
import { lineItemsKey, manifestKey, MANIFESTS } from './layout.ts';
import { type ArchivedFile, type Manifest, parseManifest } from './manifest.ts';
import type { ObjectStore } from './object-store.ts';

/** A day as it stands in the archive. */
export interface ArchivedDay {
  readonly manifest: Manifest;
  /** Names this very manifest, so that only it can be replaced. */
  readonly etag: string;
}

/**
 * @returns null where the day is not archived
 * @throws ArchiveError
 */
export async function findDay(store: ObjectStore, day: string): Promise<ArchivedDay | null> {
  const key = manifestKey(day);
  const object = await store.get(key);
  if (object === null) return null;
  return { manifest: parseManifest(object.body, store.locate(key)), etag: object.etag };
}

/**
 * Which of some days are archived: one look at the archive, however many there are.
 *
 * @param days `YYYY-MM-DD`, oldest first
 * @returns those of them that have a manifest, in the same order
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
 * Reads a file as the manifest knows it: that version, those bytes.
 *
 * @throws ArchiveError where it is gone or is not what was archived
 */
export async function readArchivedFile(store: ObjectStore, file: ArchivedFile): Promise<Buffer> {
  const object = await store.get(file.key, file.versionId);
  if (object === null || sha256(object.body) !== file.sha256) {
    throw new ArchiveError(
      `${store.locate(file.key)} ${object === null ? 'is missing' : 'is not what was archived'}: the manifest ` +
        `names SHA-256 ${file.sha256}. Restore that version from the bucket's history.`,
    );
  }
  return object.body;
}

/**
 * @param key of one of the day's files
 * @returns what the manifest says of it
 * @throws ArchiveError where it does not list the file
 */
export function fileOf({ day, files }: Manifest, key: string): ArchivedFile {
  const file = files.find((candidate) => candidate.key === key);
  if (file === undefined) {
    throw new ArchiveError(`The manifest of ${day} does not list ${key}. Restore its last good version.`);
  }
  return file;
}

/**
 * @returns the line items of an archived day
 * @throws ArchiveError
 */
export async function readArchivedLineItems(store: ObjectStore, manifest: Manifest): Promise<LineItem[]> {
  // Loaded here, as most runs look at the manifest only.
  const { readLineItems } = await import('./line-items-csv.ts');
  return readLineItems(await readArchivedFile(store, fileOf(manifest, lineItemsKey(manifest.day))));
}

/** Of the bytes, in hexadecimal. */
export function sha256(bytes: Buffer): string {
  return hash('sha256', bytes, 'hex');
}
