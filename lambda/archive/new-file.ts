import { CSV_TYPE, type ObjectStore, type Upload, type Written } from './object-store.ts';

/** A file whose bytes were sent to the store, but which is not in place yet. */
export interface NewFile extends Written {
  readonly key: string;
  /** The number of rows, not counting the header. */
  readonly rows: number;
  readonly upload: Pick<Upload, 'complete' | 'abort'>;
}

/**
 * Sends a file's bytes to the store.
 *
 * @throws ArchiveError
 */
export async function sendNewFile(
  store: ObjectStore,
  key: string,
  bytes: Iterable<Buffer> | AsyncIterable<Buffer>,
  rows: number,
): Promise<NewFile> {
  const upload = store.upload(key, CSV_TYPE);
  try {
    for await (const chunk of bytes) await upload.write(chunk);
    return { key, rows, upload, ...(await upload.close()) };
  } catch (error) {
    await upload.abort();
    throw error;
  }
}
