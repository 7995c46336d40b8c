import type { Manifest } from '../archive/manifest.ts';
import type { RoomChargeRow } from '../archive/room-charges-csv.ts';
import { type Money, parseArchived } from '../money/money.ts';
import type { Settings } from '../environment.ts';
import { isFailedRereading } from '../failed-rereadings.ts';
import { judge, type Verdict } from './anomaly.ts';
import { kindOf } from './calendar.ts';
import {
  type DaySum,
  type Forecast,
  forecast,
  monthToDate,
  type MonthToDate,
  knownDays,
  weekBefore,
} from './comparisons.ts';
import { DAYS_COMPARED, type History, type PastDay } from './history.ts';
import { type RestatedDay, restatedDays } from './restated-days.ts';
import { movements, type RoomMovement, type UnusualRoom, unusualRooms } from './rooms.ts';

/** A day's figures and all that the archive says about them: the contents of the mail, before they are worded. */
export interface Findings {
  readonly manifest: Manifest;
  readonly rows: readonly RoomChargeRow[];
  /** Exact. */
  readonly total: Money;
  /** Most recent first. */
  readonly past: readonly PastDay[];
  /** Null if one of the seven days has no figure. */
  readonly week: DaySum | null;
  readonly month: MonthToDate;
  readonly forecast: Forecast | null;
  /** Null if there is none in the day's currency. */
  readonly budget: Money | null;
  /** The month to date is above the budget. */
  readonly isBudgetPassed: boolean;
  readonly verdict: Verdict;
  readonly unusualRooms: readonly UnusualRoom[];
  /** Oldest first. */
  readonly restated: readonly RestatedDay[];
  /** Largest change first; null if the week before is not known room by room. */
  readonly movements: readonly RoomMovement[] | null;
  /** Something other than the budget needs a person's attention. */
  readonly needsCheck: boolean;
}

/** @param rows room-charges.csv of the day, in its order */
export function findingsOf(
  manifest: Manifest,
  rows: readonly RoomChargeRow[],
  { days, manifests }: History,
  { monthlyBudget, currency }: Pick<Settings, 'monthlyBudget' | 'currency'>,
): Findings {
  const { day } = manifest;
  const total = parseArchived(manifest.charge);
  const compared = days.slice(0, DAYS_COMPARED);
  const alike = knownDays(compared).filter((pastDay) => kindOf(pastDay.day) === kindOf(day));
  const verdict = judge(
    total,
    alike.map(({ charge }) => charge),
  );
  const unusual = unusualRooms(day, rows, compared);
  const restated = restatedDays(manifest, manifests);
  const month = monthToDate(day, total, days);
  const budget =
    monthlyBudget === null || currency !== manifest.currency ? null : parseArchived(monthlyBudget);
  return {
    manifest,
    rows,
    total,
    past: days,
    week: weekBefore(days),
    month,
    forecast: forecast(day, total, days),
    budget,
    isBudgetPassed: budget !== null && month.sum.gt(budget),
    verdict,
    unusualRooms: unusual,
    restated,
    movements: movements(rows, days),
    needsCheck:
      verdict.kind === 'unusual' ||
      unusual.length > 0 ||
      restated.some(({ isLarge }) => isLarge) ||
      manifest.notices.some(isFailedRereading),
  };
}
