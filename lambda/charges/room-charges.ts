import type { SessionLog } from '../signalwire/video-log.ts';
import type { Amount } from '../money/amount.ts';
import { ExactSum } from '../money/exact-sum.ts';
import { type Money, sumOf } from '../money/money.ts';

/** What one room cost on a day. */
export interface RoomCharge {
  /** Null for the sessions that name no room. */
  readonly roomName: string | null;
  /** All its sessions, those in progress among them. */
  readonly sessions: number;
  readonly inProgressSessions: number;
  /** Milliseconds, of the sessions whose start and end are known. */
  readonly durationMs: number;
  /** Exact sum, in the billing currency. */
  readonly charge: Money;
}

/** What a day cost, in total and room by room. */
export interface DayCharges {
  /** Dearest first, then by room name. */
  readonly rooms: readonly RoomCharge[];
  /** Exact sum of all rooms, in the billing currency. */
  readonly charge: Money;
  readonly sessions: number;
  readonly inProgressSessions: number;
}

/** What a session says of itself. */
type SessionFigures = Pick<SessionLog, 'roomName' | 'inProgress' | 'durationMs' | 'charge'>;

/** What else adds to a room. */
export type RoomShare = Omit<RoomCharge, 'charge'> & {
  /** Which add up. */
  readonly charges: readonly Amount[];
};

/** A room whose sessions are still being added. */
interface OpenRoom {
  sessions: number;
  inProgressSessions: number;
  durationMs: number;
  readonly charge: ExactSum;
}

/** Sums the charges of a day by room, session by session: it keeps a sum a room, no sessions. */
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

  /** The sums as they stand. */
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

/** By code unit, not by language: the same order on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
