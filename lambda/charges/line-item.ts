import * as z from 'zod';
import { BRACKET, END_BRACKET } from '../ascii.ts';
import { isNumberText, type NumberText, parseExactJson } from '../signalwire/exact-json.ts';
import { type AsSent, SLOTS } from '../signalwire/as-sent.ts';
import { afterComma } from '../signalwire/json-bytes.ts';
import { ObjectShape } from '../signalwire/object-shape.ts';
import { isEmpty, PageText, wholeText, type Utf8Span } from '../signalwire/page-text.ts';
import type { VideoLog } from '../signalwire/video-log.ts';
import { type Amount, readAmount, readAmountAt } from '../money/amount.ts';
import { ExactSum } from '../money/exact-sum.ts';

/**
 * The columns of line-items.csv, in order: those of FOCUS 1.3, the FinOps Foundation's specification for cost and
 * usage data (https://focus.finops.org), then our own, which FOCUS requires to be prefixed with `x_`.
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

/** A charge, as a row of line-items.csv; an empty text means null. */
export type LineItem = Readonly<Record<(typeof LINE_ITEM_COLUMNS)[number], string>>;

/** Who is billed, and in which currency. */
export interface BillingAccount {
  /** SignalWire project id. */
  readonly projectId: string;
  readonly space: string;
  /** ISO 4217. */
  readonly currency: string;
}

/** A part of what a log is billed for, or all of it. */
export interface LogCharge {
  readonly charge: Amount;
  readonly description: Utf8Span;
  /** Its index in the log's charge details; null if it stands for the whole log. */
  readonly detailIndex: number | null;
}

/** A log, what it is billed for, and whether its details disagree. */
export interface ItemizedLog {
  readonly log: VideoLog;
  readonly charges: readonly LogCharge[];
  /** The log has details that don't add up to its charge. The charge counts. */
  readonly detailsDisagree: boolean;
}

const detailShape = z.object({
  description: z.string().nullish(),
  charge: z.custom<NumberText>(isNumberText).or(z.string()),
});

/**
 * Splits a log into its line items: one for each of its charge details if they add up to its charge exactly, otherwise
 * one for the whole log. A log whose charge is not known yet has none, nor has a deleted one.
 */
export function itemize(log: VideoLog): ItemizedLog {
  if (log.kind === 'deleted' || log.charge === null) return { log, charges: [], detailsDisagree: false };
  const { charge, asSent } = log;
  const details = readUsualDetails(asSent) ?? readDetails(asSent);
  if (details !== null && details.length > 0 && addUpTo(charge, details))
    return { log, charges: details, detailsDisagree: false };
  const whole = { charge, description: describe(asSent), detailIndex: null };
  return { log, charges: [whole], detailsDisagree: details?.length !== 0 };
}

const CONFERENCE = Buffer.from('video_conference_session');
const CONFERENCE_SESSION = { ...wholeText('Video conference session'), isPlain: true };
const ROOM_SESSION = { ...wholeText('Video room session'), isPlain: true };

function describe(asSent: AsSent): Utf8Span {
  return asSent.equals('type', CONFERENCE) ? CONFERENCE_SESSION : ROOM_SESSION;
}

const DESCRIPTION = 0;
const CHARGE = 1;
/** After the slots. */
const PLAIN_AT = 4;
const [TIGHT, SPACED] = ['{"description":"","charge":0}', '{"description": "", "charge": 0}'].map((json) =>
  ObjectShape.of(
    new PageText(Buffer.from(json)),
    0,
    new Map([
      ['description', { kind: 'text', slot: DESCRIPTION }],
      ['charge', { kind: 'amount', slot: CHARGE }],
    ]),
    PLAIN_AT,
  ),
);
/** Where the values of one detail are; reused for every detail. */
const SPANS = new Int32Array(PLAIN_AT + 1);

/**
 * The fast twin of `readDetails`, which defines the result: it takes a twentieth of the time. A property test in
 * test/lambda/charges/charge-details.test.ts holds the two equal.
 *
 * @returns null for details that are not written as the API writes them, which are left to `readDetails`
 */
function readUsualDetails(asSent: AsSent): LogCharge[] | null {
  const { page } = asSent;
  const { bytes } = page;
  const from = asSent.from(SLOTS.chargeDetails);
  if (from === asSent.to(SLOTS.chargeDetails) || bytes[from] !== BRACKET) return null;
  let details: LogCharge[] | null = null;
  let place = from + 1;
  while (place !== -1) {
    let end = TIGHT?.match(page, place, SPANS, 0) ?? -1;
    if (end === -1) end = SPACED?.match(page, place, SPANS, 0) ?? -1;
    const charge =
      end === -1 ? null : readAmountAt(bytes, SPANS[2 * CHARGE] ?? 0, SPANS[2 * CHARGE + 1] ?? 0);
    if (charge === null) return null;
    const description = {
      page,
      from: SPANS[2 * DESCRIPTION] ?? 0,
      to: SPANS[2 * DESCRIPTION + 1] ?? 0,
      isPlain: SPANS[PLAIN_AT] === 1,
    };
    const detail: LogCharge = {
      charge,
      description: isEmpty(description) ? describe(asSent) : description,
      detailIndex: details?.length ?? 0,
    };
    // Most logs have one detail: pushing it into an empty list would reserve room for sixteen more.
    if (details === null) details = [detail];
    else details.push(detail);
    if (bytes[end] === END_BRACKET) return details;
    place = afterComma(bytes, end);
  }
  return null;
}

/** @returns null if they are not a list of amounts; an empty list if there are no details */
function readDetails(asSent: AsSent): LogCharge[] | null {
  const json = asSent.text('chargeDetails');
  if (json === '') return [];
  const details = z.array(detailShape).safeParse(parseExactJson(json));
  if (!details.success) return null;
  const charges: LogCharge[] = [];
  for (const { description, charge: sent } of details.data) {
    const charge = readAmount(typeof sent === 'string' ? sent : sent.rawJSON);
    if (charge === null) return null;
    charges.push({
      charge,
      description: description ? wholeText(description.toWellFormed()) : describe(asSent),
      detailIndex: charges.length,
    });
  }
  return charges;
}

function addUpTo(whole: Amount, charges: readonly LogCharge[]): boolean {
  const only = charges.length === 1 ? charges[0]?.charge : undefined;
  if (only !== undefined) return only.units === whole.units && only.places === whole.places;
  const sum = new ExactSum();
  for (const { charge } of charges) sum.add(charge);
  return sum.equals(whole);
}
