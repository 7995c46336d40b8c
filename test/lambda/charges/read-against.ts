import { LineItemsFile } from '../../../lambda/archive/line-items-file.ts';
import { streamLineItems } from '../../../lambda/archive/line-items-csv.ts';
import { billingDay } from '../../../lambda/billing-day.ts';
import { archivedLogs } from '../../../lambda/charges/archived-logs.ts';
import { type ClosedBooks, DayBooks } from '../../../lambda/charges/day-books.ts';
import { EarlierReading } from '../../../lambda/charges/earlier-reading.ts';
import { readDay } from '../../../lambda/signalwire/day-reading.ts';
import { PageReader } from '../../../lambda/signalwire/page-reader.ts';
import { ACCOUNT } from '../../support/books.ts';
import { MemoryStore } from '../../support/memory-store.ts';
import { textOf } from '../../support/plain-logs.ts';
import type { SignalWireLog } from '../../../local/signalwire-server.ts';

const DAY = '2026-11-22';

/** The result of reading a day. */
export interface Read {
  readonly books: ClosedBooks;
  /** line-items.csv. */
  readonly bytes: Buffer;
  /** How often the day was read. */
  readonly readings: number;
}

/** Reads a day page by page, given the line items of the previous reading. */
export async function readAgainst(
  logs: readonly SignalWireLog[],
  before: { readonly bytes: Buffer; readonly revision: number } | null,
): Promise<Read> {
  const store = new MemoryStore();
  const reader = new PageReader();
  let readings = 0;
  const collector = await readDay(
    (url) => {
      const page = Number(url.searchParams.get('page_number') ?? '0');
      const next = logs.length > (page + 1) * 1000 ? `?created_on=${DAY}&page_number=${page + 1}` : null;
      const data = logs.slice(page * 1000, (page + 1) * 1000).map(({ json }) => json);
      return Promise.resolve(
        reader.read(textOf(`{"links":${JSON.stringify({ next })},"data":[${data.join()}]}`)),
      );
    },
    'https://example.signalwire.com',
    billingDay(DAY, 'UTC'),
    (reading) => {
      readings += 1;
      const earlier =
        before && new EarlierReading(before.revision, archivedLogs(streamLineItems(chunksOf(before.bytes))));
      return new DayBooks(reading, new LineItemsFile(store, DAY, ACCOUNT), earlier);
    },
    { waiting: null, onNotice: () => undefined },
  );
  const { upload, key } = await collector.lines.close();
  await upload.complete('absent');
  const { body } = (await store.get(key)) ?? { body: Buffer.of() };
  return { books: collector.close(), bytes: body, readings };
}

async function* chunksOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536)
    yield await Promise.resolve(bytes.subarray(at, at + 65_536));
}
