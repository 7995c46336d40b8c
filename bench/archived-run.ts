import { hash } from 'node:crypto';

/** What a run of the job left in S3 and SES. */
export interface ArchivedRun {
  /** manifests/day=….json */
  readonly manifest: string;
  /** room-charges.csv */
  readonly roomCharges: string;
  readonly lineItems: LineItemsScan;
  readonly mails: number;
}

/** A summary of a line-items.csv, which may be gigabytes long. */
export interface LineItemsScan {
  readonly sha256: string;
  readonly bytes: number;
  readonly rows: number;
  /** Sum of `BilledCost` in ten-thousandths of a dollar, as text. */
  readonly billed: string;
}

/**
 * Hashes line-items.csv and adds up its first column, row by row: no cell contains a line break.
 *
 * @throws Error if `BilledCost` is not the first column, or one of its cells is not an amount of at most four decimals
 */
export function scanLineItems(file: Buffer): LineItemsScan {
  let start = file.indexOf('\r\n') + 2;
  if (!file.toString('latin1', 0, 11).startsWith('BilledCost,'))
    throw new Error('BilledCost is not the first column');
  let rows = 0;
  let billed = 0n;
  while (start < file.length) {
    const cellEnd = file.indexOf(',', start);
    billed += tenThousandths(file.toString('latin1', start, cellEnd));
    rows += 1;
    start = file.indexOf('\r\n', cellEnd) + 2;
  }
  return { sha256: hash('sha256', file), bytes: file.length, rows, billed: String(billed) };
}

/**
 * Reads an amount as ten-thousandths of a dollar.
 *
 * @throws Error if it is not a plain decimal, or has more than four decimals (zeros aside)
 */
export function tenThousandths(decimal: string): bigint {
  const [, sign = '', whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d{0,4})0*)?$/.exec(decimal) ?? [];
  if (whole === undefined) throw new Error(`${JSON.stringify(decimal)} is not an amount in ten-thousandths`);
  return BigInt(`${sign}${whole}${fraction.padEnd(4, '0')}`);
}
