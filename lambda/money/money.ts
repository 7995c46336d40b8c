import Big from 'big.js';
import { ArchiveError } from '../errors.ts';

/**
 * Exact decimal arithmetic. Amounts come in as text and go out as text; `Big.strict` refuses JavaScript numbers, so
 * that no float can slip into a sum. Adding is exact at any length; this constructor is never used to divide.
 */
const Decimal = Big();
Decimal.strict = true;

/** The same, but divisions round half up to whole numbers. */
const WholeNumber = Big();
WholeNumber.strict = true;
WholeNumber.DP = 0;
WholeNumber.RM = WholeNumber.roundHalfUp;

/** An exact amount in the billing currency. */
export type Money = Big;

export const ZERO: Money = new Decimal('0');

// The longest an amount may be when written out: `1e999999999` would fill the memory with zeros.
const MOST_DIGITS = 1000;

const DECIMAL = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,9}))?$/;

/**
 * Reads an amount from its decimal text, such as `0.1435`, `-2`, or `1e-7`.
 *
 * @returns null if the text is not a decimal number, or would take more than 1,000 digits to write out
 */
export function parseMoney(text: string): Money | null {
  const match = DECIMAL.exec(text);
  if (match === null) return null;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  if (whole.length + fraction.length + Math.abs(Number(exponent)) > MOST_DIGITS) return null;
  return new Decimal(text);
}

/** The exact sum; zero if there is nothing to add. */
export function sumOf(amounts: Iterable<Money>): Money {
  let sum = ZERO;
  for (const amount of amounts) sum = sum.plus(amount);
  return sum;
}

/** The amount of a number of units of a decimal place: 1435 units and 4 places are 0.1435. */
export function scaled(units: bigint, places: number): Money {
  return new Decimal(`${units}e-${places}`);
}

/**
 * Writes an amount in full: plain digits, no exponent, no separators, every digit it has and at least two after
 * the decimal point.
 */
export function formatExact(amount: Money): string {
  // Big writes negative zero without its sign.
  const plain = amount.toFixed();
  const [, fraction = ''] = plain.split('.');
  return fraction.length < 2 ? amount.toFixed(2) : plain;
}

/**
 * Writes an amount for people, rounded once, half up (away from zero), to the currency's usual number of digits:
 * `$1,234.50`.
 *
 * @param currency ISO 4217
 */
export function formatRounded(amount: Money, currency: string): string {
  return formatQuotient(amount, 1, currency);
}

/**
 * Writes a quotient for people, such as an average over days: divided exactly, then rounded once, half up, as above.
 *
 * @param divisor a whole number above zero
 * @param currency ISO 4217
 */
export function formatQuotient(dividend: Money, divisor: number, currency: string): string {
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency });
  const Rounding = Big();
  Rounding.strict = true;
  Rounding.DP = format.resolvedOptions().maximumFractionDigits ?? 2;
  Rounding.RM = Rounding.roundHalfUp;
  const rounded = Rounding(dividend.toFixed()).div(String(divisor));
  // Intl accepts decimal text without converting it to a float; its type only allows texts of a literal shape.
  return format.format(formatExact(rounded) as Intl.StringNumericLiteral);
}

/** Writes by how much an amount differs from an earlier one, rounded once: `+$3.00`. */
export function formatDifference(before: Money, after: Money, currency: string): string {
  const difference = after.minus(before);
  return withSign(difference, formatRounded(difference, currency));
}

/** Puts a plus before the written form of an amount above zero; a negative one has its minus already. */
export function withSign(amount: Money, written: string): string {
  return amount.gt('0') ? `+${written}` : written;
}

/**
 * Reads an amount that the archive holds.
 *
 * @throws ArchiveError if it is not a decimal number: something else has written to the archive
 */
export function parseArchived(text: string): Money {
  const amount = parseMoney(text);
  if (amount === null) {
    throw new ArchiveError(
      `The archive holds ${JSON.stringify(text)} where an amount should be. Restore the file's last good version.`,
    );
  }
  return amount;
}

/**
 * By how many percent an amount differs from the average of others, rounded once, half up, to a whole number.
 *
 * @param sum of the others
 * @param count how many others there are
 * @returns `8`, `-12`; null if the average is not above zero, as a percentage would mean nothing
 */
export function percentChange(amount: Money, sum: Money, count: number): string | null {
  return percentOf(amount.times(String(count)).minus(sum), sum);
}

/**
 * An amount as a percentage of a whole, rounded once, half up, to a whole number.
 *
 * @returns `82`; null if the whole is not above zero
 */
export function percentOf(amount: Money, whole: Money): string | null {
  if (whole.lte('0')) return null;
  const percent = WholeNumber(amount.times('100').toFixed()).div(whole.toFixed());
  return percent.eq('0') ? '0' : percent.toFixed();
}
