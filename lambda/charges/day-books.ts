import { type LogCollector, OutOfOrderError, type Reading } from '../signalwire/day-reading.ts';
import { durationBetween, instantOf, type SessionLog, type VideoLog } from '../signalwire/video-log.ts';
import { readArchivedAmount, writeAmount } from '../money/amount.ts';
import type { ArchivedLog } from './archived-logs.ts';
import { type ChargeChanges, isCorrected, isMarked } from './changes.ts';
import type { EarlierReading } from './earlier-reading.ts';
import { ExactSum } from '../money/exact-sum.ts';
import { itemize, type ItemizedLog, type LineItem, type LogCharge } from './line-item.ts';
import { compareLogs, LogOrder } from './log-order.ts';
import type { Money } from '../money/money.ts';
import { type DayCharges, RoomCharges, type RoomShare } from './room-charges.ts';

/** A day's books, complete. */
export interface ClosedBooks {
  readonly charges: DayCharges;
  readonly deletedLogs: number;
  /** Sentences that a reader of the figures should know. */
  readonly notices: readonly string[];
  /** How the line items differ from those of the earlier reading. */
  readonly changes: ChargeChanges;
  /** The part of the charge that was carried forward from the earlier reading. */
  readonly carriedForward: Money;
}

/** Accepts a day's line items, in the archive's order. */
export interface LineItemWriter {
  /** Adds the charges of a log that SignalWire has listed. */
  add(log: SessionLog, charges: readonly LogCharge[]): void;
  /** Adds line items of the earlier reading. */
  carry(items: readonly LineItem[]): void;
  /** Resolves when there is room for more. */
  flush(): Promise<void>;
  /** Throws away everything written. */
  discard(): Promise<void>;
}

/**
 * Keeps a day's books while its logs come in: room by room, and charge by charge. A charge that is archived but no
 * longer listed by SignalWire is carried forward: what was once charged is never lost because an API forgot it. The
 * books hold the rooms and a few pages of logs in memory, and the whole day only if its logs come in no order.
 */
export class DayBooks<Writer extends LineItemWriter> implements LogCollector {
  readonly lines: Writer;
  readonly #reading: Reading;
  readonly #earlier: EarlierReading | null;
  readonly #order: LogOrder;
  readonly #rooms = new RoomCharges();
  readonly #changes = { late: 0, corrected: 0, forgotten: 0 };
  readonly #carriedForward = new ExactSum();
  /** Logs of the earlier reading that did not come where they were expected. */
  readonly #absent: string[] = [];
  #deletedLogs = 0;
  #disagreeingLogs = 0;

  /** @param earlier the day's archived logs; null if it is not archived yet */
  constructor(reading: Reading, lines: Writer, earlier: EarlierReading | null) {
    this.lines = lines;
    this.#reading = reading;
    this.#earlier = earlier;
    this.#order = new LogOrder(reading.isPatient);
  }

