import { counted } from '../../lambda/email/words.ts';
import { tableText } from '../table.ts';
import type { Summary } from './summary.ts';

/**
 * Describes the outcome of a backfill, and how to continue if days are left.
 *
 * @param stopReason why some days were not started; null if all were
 * @param commandFrom the command line that continues from a day
 */
export function summaryText(
  { rows, failed, notBegun, firstUndone }: Summary,
  stopReason: string | null,
  commandFrom: (day: string) => string,
): string {
  const table = tableText(
    ['Status', '>Days', '>Charge'],
    rows.map(({ status, days, charge }) => [status, days, charge]),
  );
  const failures = failed.map(({ day, name, message }) => `  ${day}  ${name}: ${message}`);
  return [
    table,
    ...(failed.length > 0 ? ['', `${counted(failed.length, 'day')} failed:`, ...failures] : []),
    ...(notBegun > 0 ? ['', `${counted(notBegun, 'day')} not started: ${stopReason ?? ''}.`] : []),
    ...(firstUndone === null
      ? []
      : ['', 'To continue (archived days are not read again):', `  ${commandFrom(firstUndone)}`]),
  ].join('\n');
}
