import { formatQuotient, formatRounded, percentChange, percentOf } from '../money/money.ts';
import { monthName, shortDay } from './calendar.ts';
import type { Findings } from './findings.ts';
import type { PastDay } from './history.ts';
import { figure, type Table, words } from './table.ts';
import { counted, signed } from './words.ts';

/** What the day is compared with. Each row has a name, an amount and a note. */
export function figures(findings: Findings): Table {
  return {
    caption: 'In comparison',
    columns: [words(), figure(), words()],
    rows: [
      weekRow(findings),
      ...weekdayRow(findings),
      monthRow(findings),
      ...forecastRow(findings),
      ...budgetRow(findings),
    ],
    note: null,
  };
}

/** `+8%` compared with the seven days before; null if they are not all known, or cost nothing. */
export function changeToAverage({ total, week }: Findings): string | null {
  const percent = week === null ? null : percentChange(total, week.sum, week.days);
  return percent === null ? null : signed(percent);
}

/** How the forecast is made; null if there is none. */
export function forecastNote({ forecast }: Findings): string | null {
  if (forecast === null) return null;
  return (
    '* An estimate: the month to date plus, for each day of the month that is still to come or missing ' +
    `(${forecast.estimatedDays}), the mean of the days of its kind (working day or weekend) among the last 28.`
  );
}

function weekRow(findings: Findings): string[] {
  const { week, past, manifest } = findings;
  if (week === null) return ['Week before', 'not compared', missingText(withoutFigure(past.slice(0, 7)), 7)];
  const average = formatQuotient(week.sum, week.days, manifest.currency);
  return ['7-day average', average, changeToAverage(findings) ?? ''];
}

function weekdayRow({ past, total, manifest: { currency } }: Findings): string[][] {
  const day = past[6];
  if (day === undefined || day.kind === 'absent') return [];
  const name = `A week ago, ${shortDay(day.day)}`;
  if (day.kind === 'unreadable') return [[name, 'not compared', 'could not be read']];
  if (day.kind === 'other') return [[name, 'not compared', day.why]];
  const percent = percentChange(total, day.charge, 1);
  return [[name, formatRounded(day.charge, currency), percent === null ? '' : signed(percent)]];
}

function monthRow({ month, past, manifest: { day, currency } }: Findings): string[] {
  const missing = withoutFigure(past.slice(0, month.elapsed - 1));
  return [
    `${monthName(day)} to date`,
    formatRounded(month.sum, currency),
    missing.length === 0 ? `all ${counted(month.elapsed, 'day')}` : missingText(missing, month.elapsed),
  ];
}

function forecastRow({ forecast, manifest: { day, currency } }: Findings): string[][] {
  if (forecast === null) return [];
  const { dividend, divisor } = forecast;
  return [[`${monthName(day)} forecast`, formatQuotient(dividend, divisor, currency), 'estimate*']];
}

function budgetRow({ budget, month, isBudgetPassed, manifest: { currency } }: Findings): string[][] {
  if (budget === null) return [];
  const left = formatRounded(budget.minus(month.sum).abs(), currency);
  return [
    [
      'Budget used',
      `${percentOf(month.sum, budget) ?? '0'}%`,
      `of ${formatRounded(budget, currency)}: ${left} ${isBudgetPassed ? 'over' : 'left'}`,
    ],
  ];
}

function withoutFigure(days: readonly PastDay[]): PastDay[] {
  return days.filter(({ kind }) => kind !== 'known');
}

/**
 * Says in a few words which days of a period are missing, and why.
 *
 * @param missing the days that have no figure
 * @param count the number of days in the period
 */
function missingText(missing: readonly PastDay[], count: number): string {
  const absent = missing.filter(({ kind }) => kind === 'absent').length;
  const [first, ...others] = missing.flatMap((day) => {
    if (day.kind === 'unreadable') return [`${day.day} could not be read`];
    return day.kind === 'other' ? [`${day.day} ${day.why}`] : [];
  });
  const reasons = [
    ...(absent > 0 ? [`${absent} not archived yet`] : []),
    ...(first === undefined ? [] : [first]),
    ...(others.length > 0 ? [`${others.length} more missing`] : []),
  ];
  return `${count - missing.length} of ${counted(count, 'day')}: ${reasons.join('; ')}`;
}
