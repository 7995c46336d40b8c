import type { VideoLog } from '../signalwire/video-log.ts';
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
  readonly deletedLogs: number;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Sums the charges of a day by room, log by log: it keeps a sum a room, no logs. */
export class RoomCharges {
  readonly #rooms = new Map<string | null, Mutable<RoomCharge>>();
  #deletedLogs = 0;

  add(log: VideoLog): void {
    if (log.kind === 'deleted') {
      this.#deletedLogs += 1;
      return;
    }
    const room = this.#room(log.roomName);
    room.sessions += 1;
    if (log.inProgress) room.inProgressSessions += 1;
    room.durationMs += log.durationMs ?? 0;
    if (log.charge !== null) room.charge = room.charge.plus(log.charge);
  }

  /** The sums as they stand. */
  total(): DayCharges {
    const rooms = [...this.#rooms.values()].sort(byChargeThenName);
    return {
      rooms,
      charge: rooms.reduce((sum, room) => sum.plus(room.charge), ZERO),
      sessions: rooms.reduce((sum, room) => sum + room.sessions, 0),
      inProgressSessions: rooms.reduce((sum, room) => sum + room.inProgressSessions, 0),
      deletedLogs: this.#deletedLogs,
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

// By code unit, not by language: the same bytes on every machine, whatever its locale.
function byChargeThenName(a: RoomCharge, b: RoomCharge): number {
  const nameA = a.roomName ?? '';
  const nameB = b.roomName ?? '';
  return b.charge.cmp(a.charge) || (nameA < nameB ? -1 : Number(nameA > nameB));
}
