import { formatDifference, formatRounded, percentChange } from '../money/money.ts';
import { isFailedRereading } from '../failed-rereadings.ts';
import type { Verdict } from './anomaly.ts';
import { kindOf } from './calendar.ts';
import type { Findings } from './findings.ts';
import { DAYS_COMPARED, type PastDay } from './history.ts';
import { counted, listed, type Sentence, signed } from './words.ts';

/** Something a reader should know; it says what to do about it, or that no action is needed. */
export interface Remark {
  /** Whether a person should look into it. */
  readonly isCheck: boolean;
  readonly sentence: Sentence;
}

/** What is not in the archive, but the mail has to say. */
export interface MailContext {
  /** Why an archived report is mailed once more; null for a day's regular mail. */
  readonly resendReason: string | null;
  /** An earlier mail with the same report may have arrived. */
  readonly possibleRepeat: boolean;
}

/** The most unusual rooms that get a sentence of their own. */
const ROOMS_NAMED = 5;

/** What has to be said before the figures: about the mail itself, and what is unusual. */
export function firstRemarks(findings: Findings, { resendReason, possibleRepeat }: MailContext): Remark[] {
  const { unusualRooms, verdict } = findings;
  const more = unusualRooms.length - ROOMS_NAMED;
  return [
    ...(possibleRepeat
      ? [
          note(
            'Possible repeat: an earlier mail with this report may have reached you. This one shows what ' +
              'the archive holds now; no action needed.',
          ),
        ]
      : []),
    ...(resendReason === null
      ? []
      : [
          note(
            `Sent once more on request: ${resendReason}. It shows what the archive holds now; no action needed.`,
          ),
        ]),
    ...(verdict.kind === 'unusual'
      ? [check(...unusual(['The total'], findings.total, verdict, findings), ASK_ABOUT_TOTAL)]
      : []),
    ...unusualRooms
      .slice(0, ROOMS_NAMED)
      .map(({ name, charge, verdict: ofRoom }) =>
        check(...unusual(['The room “', { name }, '”'], charge, ofRoom, findings), ASK_ABOUT_ROOM),
      ),
    ...(more > 0
      ? [check(`${counted(more, 'more room is', 'more rooms are')} unusual: see room-charges.csv.`)]
      : []),
    ...budgetRemark(findings),
  ];
}

const ASK_ABOUT_TOTAL = ' Look at the rooms that moved most; if nobody knows why, ask who uses them.';
const ASK_ABOUT_ROOM = ' If nobody knows why, ask who uses it.';

function unusual(
  subject: Sentence,
  charge: Findings['total'],
  { median, points, score }: Extract<Verdict, { kind: 'unusual' }>,
  { manifest: { currency, day } }: Findings,
): Sentence {
  const percent = percentChange(charge, median, 1);
  const change = percent === null ? '' : ` (${signed(percent)})`;
  const scored = score === null ? 'they all cost the same' : `robust z-score ${scoreText(score)}, limit 3.5`;
  return [
    ...subject,
    ` is unusually ${charge.gt(median) ? 'high' : 'low'}: ${formatRounded(charge, currency)}, ` +
      `${formatDifference(median, charge, currency)}${change} compared with the usual ${formatRounded(median, currency)}, ` +
      `the median of ${points} ${kindOf(day)}s in the ${DAYS_COMPARED} days before (${scored}).`,
  ];
}

function scoreText(score: number): string {
  return Math.abs(score) >= 1000 ? `beyond ${score < 0 ? '-' : ''}1,000` : score.toFixed(1);
}

function budgetRemark({ budget, isBudgetPassed, month, manifest: { currency } }: Findings): Remark[] {
  if (budget === null || !isBudgetPassed) return [];
  return [
    check(
      `The month to date, ${formatRounded(month.sum, currency)}, exceeds the monthly budget of ` +
        `${formatRounded(budget, currency)}. Decide whether to raise the budget (setting monthlyBudget) or to use less.`,
    ),
  ];
}

/** What has to be said about the figures: sessions that are not final, the archive's notices, what is missing. */
export function furtherRemarks(findings: Findings): Remark[] {
  const { inProgressSessions, deletedLogs, notices } = findings.manifest;
  return [
    ...(inProgressSessions > 0
      ? [
          note(
            `${counted(inProgressSessions, 'session was', 'sessions were')} still in progress when this was read: ` +
              `${inProgressSessions === 1 ? 'its charge' : 'their charges'} may not be in the total yet. ` +
              'No action needed: the day is read again every morning until ' +
              `${inProgressSessions === 1 ? 'it has' : 'they have'} ended, for up to five weeks.`,
          ),
        ]
      : []),
    ...(deletedLogs > 0
      ? [
          note(
            `${counted(deletedLogs, 'log was', 'logs were')} deleted in SignalWire and no longer ` +
              `${deletedLogs === 1 ? 'shows its charge' : 'show their charges'}: the invoice may be higher than this total. ` +
              'No action needed until the invoice arrives; then compare the two.',
          ),
        ]
      : []),
    ...notices.map((notice): Remark => ({ isCheck: isFailedRereading(notice), sentence: [notice] })),
    ...unreadableDays(findings),
    ...uncomparedRooms(findings),
  ];
}

function unreadableDays({ past }: Findings): Remark[] {
  const unreadable = past.filter((day) => day.kind === 'unreadable');
  if (unreadable.length === 0) return [];
  const errors = [...new Set(unreadable.map(({ error }) => error))];
  return [
    note(
      `The archive's figures for ${daysText(unreadable)} could not be read (${listed(errors)}), so nothing is ` +
        'compared with them, and the month to date does not include them. This day itself is complete. ' +
        "If tomorrow's mail says this again, ask whoever runs the report to check the archive " +
        '(npm run report -- verify --help).',
    ),
  ];
}

function uncomparedRooms({ past, week, verdict }: Findings): Remark[] {
  // With so few days, rooms would not be compared anyway.
  if (week === null && verdict.kind === 'too-few') return [];
  const missing = past.flatMap((day) =>
    day.kind === 'known' && day.rooms.kind === 'missing' ? [{ day: day.day, why: day.rooms.why }] : [],
  );
  return [...Map.groupBy(missing, ({ why }) => why)].map(([why, days]) =>
    note(
      `Individual rooms are not compared with ${daysText(days)}, which ${why}. No action needed; ` +
        'the totals are compared.',
    ),
  );
}

/** Names at most three days. */
function daysText(days: readonly Pick<PastDay, 'day'>[]): string {
  const names = days.slice(0, 3).map(({ day }) => day);
  const more = days.length - names.length;
  return listed([...names, ...(more > 0 ? [counted(more, 'other day')] : [])]);
}

function note(...sentence: Sentence): Remark {
  return { isCheck: false, sentence };
}

function check(...sentence: Sentence): Remark {
  return { isCheck: true, sentence };
}
