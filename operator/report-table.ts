import type { Report } from '../lambda/single-day.ts';
import { tableText } from './table.ts';

/**
 * How days stand in an archive, a row a day.
 *
 * @param where the archive and the mail are
 */
export function reportsText(reports: readonly Report[], where: string): string {
  const rows = reports.map(({ day, status, revision, rooms, sessions, charge, currency }) => [
    ...[day, status, revision, rooms, sessions],
    `${charge} ${currency}`,
  ]);
  const table = tableText(['Day', 'Status', '>Revision', '>Rooms', '>Sessions', '>Charge'], rows);
  return `${table}\nArchive and mail: ${where}`;
}
