import type { Remark } from './remarks.ts';
import type { Summary } from './summary.ts';
import { type Column, figure, type Table, titlesOf, words } from './table.ts';
import { columnsOf, isolated, visibleName } from './visible-text.ts';

/** The mail as plain text: the same facts as the HTML, in the same order, with tables in aligned columns. */
export function textBody(summary: Summary): string {
  const { status, bars } = summary;
  const blocks: (readonly string[])[] = [
    [`${status.mark}: ${status.sentence}`],
    [summary.title, summary.when],
    ...summary.firstRemarks.map(remarkLines),
    [`Total: ${summary.total}`, summary.volume],
    tableLines(summary.figures),
    tableLines(summary.restated),
    ...summary.furtherRemarks.map(remarkLines),
    tableLines(summary.movements),
    tableLines(summary.rooms),
    tableLines(
      bars.length === 0
        ? null
        : {
            caption: `Last ${bars.length} days`,
            columns: [words('Day'), figure('Charge')],
            rows: bars.map(({ day, figure: amount }) => [day, amount]),
            note: null,
          },
    ),
    tableLines(summary.reconciliation),
    ...summary.footnotes.map((footnote) => [footnote]),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function remarkLines({ sentence }: Remark): string[] {
  return [
    `! ${sentence.map((part) => (typeof part === 'string' ? part : isolated(visibleName(part.name)))).join('')}`,
  ];
}

function tableLines(table: Table | null): string[] {
  if (table === null) return [];
  const { caption, columns, rows, details = [], note } = table;
  const titles = titlesOf(table);
  const lines = aligned([...(titles === null ? [] : [titles]), ...rows], columns);
  const titleLines = lines.splice(0, lines.length - rows.length);
  const rowLines = lines.flatMap((line, row) => [
    line,
    ...(details[row] === undefined ? [] : [`  ${details[row]}`]),
  ]);
  return [caption, ...titleLines, ...rowLines, ...(note === null ? [] : [note])];
}

function aligned(rows: readonly (readonly string[])[], columns: readonly Column[]): string[] {
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => columnsOf(row[column] ?? ''))));
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const padding = ' '.repeat((widths[column] ?? 0) - columnsOf(cell));
        if (column === 0) return isolated(cell) + padding;
        return columns[column]?.kind === 'figure' ? padding + cell : cell + padding;
      })
      .join('  ')
      .trimEnd(),
  );
}
