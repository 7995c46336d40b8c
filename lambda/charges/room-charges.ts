import { type Money, ZERO } from './money.ts';

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

/** What a session, or a part of what is known of one, adds to its room. */
export type RoomShare = Omit<RoomCharge, 'charge'> & {
  /** Null while the charge is not known yet. */
  readonly charge: Money | null;
};

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Sums the charges of a day by room, session by session: it keeps a sum a room, no sessions. */
export class RoomCharges {
  readonly #rooms = new Map<string | null, Mutable<RoomCharge>>();

  add({ roomName, sessions, inProgressSessions, durationMs, charge }: RoomShare): void {
    const room = this.#room(roomName);
    room.sessions += sessions;
    room.inProgressSessions += inProgressSessions;
    room.durationMs += durationMs;
    if (charge !== null) room.charge = room.charge.plus(charge);
  }

  /** The sums as they stand. */
  total(): DayCharges {
    const rooms = [...this.#rooms.values()].sort(byChargeThenName);
    return {
      rooms,
      charge: rooms.reduce((sum, room) => sum.plus(room.charge), ZERO),
      sessions: rooms.reduce((sum, room) => sum + room.sessions, 0),
      inProgressSessions: rooms.reduce((sum, room) => sum + room.inProgressSessions, 0),
    };
  }

  #room(roomName: string | null): Mutable<RoomCharge> {
    const known = this.#rooms.get(roomName);
    if (known !== undefined) return known;
    const room = { roomName, sessions: 0, inProgressSessions: 0, durationMs: 0, charge: ZERO };
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