  async add(logs: readonly VideoLog[]): Promise<void> {
    for (const log of logs) {
      if (log.kind === 'deleted') this.#deletedLogs += 1;
      else this.#rooms.addSession(log);
    }
    for (const log of logs) {
      log.asSent.page.keep();
      this.#order.add(log);
    }
    const wasHolding = this.#order.isHolding;
    await this.#enter(this.#order.take());
    if (this.#order.isHolding && !wasHolding) this.#reading.onHeld();
  }

  async end(): Promise<void> {
    const rest = this.#order.takeRest();
    if (this.#reading.isPatient) await this.#earlier?.alignTo(rest);
    await this.#enter(rest);
    if (this.#earlier !== null) await this.#carryUntil(null, this.#earlier);
    if (this.#absent.some((id) => this.#reading.seen.has(id))) throw new OutOfOrderError();
  }

  async discard(): Promise<void> {
    try {
      await this.#earlier?.close();
    } catch {
      // It was to be given up anyway; the error that led here matters more.
    }
    await this.lines.discard();
  }

  /** The complete books. Call it after `end`. */
  close(): ClosedBooks {
    return {
      charges: this.#rooms.total(),
      deletedLogs: this.#deletedLogs,
      notices: this.#disagreeingLogs === 0 ? [] : [disagreement(this.#disagreeingLogs)],
      changes: this.#changes,
      carriedForward: this.#carriedForward.value,
    };
  }

  /** @param logs in the archive's order */
  async #enter(logs: readonly VideoLog[]): Promise<void> {
    for (let from = 0; from < logs.length; from += AT_ONCE) {
      const batch = logs.slice(from, from + AT_ONCE).map(itemize);
      if (this.#earlier === null) this.#writeAll(batch);
      else await this.#writeAgainst(this.#earlier, batch);
      await this.lines.flush();
    }
  }

  #writeAll(batch: readonly ItemizedLog[]): void {
    for (const itemized of batch) this.#write(itemized, null);
  }

  /** Writes logs, and what the earlier reading holds before and between them. */
  async #writeAgainst(earlier: EarlierReading, batch: readonly ItemizedLog[]): Promise<void> {
    for (const itemized of batch) this.#write(itemized, await this.#carryUntil(itemized.log, earlier));
  }

  /**
   * Carries forward what the earlier reading holds before a log.
   *
   * @param log null: the end, after all logs
   * @returns the same log in the earlier reading; null if it is not there
   */
  async #carryUntil(log: VideoLog | null, earlier: EarlierReading): Promise<ArchivedLog | null> {
    for (;;) {
      if (earlier.next === undefined) await this.lines.flush();
      if (!(await earlier.more()) || earlier.next === undefined) return null;
      const archived = earlier.next;
      const order = log === null ? -1 : compareLogs(archived, log);
      if (order > 0) return null;
      earlier.skip();
      if (order === 0) return archived;
      this.#carry(archived, null);
    }
  }

  /**
   * Writes a log, and lets go of its page.
   *
   * @param archived the same log in the earlier reading; null if it is not there
   */
  #write({ log, charges, detailsDisagree }: ItemizedLog, archived: ArchivedLog | null): void {
    if (log.kind === 'deleted' || log.charge === null) {
      if (archived !== null) this.#carry(archived, log);
    } else {
      this.lines.add(log, charges);
      if (detailsDisagree) this.#disagreeingLogs += 1;
      if (archived === null) this.#changes.late += 1;
      else if (isCorrected(archived.items, writeAmount(log.charge))) this.#changes.corrected += 1;
    }
    log.asSent.page.release();
  }

  /** @param log as it is listed now, without a charge; null if it is no longer listed */
  #carry({ id, items }: ArchivedLog, log: VideoLog | null): void {
    const discardedAt = log?.kind === 'deleted' ? log.discardedAt : '';
    const marked = items.map((item) => ({
      ...item,
      x_CreatedAt: log === null ? item.x_CreatedAt : createdAtOf(item, log),
      x_DiscardedAt: firstGiven(item.x_DiscardedAt, discardedAt),
      x_LastSeenRevision: firstGiven(item.x_LastSeenRevision, String(this.#earlier?.revision)),
    }));
    this.lines.carry(marked);
    const share = shareOfArchived(marked);
    this.#rooms.add({ ...share, ...(log?.kind === 'session' && COUNTED_ALREADY) });
    for (const charge of share.charges) this.#carriedForward.add(charge);
    if (!isMarked(items)) this.#changes.forgotten += 1;
    if (log === null) this.#absent.push(id);
  }
}

/** How many logs are itemized before their line items are written, and those flushed. */
const AT_ONCE = 100;

// The words of old archives: `isOfBooks` recognises their notices by them.
const CHARGE_COUNTS = 'The charge counts; nothing is to be done.';

/** A session that is listed without its charge was already added to its room as a session, but not its money. */
const COUNTED_ALREADY = { sessions: 0, inProgressSessions: 0, durationMs: 0 } as const;

/** @param items all line items of one log */
function shareOfArchived(items: readonly LineItem[]): RoomShare {
  const { x_RoomName: roomName = '', x_StartedAt: start = '', x_EndedAt: end = '' } = items[0] ?? {};
  return {
    roomName: roomName === '' ? null : roomName,
    sessions: 1,
    // SignalWire will not say anything more about it.
    inProgressSessions: 0,
    durationMs: durationBetween(instantOf(start), instantOf(end)) ?? 0,
    charges: items.map(({ BilledCost }) => readArchivedAmount(BilledCost)),
  };
}

/** As archived, unless SignalWire says otherwise now: the file is sorted by what its rows say. */
function createdAtOf({ x_CreatedAt: archived }: LineItem, { createdAt }: VideoLog): string {
  return Date.parse(archived) === createdAt ? archived : new Date(createdAt).toISOString();
}

function firstGiven(first: string, second: string): string {
  return first === '' ? second : first;
}

function disagreement(logs: number): string {
  const [subject, possessive] = logs === 1 ? ['1 log has', 'its'] : [`${logs} logs have`, 'their'];
  return `${subject} charge details that do not add up to ${possessive} charge. ${CHARGE_COUNTS}`;
}

/** Whether a notice comes from the books, so that each further reading either produces it anew or drops it. */
export function isOfBooks(notice: string): boolean {
  return notice.endsWith(CHARGE_COUNTS);
}
