import { lineItemsKey, roomChargesKey } from '../../lambda/archive/layout.ts';
import { readLineItems } from '../../lambda/archive/line-items-csv.ts';
import type { ArchivedFile, Manifest } from '../../lambda/archive/manifest.ts';
import type { ObjectStore } from '../../lambda/archive/object-store.ts';
import { readRoomCharges } from '../../lambda/archive/room-charges-csv.ts';
import type { LineItem } from '../../lambda/charges/line-item.ts';
import { checkFile, checkRowCount } from './check-files.ts';
import { checkTotals } from './check-totals.ts';
import { messageOf } from '../../lambda/errors.ts';

/** A revision of a day, read back from the versions that its manifest names. */
export interface RevisionProof {
  readonly manifest: Manifest;
  /** Null if the file can't be read. */
  readonly lineItems: readonly LineItem[] | null;
  readonly fileProblems: readonly string[];
  /** Null if a file can't be read, so that there is nothing to add up. */
  readonly totalProblems: readonly string[] | null;
}

/**
 * Reads every file of a revision and checks it against the manifest.
 *
 * @param day `YYYY-MM-DD`: the day in the manifest's key
 */
export async function proveRevision(
  store: ObjectStore,
  day: string,
  manifest: Manifest,
): Promise<RevisionProof> {
  const problems: string[] = [];
  const read = async <Row>(key: string, parse: (bytes: Buffer) => Row[]): Promise<Row[] | null> => {
    const file = manifest.files.find((candidate) => candidate.key === key);
    if (file === undefined) {
      problems.push(`${key}: the manifest does not list it`);
      return null;
    }
    const { bytes, problems: found } = await readStored(store, file);
    problems.push(...found);
    if (bytes === null) return null;
    try {
      const rows = parse(bytes);
      problems.push(...checkRowCount(file, rows.length));
      return rows;
    } catch (error) {
      problems.push(`${key}: can't be read (${String(error)})`);
      return null;
    }
  };
  const rooms = await read(roomChargesKey(day), readRoomCharges);
  const lineItems = await read(lineItemsKey(day), readLineItems);
  return {
    manifest,
    lineItems,
    fileProblems: problems,
    totalProblems:
      rooms === null || lineItems === null
        ? null
        : [
            ...(manifest.day === day ? [] : [`the manifest is for ${manifest.day}`]),
            ...attempt(() => checkTotals(manifest, rooms, lineItems)),
          ],
  };
}

async function readStored(
  store: ObjectStore,
  file: ArchivedFile,
): Promise<{ bytes: Buffer | null; problems: string[] }> {
  try {
    const bytes = (await store.get(file.key, file.versionId))?.body ?? null;
    return { bytes, problems: checkFile(file, bytes) };
  } catch (error) {
    return { bytes: null, problems: [`${file.key}: ${messageOf(error)}`] };
  }
}

function attempt(check: () => string[]): string[] {
  try {
    return check();
  } catch (error) {
    return [messageOf(error)];
  }
}
