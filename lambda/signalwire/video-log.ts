import * as z from 'zod';
import { type Amount, readAmount } from '../money/amount.ts';
import { shapeProblems } from '../shape-problems.ts';
import { AsSent, SLOTS } from './as-sent.ts';
import { isNumberText, type NumberText, parseExactJson } from './exact-json.ts';
import { RecurringTexts } from './recurring-texts.ts';

/** What all logs have in common: the bytes that were sent, and what was read from them. */
class ReadLog {
  readonly asSent: AsSent;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;

  constructor(asSent: AsSent, createdAt: number) {
    this.asSent = asSent;
    this.createdAt = createdAt;
  }

  get id(): string {
    return this.asSent.text('id');
  }
}

/** A session that has a charge, or will have one. */
export class SessionLog extends ReadLog {
  readonly kind = 'session';
  /** Milliseconds from start to end; null if it can't be known. */
  readonly durationMs: number | null;
  /** Null while the charge is not known yet. */
  readonly charge: Amount | null;

  constructor(asSent: AsSent, createdAt: number, durationMs: number | null, charge: Amount | null) {
    super(asSent, createdAt);
    this.durationMs = durationMs;
    this.charge = charge;
  }

  /** Null if the session has no room name. */
  get roomName(): string | null {
    const { asSent } = this;
    return roomNames.text(asSent.page, asSent.from(SLOTS.roomName), asSent.to(SLOTS.roomName)) || null;
  }

  /** Whether the session is still running, or its charge is not known yet: its cost may still change. */
  get inProgress(): boolean {
    return this.charge === null || this.asSent.equals('status', IN_PROGRESS);
  }
}

const roomNames = new RecurringTexts();
const IN_PROGRESS = Buffer.from('in-progress');

/** What is left of a log that was deleted: it has no charge and no room name. */
export class DeletedLog extends ReadLog {
  readonly kind = 'deleted';
  /** When it was deleted, as sent. */
  readonly discardedAt: string;

  constructor(asSent: AsSent, createdAt: number, discardedAt: string) {
    super(asSent, createdAt);
    this.discardedAt = discardedAt;
  }
}

export type VideoLog = SessionLog | DeletedLog;

export const LONGEST_ID = 200;

const id = z.string().min(1).max(LONGEST_ID);
const instant = z.iso.datetime({ offset: true });

const deletedLog = z.object({ id, discarded_at: instant, created_at: instant });

const charge = z
  .custom<string | NumberText>((value) => typeof value === 'string' || isNumberText(value), {
    error: 'is not a decimal number',
  })
  .transform((value, context) => {
    const text = typeof value === 'string' ? value : value.rawJSON;
    const amount = readAmount(text);
    if (amount === null) context.addIssue(`${JSON.stringify(text.slice(0, 50))} is not a decimal number`);
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
  // Names of the same two times in older pages of the documentation.
  start_time: instant.nullish(),
  end_time: instant.nullish(),
});

/** Why a log can't be read, naming the field. */
export interface UnreadableLog {
  readonly problem: string;
}

/**
 * Reads one entry of a page's `data`. Unknown fields and enum values are accepted.
 *
 * @param json JSON text
 * @throws SyntaxError if it is not JSON
 */
export function readVideoLog(json: string): VideoLog | UnreadableLog {
  const entry = parseExactJson(json);
  if (isDeleted(entry)) {
    const deleted = deletedLog.safeParse(entry);
    if (!deleted.success) return { problem: explain(entry, deleted.error) };
    const { id, created_at: createdAt, discarded_at: discardedAt } = deleted.data;
    return new DeletedLog(AsSent.of({ id, json }), Date.parse(createdAt), discardedAt);
  }
  const session = sessionLog.safeParse(entry);
  if (!session.success) return { problem: explain(entry, session.error) };
  const { data } = session;
  if (data.charge === null && data.status === 'completed') {
    return { problem: `log ${data.id} is completed, but its charge is null` };
  }
  const sent = entry as Readonly<Record<string, unknown>>;
  const text = (name: string): string => textOf(sent[name]);
  const startedAt = data.started_at ?? data.start_time ?? '';
  const endedAt = data.ended_at ?? data.end_time ?? '';
  const asSent = AsSent.of({
    id: data.id,
    roomName: text('room_name'),
    type: text('type'),
    source: text('source'),
    status: text('status'),
    locked: text('locked'),
    url: text('url'),
    createdAt: data.created_at,
    startedAt,
    endedAt,
    charge: text('charge'),
    chargeDetails: isPresent(sent['charge_details']) ? JSON.stringify(sent['charge_details']) : '',
    json,
  });
  const durationMs = durationBetween(instantOf(startedAt), instantOf(endedAt));
  return new SessionLog(asSent, Date.parse(data.created_at), durationMs, data.charge);
}

/** Milliseconds since the epoch; null for an empty text. */
export function instantOf(text: string): number | null {
  return text === '' ? null : Date.parse(text);
}

/** Also null if the session ended before it began: one of the times must be wrong, and nobody knows which. */
export function durationBetween(start: number | null, end: number | null): number | null {
  return start === null || end === null || end < start ? null : end - start;
}

// A log that still has a charge is counted, even if it was deleted.
function isDeleted(entry: unknown): boolean {
  const { discarded_at: discardedAt, charge: left } = (entry ?? {}) as Record<string, unknown>;
  return isPresent(discardedAt) && !isPresent(left);
}

/** A string's characters, nothing for null, and the JSON of anything else, with its numbers as they were sent. */
function textOf(value: unknown): string {
  // UTF-8 has no half surrogate pairs: they become U+FFFD, the replacement character.
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
