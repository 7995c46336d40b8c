import { type ArchivedLog, archivedLogs } from '../charges/archived-logs.ts';
import { EarlierReading } from '../charges/earlier-reading.ts';
import { ArchiveError } from '../errors.ts';
import { fileOf, notWhatWasArchived, streamArchivedFile } from './archived-day.ts';
import { lineItemsKey } from './layout.ts';
import { streamLineItems } from './line-items-csv.ts';
import type { ArchivedFile, Manifest } from './manifest.ts';
import type { ObjectStore } from './object-store.ts';

/**
 * The line items of an archived day, for a further reading to go through.
 *
 * @throws ArchiveError, at the latest after the last line item
 */
export function earlierReading(store: ObjectStore, manifest: Manifest): EarlierReading {
  const file = fileOf(manifest, lineItemsKey(manifest.day));
  return new EarlierReading(manifest.revision, logsOf(store, file));
}

/** Rows are read before all bytes have been checked against the manifest, so parsing may fail on damaged bytes. */
async function* logsOf(store: ObjectStore, file: ArchivedFile): AsyncGenerator<ArchivedLog[]> {
  try {
    yield* archivedLogs(streamLineItems(streamArchivedFile(store, file)));
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    throw notWhatWasArchived(store, file);
  }
}
