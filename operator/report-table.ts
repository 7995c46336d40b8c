import type { Report } from '../lambda/single-day.ts';
import { tableText } from './table.ts';

/**
 * The status of days in an archive, one row per day.
 *
 * @param where location of the archive and the mail
 */
export function reportsText(reports: readonly Report[], where: string): string {
  const rows = reports.map(({ day, status, revision, rooms, sessions, charge, currency }) => [
    ...[day, status, revision, rooms, sessions],
    `${charge} ${currency}`,
  ]);
  const table = tableText(['Day', 'Status', '>Revision', '>Rooms', '>Sessions', '>Charge'], rows);
  return `${table}\nArchive and mail: ${where}`;
}
