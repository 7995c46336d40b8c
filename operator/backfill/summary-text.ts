import { counted } from '../../lambda/email/words.ts';
import { tableText } from '../table.ts';
import type { Summary } from './summary.ts';

/**
 * Tells what became of a backfill, and how to go on where something is left to do.
 *
 * @param stopReason why not all days were begun; null where they were
 * @param commandFrom the command line that goes on from a day
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
    ...(notBegun > 0 ? ['', `${counted(notBegun, 'day')} not begun: ${stopReason ?? ''}.`] : []),
    ...(firstUndone === null
      ? []
      : [
          '',
          'To go on (days that are archived already are not read again):',
          `  ${commandFrom(firstUndone)}`,
        ]),
  ].join('\n');
}
