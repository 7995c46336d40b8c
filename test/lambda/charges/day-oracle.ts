import { HEADER, LineItemRows, readLineItems, rowOf } from '../../../lambda/archive/line-items-csv.ts';
import { Utf8Text } from '../../../lambda/archive/utf8-text.ts';
import type { ChargeChanges } from '../../../lambda/charges/changes.ts';
import { itemize, type LineItem } from '../../../lambda/charges/line-item.ts';
import { readVideoLog, type SessionLog, type VideoLog } from '../../../lambda/signalwire/video-log.ts';
import { ACCOUNT } from '../../support/books.ts';

/** A room's sessions, sessions in progress, milliseconds and cents. */
type RoomSums = [
  name: string | null,
  sessions: number,
  inProgress: number,
  durationMs: number,
  cents: bigint,
];

/** What a day's books and line items must be, computed log by log from all of them at once. */
export interface ExpectedDay {
  /** By id; the archive's order is that of `csv`. */
  readonly items: ReadonlyMap<string, readonly LineItem[]>;
  readonly csv: string;
  readonly rooms: readonly RoomSums[];
  readonly changes: ChargeChanges;
  readonly deletedLogs: number;
  readonly carriedCents: bigint;
}

/**
 * @param logs JSON of every log of a reading, whose amounts are whole cents
 * @param before the expected items of the previous reading
 */
export function expectedDay(
  logs: readonly string[],
  before: ExpectedDay['items'],
  revision: number,
): ExpectedDay {
  const listed = new Map(logs.map((json) => read(json)).map((log) => [log.id, log]));
  const rows: { createdAt: number; id: string; items: readonly LineItem[] }[] = [];
  const rooms = new Map<string | null, RoomSums>();
  const changes = { late: 0, corrected: 0, forgotten: 0 };
  let carriedCents = 0n;
  const add = (
    name: string | null,
    sessions: number,
    inProgress: number,
    ms: number,
    cents: bigint,
  ): void => {
    const room = rooms.get(name) ?? [name, 0, 0, 0, 0n];
    rooms.set(name, [name, room[1] + sessions, room[2] + inProgress, room[3] + ms, room[4] + cents]);
  };
  for (const id of new Set([...listed.keys(), ...before.keys()])) {
    const [log, archived = []] = [listed.get(id), before.get(id)];
    const session = log?.kind === 'session' ? log : null;
    if (session !== null) add(session.roomName, 1, Number(session.inProgress), session.durationMs ?? 0, 0n);
    if (session?.charge) {
      const items = itemsOf(session);
      add(session.roomName, 0, 0, 0, centsOf(items));
      rows.push({ createdAt: session.createdAt, id, items });
      if (archived.length === 0) changes.late += 1;
      else if (centsOf(archived) !== centsOf(items)) changes.corrected += 1;
      continue;
    }
    const [first] = archived;
    if (first === undefined) continue;
    const discardedAt = log?.kind === 'deleted' ? log.discardedAt : '';
    const items = archived.map((item) => ({
      ...item,
      // Rows are sorted by the time of creation that they contain.
      ...(log !== undefined && log.createdAt !== Date.parse(item.x_CreatedAt)
        ? { x_CreatedAt: new Date(log.createdAt).toISOString() }
        : {}),
      x_DiscardedAt: item.x_DiscardedAt || discardedAt,
      x_LastSeenRevision: item.x_LastSeenRevision || String(revision),
    }));
    const lasted = session === null ? Date.parse(first.x_EndedAt) - Date.parse(first.x_StartedAt) : 0;
    add(first.x_RoomName || null, Number(session === null), 0, lasted, centsOf(items));
    carriedCents += centsOf(items);
    if (first.x_LastSeenRevision === '') changes.forgotten += 1;
    rows.push({ createdAt: log?.createdAt ?? Date.parse(first.x_CreatedAt), id, items });
  }
  rows.sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1));
  return {
    items: new Map(rows.map(({ id, items }) => [id, items])),
    csv: HEADER + rows.flatMap(({ items }) => items.map(rowOf)).join(''),
    rooms: [...rooms.values()].sort(dearestFirst),
    changes,
    deletedLogs: [...listed.values()].filter(({ kind }) => kind === 'deleted').length,
    carriedCents,
  };
}

function read(json: string): VideoLog {
  const log = readVideoLog(json);
  if ('problem' in log) throw new Error(log.problem);
  return log;
}

function itemsOf(log: SessionLog): LineItem[] {
  const text = new Utf8Text();
  text.append(HEADER);
  new LineItemRows(ACCOUNT).write(text, log, itemize(log).charges);
  return readLineItems(text.take());
}

function centsOf(items: readonly LineItem[]): bigint {
  return items.reduce((sum, { BilledCost }) => sum + BigInt(BilledCost.replace('.', '')), 0n);
}

function dearestFirst(a: RoomSums, b: RoomSums): number {
  if (a[4] !== b[4]) return a[4] > b[4] ? -1 : 1;
  return (a[0] ?? '') < (b[0] ?? '') ? -1 : 1;
}
