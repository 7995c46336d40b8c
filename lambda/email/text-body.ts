import { factsOf } from './facts.ts';
import type { RoomLine, Summary } from './summary.ts';
import { charactersOf, visibleName } from './visible-text.ts';

/** The mail as plain text: the same facts as the HTML, the rooms in aligned columns. */
export function textBody(summary: Summary): string {
  const facts = factsOf(summary);
  return [
    facts.title,
    facts.when,
    '',
    `Total: ${summary.total}`,
    ...(facts.comparison === null ? [] : [facts.comparison]),
    facts.volume,
    ...facts.remarks.flatMap((remark) => ['', `! ${remark}`]),
    '',
    ...roomTable(summary),
    facts.file,
    facts.provenance,
    '',
  ].join('\n');
}

function roomTable({ roomLines, otherRooms }: Summary): string[] {
  if (roomLines.length === 0) return [];
  const lines = otherRooms === null ? roomLines : [...roomLines, otherRooms.line];
  const cells = lines.map(({ name, sessions, duration, charge }: RoomLine) => [
    visibleName(name),
    sessions,
    duration,
    charge,
  ]);
  const rows = [['Room', 'Sessions', 'Time', 'Charge'], ...cells];
  const width = (column: number): number =>
    Math.max(...rows.map((row) => charactersOf(row[column] ?? '').length));
  const widths = [0, 1, 2, 3].map(width);
  const lineOf = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const padding = ' '.repeat((widths[column] ?? 0) - charactersOf(cell).length);
        return column === 0 ? cell + padding : padding + cell;
      })
      .join('  ');
  return [...rows.map(lineOf), ''];
}
