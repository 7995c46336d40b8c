import Table from 'cli-table3';

type Cell = string | number;

/**
 * A table without colours, as it may end up in a file.
 *
 * @param columns heading of each column, with `>` before those that hold figures
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
