import type { LineItem } from './line-item.ts';

/** A log as it is archived. */
export interface ArchivedLog {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** At least one. */
  readonly items: readonly LineItem[];
}

/**
 * Groups archived line items by log.
 *
 * @param portions line items in the archive's order; a portion may end anywhere, even within a log
 */
export async function* archivedLogs(
  portions: AsyncIterable<readonly LineItem[]>,
): AsyncGenerator<ArchivedLog[]> {
  let open: LineItem[] = [];
  for await (const portion of portions) {
    const logs: ArchivedLog[] = [];
    for (const item of portion) {
      if (open[0] !== undefined && open[0].x_LogId !== item.x_LogId) {
        logs.push(archivedLog(open));
        open = [];
      }
      open.push(item);
    }
    yield logs;
  }
  if (open.length > 0) yield [archivedLog(open)];
}

function archivedLog(items: readonly LineItem[]): ArchivedLog {
  const { x_LogId: id = '', x_CreatedAt: createdAt = '' } = items[0] ?? {};
  return { id, createdAt: Date.parse(createdAt), items };
}
