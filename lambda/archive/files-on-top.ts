import { ArchiveError } from '../errors.ts';
import { sha256Of, streamArchivedFile } from './archived-day.ts';
import type { ArchivedFile, Manifest } from './manifest.ts';
import { type NewFile, sendNewFile } from './new-file.ts';
import type { ObjectStore, Stored } from './object-store.ts';

// Another run that writes the same day interferes once or twice, never this often.
const MOST_TURNS = 5;

/**
 * Makes a file the current version under its key, on top of any file there: an earlier revision's, or one that a run
 * left without getting as far as its manifest.
 *
 * @param expected the file that should be there; null for none
 * @param mayReplace called before anything is replaced
 * @returns null if `mayReplace` said no
 * @throws ArchiveError
 */
export async function putFile(
  store: ObjectStore,
  { key, sha256, upload }: NewFile,
  expected: ArchivedFile | null,
  mayReplace: () => Promise<boolean>,
): Promise<Stored | null> {
  for (let turn = 1; turn <= MOST_TURNS; turn += 1) {
    // If nothing should be there, the first turn does not look.
    const existing = turn === 1 && expected === null ? null : await store.head(key);
    if (existing !== null && (await holds(store, key, existing, sha256, expected))) return existing;
    if (existing !== null && !(await mayReplace())) return null;
    const stored = await upload.complete(existing === null ? 'absent' : { replacing: existing.etag });
    if (stored !== null) return stored;
  }
  throw lostConflict(store, key);
}

/**
 * If other files now cover those that the manifest names, puts the right ones back on top.
 *
 * @throws ArchiveError
 */
export async function putBack(store: ObjectStore, manifest: Manifest): Promise<void> {
  for (const file of manifest.files) {
    if (await isOnTop(store, file)) continue;
    const again = await sendNewFile(store, file.key, streamArchivedFile(store, file), file.rows);
    try {
      await putFile(store, again, null, () => Promise.resolve(true));
    } finally {
      await again.upload.abort();
    }
  }
}

async function isOnTop(store: ObjectStore, file: ArchivedFile): Promise<boolean> {
  const current = await store.head(file.key);
  return current !== null && (await holds(store, file.key, current, file.sha256, file));
}

/** Whether an object's bytes have this SHA-256. It is not read if it is the version that is already known. */
async function holds(
  store: ObjectStore,
  key: string,
  { versionId }: Stored,
  sha256: string,
  known: ArchivedFile | null,
): Promise<boolean> {
  if (versionId !== null && versionId === known?.versionId) return known.sha256 === sha256;
  return (await sha256Of(store, key, versionId)) === sha256;
}

/** The error for when other runs keep winning. */
export function lostConflict(store: ObjectStore, key: string): ArchiveError {
  return new ArchiveError(
    `Other runs kept changing ${store.locate(key)}. Let them end; the next run tries again.`,
  );
}
