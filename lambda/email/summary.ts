import { fileOf } from '../archive/archived-day.ts';
import { roomChargesKey } from '../archive/layout.ts';
import type { Manifest } from '../archive/manifest.ts';
import { formatDifference, formatRounded } from '../money/money.ts';
import { longDay } from './calendar.ts';
import type { Findings } from './findings.ts';
import { changeToAverage, figures, forecastNote } from './figures.ts';
import { fortnight } from './fortnight.ts';
import { firstRemarks, furtherRemarks, type MailContext, type Remark } from './remarks.ts';
import { movementsTable, roomsTable } from './room-tables.ts';
import { type Status, statusOf } from './status.ts';
import { type Bar, figure, type Table, words } from './table.ts';
import { counted, listed } from './words.ts';

/** Where room-charges.csv is, and whether it is attached to the mail. */
export interface FilePlace {
  readonly location: string;
  readonly attached: boolean;
}

/** Everything that the mail of a day says, in order, as text: its HTML and its plain text are both made from this. */
export interface Summary {
  readonly subject: string;
  readonly title: string;
  readonly when: string;
  readonly status: Status;
  readonly firstRemarks: readonly Remark[];
  /** Rounded once, half up, with the currency symbol. */
  readonly total: string;
  readonly volume: string;
  readonly figures: Table;
  readonly restated: Table | null;
  readonly furtherRemarks: readonly Remark[];
  readonly movements: Table | null;
  readonly rooms: Table | null;
  readonly bars: readonly Bar[];
  readonly reconciliation: Table;
  readonly footnotes: readonly string[];
  readonly isFileAttached: boolean;
}

export function summarize(findings: Findings, file: FilePlace, context: MailContext): Summary {
  const { manifest, total } = findings;
  const forecasting = forecastNote(findings);
  return {
    subject: subjectOf(findings),
    title: `SignalWire video costs ${manifest.day}`,
    when: `${longDay(manifest.day)} · ${manifest.timeZone} · space ${manifest.space}`,
    status: statusOf(findings),
    firstRemarks: firstRemarks(findings, context),
    total: formatRounded(total, manifest.currency),
    volume: volumeOf(manifest),
    figures: figures(findings),
    restated: restatedTable(findings),
    furtherRemarks: furtherRemarks(findings),
    movements: movementsTable(findings),
    rooms: roomsTable(findings),
    bars: fortnight(findings),
    reconciliation: reconciliation(manifest, file),
    footnotes: forecasting === null ? [] : [forecasting],
    isFileAttached: file.attached,
  };
}

/** `SignalWire video costs 2026-11-22: $123.45 (+8% vs 7-day average)`, after marks for what needs attention. */
function subjectOf(findings: Findings): string {
  const { manifest, total, needsCheck, isBudgetPassed } = findings;
  const change = changeToAverage(findings);
  return [
    needsCheck ? '[check] ' : '',
    isBudgetPassed ? '[budget] ' : '',
    `SignalWire video costs ${manifest.day}: ${formatRounded(total, manifest.currency)}`,
    change === null ? '' : ` (${change} vs 7-day average)`,
  ].join('');
}

function volumeOf({ sessions, rooms, deletedLogs }: Manifest): string {
  if (sessions > 0) return `${counted(sessions, 'session')} in ${counted(rooms, 'room')}`;
  const only = deletedLogs === 0 ? 'no sessions' : 'nothing but deleted logs';
  return `no usage: SignalWire was read completely and lists ${only} for this day`;
}

function restatedTable({ restated }: Findings): Table | null {
  if (restated.length === 0) return null;
  const large = restated.filter(({ isLarge }) => isLarge).map(({ day }) => day);
  return {
    caption: 'Restated since the last report',
    columns: [words('Day'), figure('Before'), figure('Now'), figure('Difference')],
    rows: restated.map(({ day, currency, before, after }) => [
      day,
      formatRounded(before, currency),
      formatRounded(after, currency),
      formatDifference(before, after, currency),
    ]),
    details: restated.map(({ reason }) => reason),
    note:
      large.length === 0
        ? 'The archive holds the new figures; no action needed.'
        : `The archive holds the new figures. Changed by more than 5%: ${listed(large)}. If the old figure was ` +
          'booked or billed, correct it there.',
  };
}

/** What accounting needs to find the file in the archive, and to check that it is the right one. */
function reconciliation(manifest: Manifest, { location, attached }: FilePlace): Table {
  const { day, charge, currency, revision, revisions, timeZone } = manifest;
  const file = fileOf(manifest, roomChargesKey(day));
  const last = revisions.at(-1);
  return {
    caption: 'For reconciliation',
    columns: [words(), words()],
    rows: [
      ['Exact total', `${charge} ${currency}`],
      [
        'File',
        attached ? 'room-charges.csv, attached' : 'room-charges.csv, too large to attach: see the S3 key',
      ],
      ['Rows', counted(file.rows, 'room')],
      ['SHA-256', file.sha256],
      ['S3 key', location],
      ['Data as of', instant(last?.at ?? '')],
      ['Time zone', timeZone],
      ['Revision', `${revision} (${last?.reason ?? ''})`],
    ],
    note: null,
  };
}

/** `2026-11-23 06:00:03 UTC`. */
function instant(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
}
