import { archivedLogs } from '../charges/archived-logs.ts';
import { EarlierReading } from '../charges/earlier-reading.ts';
import type { LineItem } from '../charges/line-item.ts';
import { fileOf, readArchivedFile, streamArchivedFile } from './archived-day.ts';
import { lineItemsKey } from './layout.ts';
import { readLineItems, streamLineItems } from './line-items-csv.ts';
import type { Manifest } from './manifest.ts';
import type { ObjectStore } from './object-store.ts';

/**
 * @returns the line items of an archived day
 * @throws ArchiveError
 */
export async function readArchivedLineItems(store: ObjectStore, manifest: Manifest): Promise<LineItem[]> {
  return readLineItems(await readArchivedFile(store, fileOf(manifest, lineItemsKey(manifest.day))));
}

/**
 * The line items of an archived day, as a further reading goes through them.
 *
 * @throws ArchiveError, at the latest after the last one
 */
export function earlierReading(store: ObjectStore, manifest: Manifest): EarlierReading {
  const file = fileOf(manifest, lineItemsKey(manifest.day));
  return new EarlierReading(
    manifest.revision,
    archivedLogs(streamLineItems(streamArchivedFile(store, file))),
  );
}
