import Table from 'cli-table3';

type Cell = string | number;

/**
 * A table without colours, since it may end up in a file.
 *
 * @param columns heading of each column; a leading `>` aligns the column right, for numbers
 */
export function tableText(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const table = new Table({
    head: columns.map((column) => column.replace(/^>/, '')),
    colAligns: columns.map((column) => (column.startsWith('>') ? 'right' : 'left')),
    style: { head: [], border: [] },
  });
  for (const row of rows) table.push([...row]);
  return table.toString();
}
