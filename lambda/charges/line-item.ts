import * as z from 'zod';
import { isNumberText, type NumberText } from '../signalwire/exact-json.ts';
import type { SessionLog } from '../signalwire/video-log.ts';
import { formatExact, type Money, parseMoney, ZERO } from './money.ts';

/**
 * The columns of line-items.csv, in their order: those of FOCUS 1.3, the FinOps Foundation's specification for cost
 * and usage data (https://focus.finops.org), then our own, which it wants prefixed with `x_`.
 */
export const LINE_ITEM_COLUMNS = [
  'BilledCost',
  'BillingAccountId',
  'BillingAccountName',
  'BillingCurrency',
  'BillingPeriodEnd',
  'BillingPeriodStart',
  'ChargeCategory',
  'ChargeClass',
  'ChargeDescription',
  'ChargeFrequency',
  'ChargePeriodEnd',
  'ChargePeriodStart',
  'ContractedCost',
  'EffectiveCost',
  'HostProviderName',
  'InvoiceId',
  'InvoiceIssuerName',
  'ListCost',
  'PricingQuantity',
  'PricingUnit',
  'ProviderName',
  'PublisherName',
  'ServiceCategory',
  'ServiceName',
  'ServiceProviderName',
  'ServiceSubcategory',
  'x_LogId',
  'x_LogType',
  'x_Source',
  'x_RoomName',
  'x_Status',
  'x_Locked',
  'x_Url',
  'x_CreatedAt',
  'x_StartedAt',
  'x_EndedAt',
  'x_DetailIndex',
  'x_ChargeDetails',
  'x_DiscardedAt',
  'x_LastSeenRevision',
] as const;

/** A charge, as a row of line-items.csv; an empty text is null. */
export type LineItem = Readonly<Record<(typeof LINE_ITEM_COLUMNS)[number], string>>;

/** Who is billed, and in what. */
export interface BillingAccount {
  /** SignalWire project id. */
  readonly projectId: string;
  readonly space: string;
  /** ISO 4217. */
  readonly currency: string;
}

/** What one log is billed for, and what is odd about it. */
export interface Itemized {
  readonly items: readonly LineItem[];
  /** The log has details that do not add up to its charge; the charge counts. */
  readonly detailsDisagree: boolean;
}

// What is repeated for the reader's sake and never summed is taken as it comes, whatever its type.
const text = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'string' ? value : isPresent(value) ? JSON.stringify(value) : ''))
  .transform((value) => value.toWellFormed());

const logFields = z.object({
  type: text,
  source: text,
  room_name: text,
  status: text,
  locked: text,
  url: text,
  created_at: text,
  started_at: text,
  start_time: text,
  ended_at: text,
  end_time: text,
  charge_details: z.unknown().optional(),
});

const detailShape = z.object({
  description: z.string().nullish(),
  charge: z.custom<NumberText>(isNumberText).or(z.string()),
});

/**
 * Splits a log into line items: one for each of its charge details where those add up to its charge exactly, else
 * one for the whole log. A log whose charge is not known yet has none.
 *
 * @param entry the log as `parseExactJson` returned it
 * @param log what was read from that entry
 */
export function itemize(entry: unknown, log: SessionLog, account: BillingAccount): Itemized {
  if (log.charge === null) return { items: [], detailsDisagree: false };
  const fields = logFields.parse(entry);
  const common = commonCells(fields, log, account);
  const details = readDetails(fields.charge_details);
  if (details !== null && details.length > 0 && sumOf(details).eq(log.charge)) {
    const items = details.map(({ description, charge }, index) => ({
      ...common,
      ...costs(charge),
      ChargeDescription: description === '' ? describe(fields.type) : description,
      x_DetailIndex: String(index),
    }));
    return { items, detailsDisagree: false };
  }
  const item = {
    ...common,
    ...costs(log.charge),
    ChargeDescription: describe(fields.type),
    x_ChargeDetails: isPresent(fields.charge_details) ? JSON.stringify(fields.charge_details) : '',
  };
  return { items: [item], detailsDisagree: isPresent(fields.charge_details) && details?.length !== 0 };
}

