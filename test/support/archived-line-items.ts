import { fileOf, readArchivedFile } from '../../lambda/archive/archived-day.ts';
import { lineItemsKey } from '../../lambda/archive/layout.ts';
import { readLineItems } from '../../lambda/archive/line-items-csv.ts';
import type { Manifest } from '../../lambda/archive/manifest.ts';
import type { ObjectStore } from '../../lambda/archive/object-store.ts';
import type { LineItem } from '../../lambda/charges/line-item.ts';

/** The line items of an archived day, compared with the manifest. */
export async function readArchivedLineItems(store: ObjectStore, manifest: Manifest): Promise<LineItem[]> {
  return readLineItems(await readArchivedFile(store, fileOf(manifest, lineItemsKey(manifest.day))));
}
