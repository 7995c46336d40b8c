import { NINE, POINT, ZERO } from '../ascii.ts';
import { formatExact, type Money, parseArchived, parseMoney } from './money.ts';

/**
 * An exact amount in the billing currency, in the form in which it is summed: a whole number of units of a decimal
 * place. It has at least two places, and more only if the last one is not zero, so that equal amounts have equal
 * parts.
 */
export interface Amount {
  readonly units: bigint;
  /** 1435 units and 4 places are 0.1435. */
  readonly places: number;
}

/** 13 digits plus two padded zeros stay below 2^53. */
const MOST_BYTES = 13;

/**
 * The fast twin of `readAmount`, whose `parseMoney` defines the result: for amounts written as nearly all are, such as
 * `0.1435`. A property test in test/lambda/money/exact-sum.test.ts holds the two equal.
 *
 * @returns null for everything else, which is left to `readAmount`
 */
function usualAmountAt(bytes: Buffer, from: number, to: number): Amount | null {
  if (to - from > MOST_BYTES) return null;
  let units = 0;
  let point = to;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= ZERO && byte <= NINE) units = units * 10 + byte - ZERO;
    else if (byte === POINT && point === to) point = at;
    else return null;
  }
  if (point === from || point === to - 1) return null;
  let places = point === to ? 0 : to - point - 1;
  for (; places < 2; places += 1) units *= 10;
  for (; places > 2 && units % 10 === 0; places -= 1) units /= 10;
  return { units: BigInt(units), places };
}

/**
 * Reads an amount from its decimal text, such as `0.1435`, `-2`, or `1e-7`.
 *
 * @returns null if `parseMoney` does
 */
export function readAmount(text: string): Amount | null {
  const amount = parseMoney(text);
  return amount && amountOf(amount);
}

/**
 * Reads an amount that the archive holds.
 *
 * @throws ArchiveError if `parseArchived` does
 */
export function readArchivedAmount(text: string): Amount {
  return amountOf(parseArchived(text));
}

function amountOf(amount: Money): Amount {
  const [whole = '', fraction = ''] = formatExact(amount).split('.');
  return { units: BigInt(whole + fraction), places: fraction.length };
}

/**
 * Does the same as `readAmount`, from the text's bytes.
 *
 * @param from its first byte
 * @param to the byte after its last one
 */
export function readAmountAt(bytes: Buffer, from: number, to: number): Amount | null {
  return usualAmountAt(bytes, from, to) ?? readAmount(bytes.toString('utf8', from, to));
}

/** Writes an amount in full, as `formatExact` does. */
export function writeAmount({ units, places }: Amount): string {
  const sign = units < 0n ? '-' : '';
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
