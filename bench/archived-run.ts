import { hash } from 'node:crypto';

/** What a run of the job has left in S3 and in SES. */
export interface ArchivedRun {
  /** manifests/day=….json */
  readonly manifest: string;
  /** room-charges.csv */
  readonly roomCharges: string;
  readonly lineItems: LineItemsScan;
  readonly mails: number;
}

/** What is to be known of a line-items.csv that may have gigabytes. */
export interface LineItemsScan {
  readonly sha256: string;
  readonly bytes: number;
  readonly rows: number;
  /** Sum of `BilledCost` in ten-thousandths of a dollar, as text. */
  readonly billed: string;
}

/**
 * Hashes line-items.csv and adds its first column up, row by row: no cell of it holds a line break.
 *
 * @throws Error where `BilledCost` is not the first column, or a cell of it is no amount of at most four decimals
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
 * @throws Error where it is no plain decimal, or has more than four decimals that matter
 */
export function tenThousandths(decimal: string): bigint {
  const [, sign = '', whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d{0,4})0*)?$/.exec(decimal) ?? [];
  if (whole === undefined) throw new Error(`${JSON.stringify(decimal)} is no amount in ten-thousandths`);
  return BigInt(`${sign}${whole}${fraction.padEnd(4, '0')}`);
}
