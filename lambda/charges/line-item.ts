import * as z from 'zod';
import { isNumberText, type NumberText, parseExactJson } from '../signalwire/exact-json.ts';
import { AMOUNT, amountIn, objectWith, TEXT } from '../signalwire/json-text.ts';
import type { SessionLog } from '../signalwire/video-log.ts';
import { ExactSum } from './exact-sum.ts';
import { exactAmount } from './money.ts';

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

/** A part of what a log is billed for, or all of it. */
export interface LogCharge {
  /** Exact decimal. */
  readonly charge: string;
  readonly description: string;
  /** Its place in the log's charge details; null where it stands for the whole log. */
  readonly detailIndex: number | null;
}

/** What one log is billed for, and what is odd about it. */
export interface Itemized {
  readonly charges: readonly LogCharge[];
  /** The log has details that do not add up to its charge; the charge counts. */
  readonly detailsDisagree: boolean;
}

const detailShape = z.object({
  description: z.string().nullish(),
  charge: z.custom<NumberText>(isNumberText).or(z.string()),
});

/**
 * Splits a log into what becomes its line items: one for each of its charge details where those add up to its charge
 * exactly, else one for the whole log. A log whose charge is not known yet has none.
 */
export function itemize({ charge, asSent: { type, chargeDetails } }: SessionLog): Itemized {
  if (charge === null) return { charges: [], detailsDisagree: false };
  const details = readUsualDetails(chargeDetails) ?? readDetails(chargeDetails);
  if (details !== null && details.length > 0 && addUpTo(charge, details)) {
    const charges = details.map((detail, detailIndex) => ({
      charge: detail.charge,
      description: detail.description === '' ? describe(type) : detail.description,
      detailIndex,
    }));
    return { charges, detailsDisagree: false };
  }
  const whole = { charge, description: describe(type), detailIndex: null };
  return { charges: [whole], detailsDisagree: details?.length !== 0 };
}

function describe(type: string): string {
  return type === 'video_conference_session' ? 'Video conference session' : 'Video room session';
}

interface Detail {
  /** Empty where the API gives none. */
  readonly description: string;
  /** Exact decimal. */
  readonly charge: string;
}

const USUAL_DETAIL = new RegExp(
  `[[,] ?${objectWith([
    ['description', TEXT],
    ['charge', AMOUNT],
  ])}`,
  'y',
);

/** In a tenth of the time. @returns null where they are written in any other way than the API writes them */
function readUsualDetails(json: string): Detail[] | null {
  if (json.length === 1) return null;
  const details: Detail[] = [];
  let at = 0;
  while (at < json.length - 1) {
    USUAL_DETAIL.lastIndex = at;
    const found = USUAL_DETAIL.exec(json);
    const amount = found?.[2] ?? '';
    const charge = exactAmount(amountIn(amount));
    if (found === null || charge === null) return null;
    details.push({ description: found[1] ?? '', charge });
    at += found[0].length;
  }
  return details;
}

/** @returns null where they are no list of amounts; none where there is nothing */
function readDetails(json: string): Detail[] | null {
  if (json === '') return [];
  const details = z.array(detailShape).safeParse(parseExactJson(json));
  if (!details.success) return null;
  const read = details.data.map(({ description, charge }) => ({
    description: description?.toWellFormed() ?? '',
    charge: exactAmount(typeof charge === 'string' ? charge : charge.rawJSON),
  }));
  return read.every((detail): detail is Detail => detail.charge !== null) ? read : null;
}

function addUpTo(charge: string, details: readonly Detail[]): boolean {
  if (details.length === 1) return details[0]?.charge === charge;
  const sum = new ExactSum();
  for (const detail of details) sum.add(detail.charge);
  return sum.equals(charge);
}
