import type { LineItem } from './line-item.ts';
import { type Money, parseArchived, sumOf, ZERO } from '../money/money.ts';

/** How the charges of a day differ from those of an earlier reading, log by log. */
export interface ChargeChanges {
  /** Logs that have a charge now and had none before. */
  readonly late: number;
  /** Logs whose charge is different now. */
  readonly corrected: number;
  /** Logs whose charge SignalWire no longer lists; they are kept, and marked. */
  readonly forgotten: number;
}

/** The same for two archived revisions of a day, compared as a whole. */
export interface LogChanges extends ChargeChanges {
  /** Ids of logs that are gone, which the archive's rules never let happen. */
  readonly lost: readonly string[];
  /** The exact sum that all changes together add to the day's charge. */
  readonly sum: Money;
}

/** @throws ArchiveError if an amount is not a decimal number */
export function logChanges(before: readonly LineItem[], after: readonly LineItem[]): LogChanges {
  const old = byLog(before);
  const current = byLog(after);
  const changes = { late: 0, corrected: 0, forgotten: 0 };
  let sum = ZERO;
  for (const [id, items] of current) {
    const previous = old.get(id);
    const difference = totalOf(items).minus(totalOf(previous ?? []));
    sum = sum.plus(difference);
    if (previous === undefined) changes.late += 1;
    else if (!difference.eq('0')) changes.corrected += 1;
    else if (isMarked(items) && !isMarked(previous)) changes.forgotten += 1;
  }
  const lost = [...old.keys()].filter((id) => !current.has(id));
  for (const id of lost) sum = sum.minus(totalOf(old.get(id) ?? []));
  return { ...changes, lost, sum };
}

/** Whether a log's charge differs from the sum of its archived line items. */
export function isCorrected(items: readonly LineItem[], charge: string): boolean {
  const [first] = items;
  const isSame = items.length === 1 && first?.BilledCost === charge;
  return !isSame && !totalOf(items).eq(charge);
}

/** Whether any of the line items was carried forward. */
export function isMarked(items: readonly LineItem[]): boolean {
  return items.some(({ x_LastSeenRevision }) => x_LastSeenRevision !== '');
}

/**
 * The exact sum of line items.
 *
 * @throws ArchiveError if an amount is not a decimal number
 */
export function totalOf(items: readonly LineItem[]): Money {
  return sumOf(items.map(({ BilledCost }) => parseArchived(BilledCost)));
}

/** The changes in a few words, even if no charge has changed. */
export function describeChanges({ late, corrected, forgotten, lost = [] }: AnyChanges): string {
  const parts = [
    counted(late, 'late charge', 'late charges'),
    counted(corrected, 'charge corrected', 'charges corrected'),
    counted(
      forgotten,
      'charge kept that SignalWire no longer lists',
      'charges kept that SignalWire no longer lists',
    ),
    counted(lost.length, 'log lost', 'logs lost'),
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'no charge changed, only other details of the sessions' : parts.join(', ');
}

type AnyChanges = ChargeChanges & Partial<Pick<LogChanges, 'lost'>>;

function counted(count: number, one: string, many: string): string | null {
  return count === 0 ? null : `${count} ${count === 1 ? one : many}`;
}

function byLog(items: readonly LineItem[]): Map<string, LineItem[]> {
  return Map.groupBy(items, ({ x_LogId }) => x_LogId);
}
