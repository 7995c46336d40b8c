import { readLineItems } from '../../lambda/archive/line-items-csv.ts';
import { LineItemsFile } from '../../lambda/archive/line-items-file.ts';
import type { ObjectStore } from '../../lambda/archive/object-store.ts';
import type { ReadDay } from '../../lambda/archive/revisions.ts';
import { archivedLogs } from '../../lambda/charges/archived-logs.ts';
import { type ClosedBooks, DayBooks } from '../../lambda/charges/day-books.ts';
import { EarlierReading } from '../../lambda/charges/earlier-reading.ts';
import type { BillingAccount, LineItem } from '../../lambda/charges/line-item.ts';
import { HashedLogs } from '../../lambda/signalwire/seen-logs.ts';
import type { SignalWireLog } from '../../local/signalwire-server.ts';
import { MemoryStore } from './memory-store.ts';
import { onlyPage } from './pages.ts';

export const ACCOUNT: BillingAccount = { projectId: 'project', space: 'example', currency: 'USD' };

/** The books of a day, made from logs as SignalWire sends them; line items go to a store. */
export async function booksInto(
  store: Pick<ObjectStore, 'upload'>,
  day: string,
  logs: readonly SignalWireLog[],
  earlier: EarlierReading | null = null,
): Promise<ReadDay> {
  const page = onlyPage(logs);
  if ('problem' in page) throw new Error(page.problem);
  const seen = new HashedLogs();
  const lines = new LineItemsFile(store, day, ACCOUNT);
  const books = new DayBooks({ seen, isPatient: false, onHeld: () => undefined }, lines, earlier);
  seen.meet(page.logs, () => true);
  for (const log of page.logs) {
    if ('problem' in log) throw new Error(log.problem);
    await books.add([log]);
  }
  await books.end();
  return { books: books.close(), lineItems: await lines.close() };
}

/** Closed books, and the line items that were written. */
export interface WrittenBooks extends ClosedBooks {
  /** line-items.csv. */
  readonly bytes: Buffer;
  /** The same, read back. */
  readonly lineItems: readonly LineItem[];
}

/**
 * The books of a day that is not archived.
 *
 * @param before the line items of an earlier reading, in the archive's order
 * @param revision the number of that reading
 */
export async function closedBooks(
  logs: readonly SignalWireLog[],
  before: readonly LineItem[] | null = null,
  revision = 1,
): Promise<WrittenBooks> {
  const store = new MemoryStore();
  const earlier = before && new EarlierReading(revision, archivedLogs(inOnePortion(before)));
  const { books, lineItems } = await booksInto(store, '2026-11-22', logs, earlier);
  await lineItems.upload.complete('absent');
  const { body } = (await store.get(lineItems.key)) ?? { body: Buffer.of() };
  return { ...books, bytes: body, lineItems: readLineItems(body) };
}

/** Line items as read from an archive. */
async function* inOnePortion(items: readonly LineItem[]): AsyncGenerator<readonly LineItem[]> {
  yield await Promise.resolve(items);
}
