import { type RoomChargeRow, roomNameOf } from '../archive/room-charges-csv.ts';
import { type Money, sumOf, ZERO } from '../money/money.ts';
import { compareText } from '../charges/room-charges.ts';
import { FEWEST_POINTS, judge, type Verdict } from './anomaly.ts';
import { kindOf } from './calendar.ts';
import { knownDays } from './comparisons.ts';
import { chargesByCell, type PastDay } from './history.ts';

/** A room's charge, compared with those of the week before. */
export interface RoomMovement {
  /** Null for sessions without a room name. */
  readonly name: string | null;
  readonly charge: Money;
  /** Sum of the seven days before; a day without the room counts as zero. */
  readonly weekSum: Money;
  /** Seven times the charge, minus `weekSum`: exact. */
  readonly sevenfoldDifference: Money;
}

/**
 * All rooms of the day and of the week before; those that moved furthest from their seven-day average come first.
 *
 * @param rows room-charges.csv of the reported day
 * @param past most recent first
 * @returns null if one of the seven days has no figure, or none for its rooms
 */
export function movements(rows: readonly RoomChargeRow[], past: readonly PastDay[]): RoomMovement[] | null {
  const days = roomsOf(knownDays(past.slice(0, 7)));
  if (days.length < 7) return null;
  const today = chargesByCell(rows);
  const moved = namesIn([today, ...days]).map((cell): RoomMovement => {
    const charge = today.get(cell) ?? ZERO;
    const weekSum = sumOf(days.map((day) => day.get(cell) ?? ZERO));
    const sevenfoldDifference = charge.times('7').minus(weekSum);
    return { name: roomNameOf({ room_name: cell }), charge, weekSum, sevenfoldDifference };
  });
  return moved.sort(byMovement);
}

/** A room whose charge is unusual for it. */
export interface UnusualRoom {
  readonly name: string | null;
  readonly charge: Money;
  readonly verdict: Extract<Verdict, { kind: 'unusual' }>;
}

/**
 * The rooms whose charge is unusual, the largest difference first. A room is compared with the days of the same kind; a
 * day without the room counts as zero. It is judged only if it was used on at least 14 of those days: nobody can say
 * what is usual for a new or rarely used room.
 *
 * @param past the days to compare with
 */
export function unusualRooms(
  day: string,
  rows: readonly RoomChargeRow[],
  past: readonly PastDay[],
): UnusualRoom[] {
  const days = roomsOf(knownDays(past).filter((pastDay) => kindOf(pastDay.day) === kindOf(day)));
  const today = chargesByCell(rows);
  const candidates = namesIn(days).filter(
    (cell) => days.filter((charges) => charges.has(cell)).length >= FEWEST_POINTS,
  );
  return candidates
    .flatMap((cell) => {
      const charge = today.get(cell) ?? ZERO;
      const verdict = judge(
        charge,
        days.map((charges) => charges.get(cell) ?? ZERO),
      );
      return verdict.kind === 'unusual' ? [{ name: roomNameOf({ room_name: cell }), charge, verdict }] : [];
    })
    .sort((a, b) => distanceOf(b).cmp(distanceOf(a)) || compareText(a.name ?? '', b.name ?? ''));
}

function distanceOf({ charge, verdict }: UnusualRoom): Money {
  return charge.minus(verdict.median).abs();
}

function roomsOf(days: readonly { readonly rooms: PastDayRooms }[]): ReadonlyMap<string, Money>[] {
  return days.flatMap(({ rooms }) => (rooms.kind === 'known' ? [rooms.charges] : []));
}

type PastDayRooms = Extract<PastDay, { kind: 'known' }>['rooms'];

function namesIn(days: readonly ReadonlyMap<string, Money>[]): string[] {
  return [...new Set(days.flatMap((charges) => [...charges.keys()]))];
}

/** By the amount of the change; if equal, by its percentage (smaller average first); then by name. */
function byMovement(a: RoomMovement, b: RoomMovement): number {
  return (
    b.sevenfoldDifference.abs().cmp(a.sevenfoldDifference.abs()) ||
    a.weekSum.cmp(b.weekSum) ||
    compareText(a.name ?? '', b.name ?? '')
  );
}
