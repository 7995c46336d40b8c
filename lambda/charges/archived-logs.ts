import type { LineItem } from './line-item.ts';

/** A log as the archive holds it. */
export interface ArchivedLog {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** At least one. */
  readonly items: readonly LineItem[];
}

/**
 * Puts archived line items together log by log.
 *
 * @param portions in the archive's order, cut anywhere
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