type LogFields = z.output<typeof logFields>;

type Costs = Pick<LineItem, 'BilledCost' | 'ContractedCost' | 'EffectiveCost' | 'ListCost'>;

function commonCells(
  fields: LogFields,
  log: SessionLog,
  account: BillingAccount,
): Omit<LineItem, keyof Costs | 'ChargeDescription'> {
  const startedAt = fields.started_at || fields.start_time;
  const endedAt = fields.ended_at || fields.end_time;
  const created = new Date(log.createdAt);
  return {
    BillingAccountId: account.projectId,
    BillingAccountName: account.space,
    BillingCurrency: account.currency,
    BillingPeriodStart: monthStart(created, 0),
    BillingPeriodEnd: monthStart(created, 1),
    ChargeCategory: 'Usage',
    ChargeClass: '',
    ChargeFrequency: 'Usage-Based',
    ...chargePeriod(startedAt === '' ? log.createdAt : Date.parse(startedAt), Date.parse(endedAt)),
    HostProviderName: 'SignalWire',
    InvoiceId: '',
    InvoiceIssuerName: 'SignalWire',
    PricingQuantity: '',
    PricingUnit: '',
    ProviderName: 'SignalWire',
    PublisherName: 'SignalWire',
    ServiceCategory: 'Media',
    ServiceName: 'SignalWire Video',
    ServiceProviderName: 'SignalWire',
    ServiceSubcategory: 'Media Streaming',
    x_LogId: log.id,
    x_LogType: fields.type,
    x_Source: fields.source,
    x_RoomName: fields.room_name,
    x_Status: fields.status,
    x_Locked: fields.locked,
    x_Url: fields.url,
    x_CreatedAt: fields.created_at,
    x_StartedAt: startedAt,
    x_EndedAt: endedAt,
    x_DetailIndex: '',
    x_ChargeDetails: '',
    x_DiscardedAt: '',
    x_LastSeenRevision: '',
  };
}

/** The API gives one price, without discounts or commitments: every kind of cost is that one. */
function costs(charge: Money): Costs {
  const cost = formatExact(charge);
  return { BilledCost: cost, ContractedCost: cost, EffectiveCost: cost, ListCost: cost };
}

/**
 * FOCUS knows no fractions of a second, and no empty periods: down to the second, up to the second, and at least one
 * second long.
 *
 * @param end milliseconds since the epoch; NaN where the session's end is not known
 */
function chargePeriod(start: number, end: number): Pick<LineItem, 'ChargePeriodStart' | 'ChargePeriodEnd'> {
  const first = Math.floor(start / 1000);
  const last = Math.max(Number.isNaN(end) ? 0 : Math.ceil(end / 1000), first + 1);
  return { ChargePeriodStart: toSeconds(first * 1000), ChargePeriodEnd: toSeconds(last * 1000) };
}

function monthStart(created: Date, monthsLater: number): string {
  return toSeconds(Date.UTC(created.getUTCFullYear(), created.getUTCMonth() + monthsLater));
}

/** `YYYY-MM-DDTHH:mm:ssZ` */
function toSeconds(instant: number): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}

function describe(type: string): string {
  return type === 'video_conference_session' ? 'Video conference session' : 'Video room session';
}

interface Detail {
  /** Empty where the API gives none. */
  readonly description: string;
  readonly charge: Money;
}

/** @returns null where they are no list of amounts */
function readDetails(value: unknown): Detail[] | null {
  const details = z.array(detailShape).safeParse(value);
  if (!details.success) return null;
  const read = details.data.map(({ description, charge }) => ({
    description: description?.toWellFormed() ?? '',
    charge: parseMoney(typeof charge === 'string' ? charge : charge.rawJSON),
  }));
  return read.every((detail): detail is Detail => detail.charge !== null) ? read : null;
}

function sumOf(details: readonly Detail[]): Money {
  return details.reduce((sum, { charge }) => sum.plus(charge), ZERO);
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}
