import type { LineItem } from './line-item.ts';
import { type Money, parseArchived, sumOf, ZERO } from '../money/money.ts';

/** How the charges of a day differ from those of an earlier reading, log by log. */
export interface ChargeChanges {
  /** Logs that bear a charge now and bore none before. */
  readonly late: number;
  /** Logs whose charge is another one. */
  readonly corrected: number;
  /** Logs that SignalWire no longer tells and that are kept, marked. */
  readonly forgotten: number;
}

/** The same for two archived states of a day, compared as a whole. */
export interface LogChanges extends ChargeChanges {
  /** Ids of logs that are gone. It never happens by the archive's rules. */
  readonly lost: readonly string[];
  /** What all changes together add to the day's charge, exactly. */
  readonly sum: Money;
}

/** @throws ArchiveError where an amount is none */
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

/** Whether a log's charge is another one than its archived line items add up to. */
export function isCorrected(items: readonly LineItem[], charge: string): boolean {
  const [first] = items;
  const isSame = items.length === 1 && first?.BilledCost === charge;
  return !isSame && !totalOf(items).eq(charge);
}

/** Whether line items were carried forward. */
export function isMarked(items: readonly LineItem[]): boolean {
  return items.some(({ x_LastSeenRevision }) => x_LastSeenRevision !== '');
}

/**
 * The exact sum of line items.
 *
 * @throws ArchiveError where an amount is none
 */
export function totalOf(items: readonly LineItem[]): Money {
  return sumOf(items.map(({ BilledCost }) => parseArchived(BilledCost)));
}

/** Says in a few words what has changed, even if no charge has. */
export function tellChanges({ late, corrected, forgotten, lost = [] }: Told): string {
  const parts = [
    counted(late, 'late charge', 'late charges'),
    counted(corrected, 'charge corrected', 'charges corrected'),
    counted(
      forgotten,
      'charge kept although SignalWire no longer lists it',
      'charges kept although SignalWire no longer lists them',
    ),
    counted(lost.length, 'log lost', 'logs lost'),
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'no charge changed; only session details did' : parts.join(', ');
}

type Told = ChargeChanges & Partial<Pick<LogChanges, 'lost'>>;

function counted(count: number, one: string, many: string): string | null {
  return count === 0 ? null : `${count} ${count === 1 ? one : many}`;
}

function byLog(items: readonly LineItem[]): Map<string, LineItem[]> {
  return Map.groupBy(items, ({ x_LogId }) => x_LogId);
}
