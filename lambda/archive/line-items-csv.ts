import { StringDecoder } from 'node:string_decoder';
import { parse } from 'csv-parse/sync';
import { COMMA } from '../ascii.ts';
import { type Amount, writeAmount } from '../money/amount.ts';
import {
  type BillingAccount,
  LINE_ITEM_COLUMNS,
  type LineItem,
  type LogCharge,
} from '../charges/line-item.ts';
import { viewOf } from '../four-bytes.ts';
import { type AsSent, SLOTS } from '../signalwire/as-sent.ts';
import { parseExactJson } from '../signalwire/exact-json.ts';
import type { Utf8Span } from '../signalwire/page-text.ts';
import type { SessionLog } from '../signalwire/video-log.ts';
import { toWholeSeconds } from '../whole-seconds.ts';
import { DECIMAL_UNITS, type Utf8Text } from './utf8-text.ts';

// line-items.csv: UTF-8 without BOM, RFC 4180 with CRLF, a header even if there are no rows. Texts are the API's own,
// without a guard against formulas, since machines read this file; see `cell` for the one exception. Rows are written
// by hand: a day may have a million, and the CSV library of room-charges.csv takes ten times as long for each.
//
// That slow library defines how a row is written: test/lambda/archive/line-items-rows.test.ts holds the bytes of both
// equal, for random logs and random line items.

const END = '\r\n';

export const HEADER = LINE_ITEM_COLUMNS.join() + END;

/** The row of a line item that was read back and may have been changed since. */
export function rowOf(item: LineItem): string {
  return LINE_ITEM_COLUMNS.map((column) => cell(item[column])).join() + END;
}

/** Writes the rows of logs straight from the bytes that SignalWire sent. */
export class LineItemRows {
  readonly #month: BillingMonth;

  constructor({ projectId, space, currency }: BillingAccount) {
    this.#month = new BillingMonth([projectId, space, currency].map(cell).join());
  }

  /**
   * Appends one row for each charge. The columns are LINE_ITEM_COLUMNS; the API gives one price, which is used for
   * every kind of cost.
   *
   * @param out the rows are appended to it
   * @param charges what `itemize` finds in the log
   */
  write(out: Utf8Text, log: SessionLog, charges: readonly LogCharge[]): void {
    const { asSent } = log;
    const beforeDescription = this.#month.of(log.createdAt);
    // The position of the fields that are the same in all rows of the log, once they are written.
    let [fields, fieldsEnd] = [0, 0];
    for (const { charge, description, detailIndex } of charges) {
      const start = out.length;
      appendAmount(out, charge);
      const end = out.length;
      out.appendBytes(beforeDescription);
      appendText(out, description);
      out.appendBytes(BEFORE_PERIOD);
      appendPeriod(out, log);
      for (const after of AFTER_COSTS) {
        out.repeat(start, end);
        out.appendBytes(after);
      }
      if (fieldsEnd > 0) {
        out.repeat(fields, fieldsEnd);
      } else {
        fields = out.length;
        if (asSent.isPlain) out.appendCells(asSent, TEXT_SLOTS);
        else for (const field of TEXTS) out.append(`${cell(asSent.text(field))},`);
        out.appendCells(asSent, INSTANTS);
        fieldsEnd = out.length;
      }
      if (detailIndex !== null) out.appendWhole(detailIndex);
      out.appendByte(COMMA);
      if (detailIndex === null) out.append(cell(compact(asSent.text('chargeDetails'))));
      out.appendBytes(END_OF_ROW);
    }
  }
}

const BEFORE_PERIOD = piece(',Usage-Based,');
const AFTER_COSTS = [
  piece(','),
  piece(',SignalWire,,SignalWire,'),
  piece(',,,SignalWire,SignalWire,Media,SignalWire Video,SignalWire,Media Streaming,'),
];
const END_OF_ROW = piece(`,,${END}`);
const TEXTS = ['id', 'type', 'source', 'roomName', 'status', 'locked', 'url'] as const;
const TEXT_SLOTS = TEXTS.map((field) => SLOTS[field]);
// They were validated, and an instant never needs quoting.
const INSTANTS = [SLOTS.createdAt, SLOTS.startedAt, SLOTS.endedAt];

/** A piece of text that is appended as it is. */
function piece(text: string): DataView {
  return viewOf(Buffer.from(text));
}

/** The cells between the charge and its description, which are the same for a whole month. */
class BillingMonth {
  readonly #account: string;
  #start = NaN;
  #end = NaN;
  #cells = piece('');

  /** @param account project, space and currency, as cells */
  constructor(account: string) {
    this.#account = account;
  }

