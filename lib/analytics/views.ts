import { LINE_ITEM_COLUMNS, type LineItem } from '../../lambda/charges/line-item.ts';
import { LINE_ITEMS_TABLE, MANIFESTS_TABLE, ROOM_CHARGES_TABLE } from './tables.ts';
import { amount, count, date, instant, text, typedCount, type View, type ViewColumn } from './view.ts';

const roomCharges: View = {
  name: 'room_charges',
  description: 'What each room cost on each day',
  from: ROOM_CHARGES_TABLE,
  columns: [
    date('day'),
    text('space'),
    text('room_name'),
    count('sessions'),
    count('in_progress_sessions'),
    count('duration_seconds'),
    amount('charge'),
    text('currency'),
  ],
};

// The kinds of the columns that are not text.
const KINDS: Partial<Record<keyof LineItem, (name: string) => ViewColumn>> = {
  BilledCost: amount,
  ContractedCost: amount,
  EffectiveCost: amount,
  ListCost: amount,
  BillingPeriodEnd: instant,
  BillingPeriodStart: instant,
  ChargePeriodEnd: instant,
  ChargePeriodStart: instant,
  x_CreatedAt: instant,
  x_StartedAt: instant,
  x_EndedAt: instant,
  x_DiscardedAt: instant,
  x_DetailIndex: count,
  x_LastSeenRevision: count,
};

const lineItems: View = {
  name: 'line_items',
  description: 'Every charge of each day, in the columns of FOCUS 1.3',
  from: LINE_ITEMS_TABLE,
  columns: [date('day'), ...LINE_ITEM_COLUMNS.map((column) => (KINDS[column] ?? text)(column.toLowerCase()))],
};

const days: View = {
  name: 'days',
  description: 'Every archived day, according to its last revision',
  from: MANIFESTS_TABLE,
  columns: [
    date('day'),
    text('time_zone', 'timezone'),
    text('space'),
    typedCount('revision'),
    instant('archived_at', 'revisions[cardinality(revisions)].at'),
    amount('charge'),
    text('currency'),
    typedCount('rooms'),
    typedCount('sessions'),
    typedCount('in_progress_sessions', 'inprogresssessions'),
    typedCount('deleted_logs', 'deletedlogs'),
  ],
};

const revisions: View = {
  name: 'revisions',
  description: 'Every revision of every day, including the first reading',
  from: `${MANIFESTS_TABLE} CROSS JOIN UNNEST(sequence(1, cardinality(revisions))) AS history (n)`,
  columns: [
    date('day'),
    typedCount('revision', 'revisions[n].revision'),
    instant('archived_at', 'revisions[n].at'),
    amount('charge', 'revisions[n].charge'),
    text('currency'),
    typedCount('sessions', 'revisions[n].sessions'),
    text('reason', 'revisions[n].reason'),
    text('restated_by', 'revisions[n].restatedby'),
  ],
};

/** The views that people query: the archive's files with decimals, dates and timestamps. */
export const VIEWS: readonly View[] = [roomCharges, lineItems, days, revisions];
