import type { LogCollector } from '../signalwire/day-reading.ts';
import { durationBetween, type SessionLog, type VideoLog } from '../signalwire/video-log.ts';
import { type BillingAccount, itemize, type LineItem } from './line-item.ts';
import { type Money, parseArchived, ZERO } from './money.ts';
import { compareText, type DayCharges, RoomCharges, type RoomShare } from './room-charges.ts';

/** A day's charges, closed: what is archived. */
export interface ClosedBooks {
  readonly charges: DayCharges;
  /** Newest log first, then by log id, then by detail. */
  readonly lineItems: readonly LineItem[];
  readonly deletedLogs: number;
  /** What a reader of the figures should know. */
  readonly notices: readonly string[];
}

/**
 * Keeps the books of a day while its logs come in: room by room, and charge by charge. A charge that is in the
 * archive and that SignalWire no longer tells is carried forward: what was charged once is never lost because an API
 * forgot it.
 */
export class DayBooks implements LogCollector {
  readonly #account: BillingAccount;
  readonly #rooms = new RoomCharges();
  readonly #lineItems: LineItem[] = [];
  /** The sessions listed, and whether they bear a charge. */
  readonly #bearsCharge = new Map<string, boolean>();
  /** When the deleted logs were deleted, by id. */
  readonly #discardedAt = new Map<string, string>();
  #disagreeingLogs = 0;

  constructor(account: BillingAccount) {
    this.#account = account;
  }

  add(log: VideoLog, entry: unknown): void {
    if (log.kind === 'deleted') {
      this.#discardedAt.set(log.id, log.discardedAt);
      return;
    }
    this.#bearsCharge.set(log.id, log.charge !== null);
    this.#rooms.add(shareOf(log));
    const { items, detailsDisagree } = itemize(entry, log, this.#account);
    this.#lineItems.push(...items);
    if (detailsDisagree) this.#disagreeingLogs += 1;
  }

  /**
   * Takes over from the archive the charges that this reading no longer bears, and marks them.
   *
   * @param archived line items of the revision that is to be replaced
   * @param revision its number: the last one to have seen what is marked now
   */
  carryForward(archived: readonly LineItem[], revision: number): void {
    const forgotten = archived.filter(({ x_LogId }) => this.#bearsCharge.get(x_LogId) !== true);
    const marked = forgotten.map((item) => ({
      ...item,
      x_DiscardedAt: firstGiven(item.x_DiscardedAt, this.#discardedAt.get(item.x_LogId) ?? ''),
      x_LastSeenRevision: firstGiven(item.x_LastSeenRevision, String(revision)),
    }));
    this.#lineItems.push(...marked);
    for (const [id, items] of Map.groupBy(marked, ({ x_LogId }) => x_LogId)) {
      this.#rooms.add({ ...shareOfArchived(items), ...(this.#bearsCharge.has(id) && COUNTED_ALREADY) });
    }
  }

  /** The books as they stand, in the archive's order. */
  close(): ClosedBooks {
    return {
      charges: this.#rooms.total(),
      lineItems: inOrder(this.#lineItems),
      deletedLogs: this.#discardedAt.size,
      notices: this.#disagreeingLogs === 0 ? [] : [disagreement(this.#disagreeingLogs)],
    };
  }
}

const CHARGE_COUNTS = 'The charge counts; nothing is to be done.';

/** A session that is listed again without its charge has been added to its room as a session, but not in money. */
const COUNTED_ALREADY = { sessions: 0, inProgressSessions: 0, durationMs: 0 } as const;

function shareOf({ roomName, inProgress, durationMs, charge }: SessionLog): RoomShare {
  return {
    roomName,
    sessions: 1,
    inProgressSessions: Number(inProgress),
    durationMs: durationMs ?? 0,
    charge,
  };
}

/** @param items all line items of one log */
function shareOfArchived(items: readonly LineItem[]): RoomShare {
  const { x_RoomName: roomName = '', x_StartedAt: start = '', x_EndedAt: end = '' } = items[0] ?? {};
  return {
    roomName: roomName === '' ? null : roomName,
    sessions: 1,
    // Nothing more will be heard of it.
    inProgressSessions: 0,
    durationMs: durationBetween(instantOf(start), instantOf(end)) ?? 0,
    charge: totalOf(items),
  };
}

function instantOf(text: string): number | null {
  return text === '' ? null : Date.parse(text);
}

/** The exact sum of line items. */
export function totalOf(items: readonly LineItem[]): Money {
  return items.reduce((sum: Money, { BilledCost }) => sum.plus(parseArchived(BilledCost)), ZERO);
}

function firstGiven(first: string, second: string): string {
  return first === '' ? second : first;
}

function inOrder(items: readonly LineItem[]): LineItem[] {
  return items
    .map((item) => ({ item, createdAt: Date.parse(item.x_CreatedAt) }))
    .sort(
      (a, b) =>
        b.createdAt - a.createdAt ||
        compareText(a.item.x_LogId, b.item.x_LogId) ||
        Number(a.item.x_DetailIndex) - Number(b.item.x_DetailIndex),
    )
    .map(({ item }) => item);
}

function disagreement(logs: number): string {
  const [subject, possessive] = logs === 1 ? ['1 log has', 'its'] : [`${logs} logs have`, 'their'];
  return `${subject} charge details that do not add up to ${possessive} charge. ${CHARGE_COUNTS}`;
}

/** Whether a notice is one that books give rise to, and a further reading gives rise to anew or does not. */
export function isOfBooks(notice: string): boolean {
  return notice.endsWith(CHARGE_COUNTS);
}
