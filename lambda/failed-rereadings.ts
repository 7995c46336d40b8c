import { nameOf } from './errors.ts';

/**
 * Earlier days that could not be read again for late charges: the notice that the archive stores, and how the mail
 * recognises it there. Side by side, as recognising depends on the notice's words.
 */
const RECOGNISED = 'again for late charges';
const STANDS = "archived figures stand, and tomorrow's run tries again";
const REMEDY = "look into the function's log for the reason";

/** @param day `YYYY-MM-DD` */
export function failedRereadingNotice(day: string, error: unknown): string {
  return `${day} could not be read ${RECOGNISED} (${nameOf(error)}). Its ${STANDS}; ${REMEDY}.`;
}

/** @param days that were not even tried, because those before them had failed */
export function skippedRereadingsNotice(days: readonly string[]): string {
  return `Not read ${RECOGNISED} after two failures: ${days.join(', ')}. Their ${STANDS}; ${REMEDY}.`;
}

export function isFailedRereading(notice: string): boolean {
  return notice.includes(RECOGNISED);
}
