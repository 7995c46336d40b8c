import { formatExact, type Money, parseArchived, sumOf, withSign } from '../lambda/money/money.ts';

/** What a day or a change cost, as the archive writes it. */
export interface WrittenCharge {
  /** Exact decimal. */
  readonly charge: string;
  /** ISO 4217. */
  readonly currency: string;
}

/** Sums charges exactly, per currency: `12.34 USD`, `12.34 USD, 5.00 EUR`; `0.00` if there are none. */
export function sumByCurrency(charges: readonly WrittenCharge[]): string {
  const sums = [...Map.groupBy(charges, ({ currency }) => currency)].map(
    ([currency, group]) =>
      `${formatExact(sumOf(group.map(({ charge }) => parseArchived(charge))))} ${currency}`,
  );
  return sums.length === 0 ? '0.00' : sums.join(', ');
}

/** Writes an exact amount with its sign: `+0.10`, `-0.10`, `0.00`. */
export function formatSigned(amount: Money): string {
  return withSign(amount, formatExact(amount));
}
