import type { LineItemWriter } from '../charges/day-books.ts';
import { ExactSum } from '../charges/exact-sum.ts';
import type { BillingAccount, LineItem, LogCharge } from '../charges/line-item.ts';
import { formatExact, type Money, parseArchived } from '../charges/money.ts';
import type { SessionLog } from '../signalwire/video-log.ts';
import { lineItemsKey } from './layout.ts';
import { HEADER, LineItemRows, rowOf } from './line-items-csv.ts';
import type { NewFile } from './new-file.ts';
import { CSV_TYPE, type ObjectStore, type Upload } from './object-store.ts';

/** A day's line-items.csv, sent to the store. */
export interface LineItemsWritten extends NewFile {
  /** The exact sum of its rows. */
  readonly total: Money;
}

/** A day's line-items.csv on its way into the store, row by row. */
export class LineItemsFile implements LineItemWriter {
  readonly #key: string;
  readonly #upload: Upload;
  readonly #rows: LineItemRows;
  readonly #total = new ExactSum();
  #count = 0;
  #text: string[] = [HEADER];

  /** @param day `YYYY-MM-DD` */
  constructor(store: Pick<ObjectStore, 'upload'>, day: string, account: BillingAccount) {
    this.#key = lineItemsKey(day);
    this.#upload = store.upload(this.#key, CSV_TYPE);
    this.#rows = new LineItemRows(account);
  }

  add(log: SessionLog, charges: readonly LogCharge[]): void {
    for (const charge of charges) this.#add(this.#rows.rowOf(log, charge), charge.charge);
  }

  carry(items: readonly LineItem[]): void {
    for (const item of items) this.#add(rowOf(item), formatExact(parseArchived(item.BilledCost)));
  }

  async flush(): Promise<void> {
    const text = this.#text.join('');
    this.#text = [];
    if (text !== '') await this.#upload.write(Buffer.from(text));
  }

  /** After the last row. @throws ArchiveError */
  async close(): Promise<LineItemsWritten> {
    await this.flush();
    const written = await this.#upload.close();
    return { key: this.#key, rows: this.#count, upload: this.#upload, total: this.#total.value, ...written };
  }

  async discard(): Promise<void> {
    await this.#upload.abort();
  }

  #add(row: string, charge: string): void {
    this.#text.push(row);
    this.#total.add(charge);
    this.#count += 1;
  }
}
