import { writeAmount } from '../../lambda/money/amount.ts';
import { FIELDS } from '../../lambda/signalwire/as-sent.ts';
import type { LogsPage, UnreadablePage } from '../../lambda/signalwire/page-reader.ts';
import { FoundLogs, PageLogs } from '../../lambda/signalwire/page-logs.ts';
import { PageText } from '../../lambda/signalwire/page-text.ts';
import type { UnreadableLog, VideoLog } from '../../lambda/signalwire/video-log.ts';

/** Everything about a log, as values that can be compared. */
export interface PlainLog {
  readonly problem?: string;
  readonly kind?: VideoLog['kind'];
  readonly id?: string;
  readonly createdAt?: number;
  readonly discardedAt?: string;
  readonly roomName?: string | null;
  readonly durationMs?: number | null;
  readonly charge?: string | null;
  readonly inProgress?: boolean;
  readonly asSent?: Readonly<Record<string, string>>;
}

export function plainLog(log: VideoLog | UnreadableLog): PlainLog {
  if ('problem' in log) return log;
  const { kind, id, createdAt, asSent } = log;
  if (kind === 'deleted') {
    return { kind, id, createdAt, discardedAt: log.discardedAt, asSent: { json: asSent.text('json') } };
  }
  const { roomName, durationMs, charge, inProgress } = log;
  const sent = FIELDS.filter((field) => field !== 'id' && field !== 'roomName');
  return {
    ...{ kind, id, createdAt, roomName, durationMs, inProgress },
    charge: charge && writeAmount(charge),
    asSent: Object.fromEntries(sent.map((field) => [field, asSent.text(field)])),
  };
}

/** The same for a page. */
export interface PlainPage {
  readonly problem?: string;
  readonly next?: string | null;
  readonly logs?: readonly PlainLog[];
}

export function plainPage(page: LogsPage | UnreadablePage): PlainPage {
  return 'problem' in page ? page : { next: page.next, logs: Array.from(page.logs, plainLog) };
}

/** A page's text. */
export function textOf(json: string): PageText {
  return new PageText(Buffer.from(json));
}

/** The logs of a page, none of which has a usual shape. */
export function pageLogs(logs: readonly (VideoLog | UnreadableLog)[]): PageLogs {
  const found = new FoundLogs(textOf(''));
  for (const log of logs) found.addUnusual(log);
  return new PageLogs(found);
}