  /** @param instant milliseconds since the epoch */
  of(instant: number): DataView {
    if (!(instant >= this.#start && instant < this.#end)) {
      const [year, month] = [new Date(instant).getUTCFullYear(), new Date(instant).getUTCMonth()];
      this.#start = Date.UTC(year, month);
      this.#end = Date.UTC(year, month + 1);
      // The first instants of the next month and of this one; the later comes first, in the order of the columns.
      const period = `${toWholeSeconds(this.#end)},${toWholeSeconds(this.#start)}`;
      this.#cells = piece(`,${this.#account},${period},Usage,,`);
    }
    return this.#cells;
  }
}

/**
 * When a charge began and ended; the end comes first, in the order of the columns. FOCUS allows neither fractions of a
 * second nor empty periods: the start is rounded down, the end up, and the period is at least one second long.
 */
function appendPeriod(out: Utf8Text, { createdAt, durationMs, asSent }: SessionLog): void {
  if (isWholeSecond(asSent, STARTED_AT) && isWholeSecond(asSent, ENDED_AT) && (durationMs ?? 0) > 0) {
    out.appendCells(asSent, PERIOD);
    return;
  }
  const [startedAt, endedAt] = [asSent.text('startedAt'), asSent.text('endedAt')];
  const first = Math.floor((startedAt === '' ? createdAt : Date.parse(startedAt)) / 1000);
  const last = Math.max(endedAt === '' ? 0 : secondAfter(endedAt), first + 1);
  out.append(`${toWholeSeconds(last * 1000)},${toWholeSeconds(first * 1000)},`);
}

/** Seconds since the epoch, rounded up. Digits beyond milliseconds count too, although Date.parse drops them. */
function secondAfter(instant: string): number {
  const second = Math.floor(Date.parse(instant) / 1000);
  return /\.0*[1-9]/.test(instant) ? second + 1 : second;
}

const { startedAt: STARTED_AT, endedAt: ENDED_AT } = SLOTS;
const PERIOD = [ENDED_AT, STARTED_AT];

/** Recognised by its length: no other way to write an instant has as many characters. */
function isWholeSecond(asSent: AsSent, slot: number): boolean {
  return asSent.to(slot) - asSent.from(slot) === 'YYYY-MM-DDTHH:mm:ssZ'.length;
}

function appendAmount(out: Utf8Text, amount: Amount): void {
  const { places } = amount;
  // Rounded only from 2^53 on, which is more than can be written this way. What can't takes a microsecond more.
  const units = Number(amount.units);
  if (units >= 0 && units < DECIMAL_UNITS && places <= 15) out.appendDecimal(units, places);
  else out.append(writeAmount(amount));
}

function appendText(out: Utf8Text, { page, from, to, isPlain }: Utf8Span): void {
  if (isPlain) out.appendAsIs(page, from, to);
  else out.append(cell(page.bytes.toString('utf8', from, to)));
}

/** JSON in a single form, however it was written originally. */
function compact(json: string): string {
  return json === '' || json === '[]' ? json : JSON.stringify(parseExactJson(json));
}

const UNUSUAL = /[",\n\r\u0001␊␍␁␛]/;
const VISIBLE: Readonly<Record<string, string>> = { '\n': '␊', '\r': '␍', '\u0001': '␁' };
const INVISIBLE: Readonly<Record<string, string>> = { '␊': '\n', '␍': '\r', '␁': '\u0001' };

/**
 * A text as a cell of a row. Athena's CSV reader takes every line break for the end of a row, even in quotes. So line
 * breaks become the visible signs ␊ and ␍, and where a text already has such a sign, ␛ is put before it. The same goes
 * for U+0001, which becomes ␁: that reader insists on an escape character, and the tables give it this one.
 */
function cell(text: string): string {
  if (!UNUSUAL.test(text)) return text;
  const line = text.replace(/[\n\r\u0001␊␍␁␛]/g, (sign) => VISIBLE[sign] ?? `␛${sign}`);
  return /[",]/.test(line) ? `"${line.replaceAll('"', '""')}"` : line;
}

/**
 * Reads line-items.csv back.
 *
 * @throws Error if the bytes are not such a file
 */
export function readLineItems(bytes: Buffer | string): LineItem[] {
  return parse(bytes, { columns: true, record_delimiter: END, cast: asItWas });
}

/**
 * Reads line-items.csv back while its bytes arrive, and yields the rows that each chunk completes. This relies on no
 * cell having a line break in it.
 *
 * @throws Error if the bytes are not such a file
 */
export async function* streamLineItems(chunks: AsyncIterable<Buffer>): AsyncGenerator<LineItem[]> {
  const decoder = new StringDecoder();
  let header = '';
  let text = '';
  for await (const chunk of chunks) {
    text += decoder.write(chunk);
    const lines = text.slice(0, text.lastIndexOf('\n') + 1);
    if (lines === '') continue;
    text = text.slice(lines.length);
    yield readLineItems(header + lines);
    if (header === '') header = lines.slice(0, lines.indexOf('\n') + 1);
  }
}

function asItWas(text: string): string {
  return text.replace(/␛(.)|[␊␍␁]/gs, (sign, escaped?: string) => escaped ?? INVISIBLE[sign] ?? sign);
}
