import { formatRounded, percentChange } from '../money/money.ts';
import { isFailedRereading } from '../failed-rereadings.ts';
import { FEWEST_POINTS } from './anomaly.ts';
import { kindOf, weekdayAndDate } from './calendar.ts';
import type { Findings } from './findings.ts';
import { DAYS_COMPARED } from './history.ts';
import { counted, listed } from './words.ts';

/** How the mail begins. */
export interface Status {
  /** What its mark says in words: colour alone would not do. */
  readonly mark: 'OK' | 'Check' | 'Budget';
  /** What did the day cost, is that normal, and is anything to be done? */
  readonly sentence: string;
}

export function statusOf(findings: Findings): Status {
  const { needsCheck, isBudgetPassed } = findings;
  const todo = needsCheck || isBudgetPassed ? `please check ${listed(concernsOf(findings))}` : NOTHING_TO_DO;
  return {
    mark: needsCheck ? 'Check' : isBudgetPassed ? 'Budget' : 'OK',
    sentence: `${costOf(findings)}${normalityOf(findings)}; ${todo}.`,
  };
}

const NOTHING_TO_DO = 'nothing is to be done';

function costOf({ manifest, total }: Findings): string {
  const day = weekdayAndDate(manifest.day);
  const amount = formatRounded(total, manifest.currency);
  return manifest.sessions === 0 ? `No usage on ${day} (${amount})` : `${day} cost ${amount}`;
}

function normalityOf({ manifest, total, verdict, past, week }: Findings): string {
  const kind = kindOf(manifest.day);
  switch (verdict.kind) {
    case 'usual':
      return `, which is normal for a ${kind}`;
    case 'unusual': {
      const direction = total.gt(verdict.median) ? 'high' : 'low';
      const usual = formatRounded(verdict.median, manifest.currency);
      return `, which is unusually ${direction} for a ${kind} (usually ${usual})`;
    }
    case 'too-few': {
      const unreadable = past.slice(0, DAYS_COMPARED).filter((day) => day.kind === 'unreadable').length;
      if (verdict.points + unreadable >= FEWEST_POINTS) {
        return `; whether that is normal can't be said, as ${counted(unreadable, 'earlier day')} could not be read`;
      }
      const percent =
        week === null || manifest.sessions === 0 ? null : percentChange(total, week.sum, week.days);
      return `${percent === null ? '' : `, ${aboveOrBelow(percent)}`}; too few days are archived yet to say what is normal`;
    }
  }
}

function aboveOrBelow(percent: string): string {
  if (percent === '0') return 'as much as the 7-day average';
  return percent.startsWith('-')
    ? `${percent.slice(1)}% below the 7-day average`
    : `${percent}% above the 7-day average`;
}

function concernsOf({ manifest, verdict, unusualRooms, restated, isBudgetPassed }: Findings): string[] {
  const large = restated.filter(({ isLarge }) => isLarge);
  return [
    ...(verdict.kind === 'unusual' ? ['the total'] : []),
    ...(unusualRooms.length > 0 ? [counted(unusualRooms.length, 'unusual room')] : []),
    ...(large.length > 0 ? [counted(large.length, 'restated day')] : []),
    ...(manifest.notices.some(isFailedRereading) ? ['what could not be read again'] : []),
    ...(isBudgetPassed ? ['the budget, which the month to date has passed'] : []),
  ];
}
