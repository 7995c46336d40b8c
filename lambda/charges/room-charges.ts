import type { SessionLog } from '../signalwire/video-log.ts';
import type { Amount } from '../money/amount.ts';
import { ExactSum } from '../money/exact-sum.ts';
import { type Money, sumOf } from '../money/money.ts';

/** What one room cost on a day. */
export interface RoomCharge {
  /** Null for the sessions without a room name. */
  readonly roomName: string | null;
  /** All its sessions, including those in progress. */
  readonly sessions: number;
  readonly inProgressSessions: number;
  /** Milliseconds, of those sessions whose start and end are known. */
  readonly durationMs: number;
  /** Exact sum, in the billing currency. */
  readonly charge: Money;
}

/** What a day cost, in total and room by room. */
export interface DayCharges {
  /** Most expensive first, then by room name. */
  readonly rooms: readonly RoomCharge[];
  /** Exact sum of all rooms, in the billing currency. */
  readonly charge: Money;
  readonly sessions: number;
  readonly inProgressSessions: number;
}

/** The figures of one session. */
type SessionFigures = Pick<SessionLog, 'roomName' | 'inProgress' | 'durationMs' | 'charge'>;

/** Anything else that is added to a room, such as a carried-forward log. */
export type RoomShare = Omit<RoomCharge, 'charge'> & {
  /** Their sum is the share's charge. */
  readonly charges: readonly Amount[];
};

/** A room whose sessions are still being added. */
interface OpenRoom {
  sessions: number;
  inProgressSessions: number;
  durationMs: number;
  readonly charge: ExactSum;
}

/** Sums a day's charges by room, session by session: it keeps one sum per room, and no sessions. */
export class RoomCharges {
  readonly #rooms = new Map<string | null, OpenRoom>();

  addSession({ roomName, inProgress, durationMs, charge }: SessionFigures): void {
    const room = this.#room(roomName);
    room.sessions += 1;
    if (inProgress) room.inProgressSessions += 1;
    room.durationMs += durationMs ?? 0;
    if (charge !== null) room.charge.add(charge);
  }

  add({ roomName, sessions, inProgressSessions, durationMs, charges }: RoomShare): void {
    const room = this.#room(roomName);
    room.sessions += sessions;
    room.inProgressSessions += inProgressSessions;
    room.durationMs += durationMs;
    for (const charge of charges) room.charge.add(charge);
  }

  /** The sums so far. */
  total(): DayCharges {
    const rooms = Array.from(this.#rooms, ([roomName, { charge, ...room }]): RoomCharge => ({
      roomName,
      ...room,
      charge: charge.value,
    })).sort(byChargeThenName);
    return {
      rooms,
      charge: sumOf(rooms.map(({ charge }) => charge)),
      sessions: rooms.reduce((sum, room) => sum + room.sessions, 0),
      inProgressSessions: rooms.reduce((sum, room) => sum + room.inProgressSessions, 0),
    };
  }

  #room(roomName: string | null): OpenRoom {
    const known = this.#rooms.get(roomName);
    if (known !== undefined) return known;
    const room = { sessions: 0, inProgressSessions: 0, durationMs: 0, charge: new ExactSum() };
    this.#rooms.set(roomName, room);
    return room;
  }
}

function byChargeThenName(a: RoomCharge, b: RoomCharge): number {
  return b.charge.cmp(a.charge) || compareText(a.roomName ?? '', b.roomName ?? '');
}

/** Compares by UTF-16 code unit, not by language: the same order on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
