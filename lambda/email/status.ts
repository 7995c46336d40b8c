import { formatRounded, percentChange } from '../money/money.ts';
import { isFailedRereading } from '../failed-rereadings.ts';
import { FEWEST_POINTS } from './anomaly.ts';
import { kindOf, weekdayAndDate } from './calendar.ts';
import type { Findings } from './findings.ts';
import { DAYS_COMPARED } from './history.ts';
import { counted, listed } from './words.ts';

/** The first line of the mail. */
export interface Status {
  /** Says in a word what the colour says, as colour alone is not enough. */
  readonly mark: 'OK' | 'Check' | 'Budget';
  /** Answers: What did the day cost? Is that normal? Is any action needed? */
  readonly sentence: string;
}

export function statusOf(findings: Findings): Status {
  const { needsCheck, isBudgetPassed } = findings;
  const todo = needsCheck || isBudgetPassed ? `please check ${listed(concernsOf(findings))}` : NO_ACTION;
  return {
    mark: needsCheck ? 'Check' : isBudgetPassed ? 'Budget' : 'OK',
    sentence: `${costOf(findings)}${normalityOf(findings)}; ${todo}.`,
  };
}

const NO_ACTION = 'no action needed';

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
        return `; it is unknown whether that is normal, because ${counted(unreadable, 'earlier day')} could not be read`;
      }
      const percent =
        week === null || manifest.sessions === 0 ? null : percentChange(total, week.sum, week.days);
      return `${percent === null ? '' : `, ${aboveOrBelow(percent)}`}; too few days are archived so far to say what is normal`;
    }
  }
}

function aboveOrBelow(percent: string): string {
  if (percent === '0') return 'the same as the 7-day average';
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
    ...(manifest.notices.some(isFailedRereading) ? ['the days that could not be read again'] : []),
    ...(isBudgetPassed ? ['the budget, which the month to date exceeds'] : []),
  ];
}
