/**
 * A table in Markdown.
 *
 * @param columns heading of each column; a leading `>` aligns the column right, for numbers
 */
export function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map((column) => column.replace(/^>/, ''))),
    line(columns.map((column) => (column.startsWith('>') ? '---:' : '---'))),
    ...rows.map(line),
  ].join('\n');
}

/** `1,000,000` */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
