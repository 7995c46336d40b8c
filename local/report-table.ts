import Table from 'cli-table3';
import type { Report } from '../lambda/day-report.ts';

/** Prints how days stand in an archive, a row a day. */
export function printReports(reports: readonly Report[], where: string): void {
  const table = new Table({
    head: ['Day', 'Status', 'Revision', 'Rooms', 'Sessions', 'Charge'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const { day, status, revision, rooms, sessions, charge, currency } of reports) {
    table.push([day, status, revision, rooms, sessions, `${charge} ${currency}`]);
  }
  console.log(table.toString());
  console.log(`Archive and mail: ${where}`);
}
