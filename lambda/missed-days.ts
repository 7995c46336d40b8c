import { EMAILS, emailsPrefix, parseEmailKey } from './archive/layout.ts';
import type { ObjectStore } from './archive/object-store.ts';
import { daysBefore } from './billing-day.ts';
import { isReceipt, settlesDay } from './email/delivery-journal.ts';

/**
 * The days whose report was due but never went out: among the `lookbackDays` days before yesterday, those after the
 * first day that was ever delivered. Days archived without a mail on purpose don't count.
 *
 * @param yesterday `YYYY-MM-DD`: the day to look back from
 * @returns `YYYY-MM-DD`, oldest first
 * @throws ArchiveError
 */
export async function findMissedDays(
  yesterday: string,
  lookbackDays: number,
  store: ObjectStore,
): Promise<string[]> {
  const unsettled = await findUnsettledDays(daysBefore(yesterday, lookbackDays).reverse(), store);
  if (unsettled.length === 0) return [];
  const first = await findFirstDelivered(store);
  return first === null ? [] : unsettled.filter((day) => day > first);
}

/** @param days oldest first */
async function findUnsettledDays(days: readonly string[], store: ObjectStore): Promise<readonly string[]> {
  const [oldest, newest = ''] = [days[0], days.at(-1)];
  if (oldest === undefined) return [];
  const settled = new Set<string>();
  for await (const key of store.list(EMAILS, emailsPrefix(oldest))) {
    const found = parseEmailKey(key);
    if (found === null) continue;
    if (found.day > newest) break;
    if (settlesDay(found.name)) settled.add(found.day);
  }
  return days.filter((day) => !settled.has(day));
}

/** Keys are listed in the order of their days, so looking at the first few is enough. */
async function findFirstDelivered(store: ObjectStore): Promise<string | null> {
  for await (const key of store.list(EMAILS)) {
    const found = parseEmailKey(key);
    if (found !== null && isReceipt(found.name)) return found.day;
  }
  return null;
}
