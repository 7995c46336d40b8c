import * as z from 'zod';
import { exactAmount } from '../charges/money.ts';
import { shapeProblems } from '../shape-problems.ts';
import { isNumberText, type NumberText, parseExactJson } from './exact-json.ts';
import { InstantReader } from './instant-reader.ts';

/** A session that bears a charge, or will. */
export interface SessionLog {
  readonly kind: 'session';
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Null where the session has no room name. */
  readonly roomName: string | null;
  /** Milliseconds from start to end; null where it can't be known. */
  readonly durationMs: number | null;
  /** Exact decimal, as the archive writes it; null while the charge is not known yet. */
  readonly charge: string | null;
  /** The session still runs, or its charge is not known yet: what it costs may still change. */
  readonly inProgress: boolean;
  readonly asSent: FieldsAsSent;
}

/** What is passed on for the reader's sake and never summed, whatever its type; empty where it is null or missing. */
export interface FieldsAsSent {
  readonly type: string;
  readonly source: string;
  readonly status: string;
  readonly locked: string;
  readonly url: string;
  readonly createdAt: string;
  readonly startedAt: string;
  readonly endedAt: string;
  /** JSON. */
  readonly chargeDetails: string;
  /** The whole log's JSON. */
  readonly json: string;
}

/** What is left of a log that was deleted: it bears no charge and names no room. */
interface DeletedLog {
  readonly kind: 'deleted';
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** When it was deleted, as sent. */
  readonly discardedAt: string;
  readonly asSent: Pick<FieldsAsSent, 'json'>;
}

export type VideoLog = SessionLog | DeletedLog;

export const LONGEST_ID = 200;

const id = z.string().min(1).max(LONGEST_ID);
const instant = z.iso.datetime({ offset: true });

const deletedLog = z.object({ id, discarded_at: instant, created_at: instant });

const charge = z
  .custom<string | NumberText>((value) => typeof value === 'string' || isNumberText(value), {
    error: 'is no decimal number',
  })
  .transform((value, context) => {
    const text = typeof value === 'string' ? value : value.rawJSON;
    const amount = exactAmount(text);
    if (amount === null) context.addIssue(`${JSON.stringify(text.slice(0, 50))} is no decimal number`);
    return amount;
  });

const sessionLog = z.object({
  id,
  created_at: instant,
  charge: charge.nullable(),
  room_name: z.string().nullish(),
  status: z.string().nullish(),
  started_at: instant.nullish(),
  ended_at: instant.nullish(),
  // What older pages of the documentation call the same two times.
  start_time: instant.nullish(),
  end_time: instant.nullish(),
});

/** Why a log can't be read, naming the field. */
export interface UnreadableLog {
  readonly problem: string;
}

/**
 * Reads one entry of a page's `data`. Fields and enum values that are not known are accepted.
 *
 * @param json JSON text
 * @throws SyntaxError where it is none
 */
export function readVideoLog(json: string): VideoLog | UnreadableLog {
  const entry = parseExactJson(json);
  if (isDeleted(entry)) {
    const deleted = deletedLog.safeParse(entry);
    if (!deleted.success) return { problem: explain(entry, deleted.error) };
    const { created_at: createdAt, discarded_at: discardedAt } = deleted.data;
    return {
      kind: 'deleted',
      id: deleted.data.id,
      createdAt: Date.parse(createdAt),
      discardedAt,
      asSent: { json },
    };
  }
  const session = sessionLog.safeParse(entry);
  if (!session.success) return { problem: explain(entry, session.error) };
  const { data } = session;
  if (data.charge === null && data.status === 'completed') {
    return { problem: `log ${data.id} is completed, but its charge is null` };
  }
  const sent = entry as Readonly<Record<string, unknown>>;
  const text = (name: string): string => textOf(sent[name]);
  return sessionOf(data.id, text('room_name'), data.charge, {
    type: text('type'),
    source: text('source'),
    status: text('status'),
    locked: text('locked'),
    url: text('url'),
    createdAt: data.created_at,
    startedAt: data.started_at ?? data.start_time ?? '',
    endedAt: data.ended_at ?? data.end_time ?? '',
    chargeDetails: isPresent(sent['charge_details']) ? JSON.stringify(sent['charge_details']) : '',
    json,
  });
}

// Each meets one date after the other.
const created = new InstantReader();
const ended = new InstantReader();

/**
 * A session, of what was found to be in order.
 *
 * @param roomName empty where there is none
 */
export function sessionOf(
  id: string,
  roomName: string,
  charge: string | null,
  asSent: FieldsAsSent,
): SessionLog {
  const { startedAt, endedAt, status } = asSent;
  const createdAt = created.read(asSent.createdAt);
  const start = startedAt === asSent.createdAt ? createdAt : instantOf(startedAt);
  return {
    kind: 'session',
    id,
    createdAt,
    roomName: roomName === '' ? null : roomName,
    durationMs: durationBetween(start, instantOf(endedAt)),
    charge,
    inProgress: charge === null || status === 'in-progress',
    asSent,
  };
}

/** Milliseconds since the epoch; null for an empty text. */
export function instantOf(text: string): number | null {
  return text === '' ? null : ended.read(text);
}

/** Null, too, where the session ended before it began: one of the times is wrong, and nobody knows which. */
export function durationBetween(start: number | null, end: number | null): number | null {
  return start === null || end === null || end < start ? null : end - start;
}

// A log that still bears a charge is counted, whatever else it says.
function isDeleted(entry: unknown): boolean {
  const { discarded_at: discardedAt, charge: left } = (entry ?? {}) as Record<string, unknown>;
  return isPresent(discardedAt) && !isPresent(left);
}

/** A string's characters, nothing for null, and the JSON of everything else, its numbers as they were sent. */
function textOf(value: unknown): string {
  // UTF-8 has no half surrogate pairs: they become the sign for a character that is not known.
  if (typeof value === 'string') return value.toWellFormed();
  return isPresent(value) ? JSON.stringify(value) : '';
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function explain(entry: unknown, error: z.ZodError): string {
  const found = z.object({ id }).safeParse(entry);
  const whose = found.success ? `log ${found.data.id}` : 'a log without a usable id';
  return `${whose}: ${shapeProblems(error, 'the log')}`;
}
