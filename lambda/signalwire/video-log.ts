import * as z from 'zod';
import { type Money, parseMoney } from '../charges/money.ts';
import { isNumberText, type NumberText } from './exact-json.ts';
import { shapeProblems } from '../shape-problems.ts';

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
  /** Null while the charge is not known yet. */
  readonly charge: Money | null;
  /** The session still runs, or its charge is not known yet: what it costs may still change. */
  readonly inProgress: boolean;
}

/** What is left of a log that was deleted: it bears no charge and names no room. */
interface DeletedLog {
  readonly kind: 'deleted';
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** When it was deleted, as sent. */
  readonly discardedAt: string;
}

export type VideoLog = SessionLog | DeletedLog;

const id = z.string().min(1).max(200);
const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const optionalInstant = instant.nullish().transform((value) => value ?? null);

const deletedLog = z.object({ id, discarded_at: z.iso.datetime({ offset: true }), created_at: instant });

const charge = z
  .custom<string | NumberText>((value) => typeof value === 'string' || isNumberText(value), {
    error: 'is no decimal number',
  })
  .transform((value, context) => {
    const text = typeof value === 'string' ? value : value.rawJSON;
    const amount = parseMoney(text);
    if (amount === null) context.addIssue(`${JSON.stringify(text.slice(0, 50))} is no decimal number`);
    return amount;
  });

const sessionLog = z.object({
  id,
  created_at: instant,
  charge: charge.nullable(),
  room_name: z.string().nullish(),
  status: z.string().nullish(),
  started_at: optionalInstant,
  ended_at: optionalInstant,
  // What older pages of the documentation call the same two times.
  start_time: optionalInstant,
  end_time: optionalInstant,
});

/** Why a log can't be read, naming the field. */
export interface UnreadableLog {
  readonly problem: string;
}

/**
 * Reads one entry of a page's `data`. Fields and enum values that are not known are accepted.
 *
 * @param entry a log as `parseExactJson` returns it
 */
export function readVideoLog(entry: unknown): VideoLog | UnreadableLog {
  if (isDeleted(entry)) {
    const deleted = deletedLog.safeParse(entry);
    if (!deleted.success) return { problem: explain(entry, deleted.error) };
    const { id, created_at: createdAt, discarded_at: discardedAt } = deleted.data;
    return { kind: 'deleted', id, createdAt, discardedAt };
  }
  const session = sessionLog.safeParse(entry);
  if (!session.success) return { problem: explain(entry, session.error) };
  const { data } = session;
  if (data.charge === null && data.status === 'completed') {
    return { problem: `log ${data.id} is completed, but its charge is null` };
  }
  const start = data.started_at ?? data.start_time;
  const end = data.ended_at ?? data.end_time;
  return {
    kind: 'session',
    id: data.id,
    createdAt: data.created_at,
    roomName: roomName(data.room_name),
    durationMs: durationBetween(start, end),
    charge: data.charge,
    inProgress: data.charge === null || data.status === 'in-progress',
  };
}

/** Null, too, where the session ended before it began: one of the times is wrong, and nobody knows which. */
export function durationBetween(start: number | null, end: number | null): number | null {
  return start === null || end === null || end < start ? null : end - start;
}

// Text with half a surrogate pair can't be stored as UTF-8: two such names would look alike in the file, so they
// are made alike here. A name of no characters is no name.
function roomName(name: string | null | undefined): string | null {
  return name === null || name === undefined || name === '' ? null : name.toWellFormed();
}

// A log that still bears a charge is counted, whatever else it says.
function isDeleted(entry: unknown): boolean {
  const { discarded_at: discardedAt, charge: left } = (entry ?? {}) as Record<string, unknown>;
  return (discardedAt ?? null) !== null && (left ?? null) === null;
}

function explain(entry: unknown, error: z.ZodError): string {
  const found = z.object({ id }).safeParse(entry);
  const whose = found.success ? `log ${found.data.id}` : 'a log without a usable id';
  return `${whose}: ${shapeProblems(error, 'the log')}`;
}
