import { type Amount, readArchivedAmount } from '../money/amount.ts';
import type { LineItemWriter } from '../charges/day-books.ts';
import { ExactSum } from '../money/exact-sum.ts';
import type { BillingAccount, LineItem, LogCharge } from '../charges/line-item.ts';
import type { Money } from '../money/money.ts';
import type { SessionLog } from '../signalwire/video-log.ts';
import { lineItemsKey } from './layout.ts';
import { HEADER, LineItemRows, rowOf } from './line-items-csv.ts';
import type { NewFile } from './new-file.ts';
import { CSV_TYPE, type ObjectStore, type Upload } from './object-store.ts';
import { Utf8Text } from './utf8-text.ts';

/** A day's line-items.csv, sent to the store. */
export interface LineItemsWritten extends NewFile {
  /** The exact sum of its rows. */
  readonly total: Money;
}

/** A day's line-items.csv while it is sent to the store, row by row. */
export class LineItemsFile implements LineItemWriter {
  readonly #key: string;
  readonly #upload: Upload;
  readonly #rows: LineItemRows;
  readonly #total = new ExactSum();
  readonly #text = new Utf8Text();
  #rowCount = 0;

  /** @param day `YYYY-MM-DD` */
  constructor(store: Pick<ObjectStore, 'upload'>, day: string, account: BillingAccount) {
    this.#key = lineItemsKey(day);
    this.#upload = store.upload(this.#key, CSV_TYPE);
    this.#rows = new LineItemRows(account);
    this.#text.append(HEADER);
  }

  add(log: SessionLog, charges: readonly LogCharge[]): void {
    this.#rows.write(this.#text, log, charges);
    for (const { charge } of charges) this.#count(charge);
  }

  carry(items: readonly LineItem[]): void {
    for (const item of items) {
      this.#text.append(rowOf(item));
      this.#count(readArchivedAmount(item.BilledCost));
    }
  }

  async flush(): Promise<void> {
    const bytes = this.#text.take();
    if (bytes.length > 0) await this.#upload.write(bytes);
  }

  /** To be called after the last row. @throws ArchiveError */
  async close(): Promise<LineItemsWritten> {
    await this.flush();
    const written = await this.#upload.close();
    return {
      key: this.#key,
      rows: this.#rowCount,
      upload: this.#upload,
      total: this.#total.value,
      ...written,
    };
  }

  async discard(): Promise<void> {
    await this.#upload.abort();
  }

  #count(charge: Amount): void {
    this.#total.add(charge);
    this.#rowCount += 1;
  }
}
