import { formatExact, type Money, parseArchived, ZERO } from '../lambda/charges/money.ts';

/** An amount as the archive writes it. */
export interface Amount {
  /** Exact decimal. */
  readonly charge: string;
  /** ISO 4217. */
  readonly currency: string;
}

/** Sums amounts exactly, each currency by itself: `12.34 USD`, `12.34 USD, 5.00 EUR`; `0.00` where there are none. */
export function sumOf(amounts: readonly Amount[]): string {
  const sums = [...Map.groupBy(amounts, ({ currency }) => currency)].map(
    ([currency, group]) => `${formatExact(total(group))} ${currency}`,
  );
  return sums.length === 0 ? '0.00' : sums.join(', ');
}

function total(amounts: readonly Amount[]): Money {
  return amounts.reduce((sum: Money, { charge }) => sum.plus(parseArchived(charge)), ZERO);
}

/** Writes an exact amount with its sign: `+0.10`, `-0.10`, `0.00`. */
export function formatSigned(amount: Money): string {
  return `${amount.gt('0') ? '+' : ''}${formatExact(amount)}`;
}

/** `1 day`, `2 days`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
