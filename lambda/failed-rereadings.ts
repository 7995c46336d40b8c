import { nameOf } from './errors.ts';

/**
 * Earlier days that could not be read again for late charges: how the archive tells them, and how the mail knows them
 * there. Side by side, since each depends on the other's words.
 */
const RECOGNISED = 'again for late charges';
const STANDS = "archived figures stand, and tomorrow's run tries again";
const REMEDY = "look into the function's log for the reason";

/** @param day `YYYY-MM-DD` */
export function tellFailedRereading(day: string, error: unknown): string {
  return `${day} could not be read ${RECOGNISED} (${nameOf(error)}). Its ${STANDS}; ${REMEDY}.`;
}

/** @param days that were not even tried, as those before them had failed */
export function tellSkippedRereadings(days: readonly string[]): string {
  return `Not read ${RECOGNISED} after two failures: ${days.join(', ')}. Their ${STANDS}; ${REMEDY}.`;
}

export function isFailedRereading(notice: string): boolean {
  return notice.includes(RECOGNISED);
}
