import { formatRounded, type Money, percentOf, ZERO } from '../money/money.ts';
import { shortDay } from './calendar.ts';
import type { Findings } from './findings.ts';
import type { PastDay } from './history.ts';
import type { Bar } from './table.ts';

const DAYS = 14;

/** The last 14 days, oldest first, starting at the oldest one archived; empty if this day is the only one. */
export function fortnight({ manifest, total, past }: Findings): Bar[] {
  const { day, currency, sessions } = manifest;
  const before = past.slice(0, DAYS - 1);
  const oldest = before.findLastIndex(({ kind }) => kind !== 'absent');
  if (oldest === -1) return [];
  const shown = before.slice(0, oldest + 1).reverse();
  const amounts = [total, ...shown.flatMap((one) => (one.kind === 'known' ? [one.charge] : []))];
  const highest = amounts.reduce((most, amount) => (amount.gt(most) ? amount : most), ZERO);
  return [
    ...shown.map((one) => barOf(one, currency, highest)),
    { ...amountBar(day, total, sessions, currency, highest), isReported: true },
  ];
}

function barOf(day: PastDay, currency: string, highest: Money): Bar {
  const missing = { day: shortDay(day.day), length: 0, isReported: false };
  switch (day.kind) {
    case 'known':
      return amountBar(day.day, day.charge, day.sessions, currency, highest);
    case 'absent':
      return { ...missing, figure: 'not archived yet' };
    case 'unreadable':
      return { ...missing, figure: 'could not be read' };
    case 'other':
      return { ...missing, figure: day.why };
  }
}

function amountBar(day: string, charge: Money, sessions: number, currency: string, highest: Money): Bar {
  const amount = formatRounded(charge, currency);
  return {
    day: shortDay(day),
    figure: sessions === 0 ? `${amount}, no usage` : amount,
    length: charge.gt('0') ? Number(percentOf(charge, highest)) : 0,
    isReported: false,
  };
}
