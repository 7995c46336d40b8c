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
import type { PageText } from '../signalwire/page-text.ts';
import type { SessionLog } from '../signalwire/video-log.ts';
import { toWholeSeconds } from '../whole-seconds.ts';
import type { Utf8Text } from './utf8-text.ts';

// line-items.csv: UTF-8 without BOM, RFC 4180 with CRLF, a header even where there are no rows. Texts are those of the
// API, unguarded, for machines read this file; see `cell` for the one exception. Rows are written by hand, not by the
// library that writes the other file: a day has a million of them, and it takes ten times as long for each.

const END = '\r\n';

export const HEADER = LINE_ITEM_COLUMNS.join() + END;

/** A row as it was read back, with whatever was changed in it. */
export function rowOf(item: LineItem): string {
  return LINE_ITEM_COLUMNS.map((column) => cell(item[column])).join() + END;
}

/** Writes the rows of logs as SignalWire tells them. */
export class LineItemRows {
  readonly #month: BillingMonth;

  constructor({ projectId, space, currency }: BillingAccount) {
    this.#month = new BillingMonth([projectId, space, currency].map(cell).join());
  }

  /**
   * The columns are those of LINE_ITEM_COLUMNS; the API gives one price for every kind of cost.
   *
   * @param out takes the rows
   * @param charges those that `itemize` finds in the log
   */
  write(out: Utf8Text, log: SessionLog, charges: readonly LogCharge[]): void {
    const { asSent } = log;
    const beforeDescription = this.#month.of(log.createdAt);
    // Where the fields stand that are the same in all rows of the log.
    let [fields, fieldsEnd] = [0, 0];
    for (const { charge, description, detailIndex } of charges) {
      const start = out.length;
      appendAmount(out, charge);
      const end = out.length;
      out.appendBytes(beforeDescription);
      appendCell(out, description.page, description.from, description.to);
      out.appendBytes(BEFORE_PERIOD);
      appendPeriod(out, log);
      out.repeat(start, end);
      out.appendByte(COMMA);
      out.repeat(start, end);
      out.appendBytes(PROVIDERS);
      out.repeat(start, end);
      out.appendBytes(SERVICE);
      if (fieldsEnd > 0) {
        out.repeat(fields, fieldsEnd);
      } else {
        fields = out.length;
        for (const slot of TEXTS) appendField(out, asSent, slot);
        for (const slot of INSTANTS) appendInstant(out, asSent, slot);
        fieldsEnd = out.length;
      }
      if (detailIndex !== null) out.append(String(detailIndex));
      out.appendByte(COMMA);
      if (detailIndex === null) out.append(cell(compact(asSent.text('chargeDetails'))));
      out.appendBytes(END_OF_ROW);
    }
  }
}

const BEFORE_PERIOD = piece(',Usage-Based,');
const PROVIDERS = piece(',SignalWire,,SignalWire,');
const SERVICE = piece(',,,SignalWire,SignalWire,Media,SignalWire Video,SignalWire,Media Streaming,');
const END_OF_ROW = piece(`,,${END}`);
const TEXTS = [SLOTS.id, SLOTS.type, SLOTS.source, SLOTS.roomName, SLOTS.status, SLOTS.locked, SLOTS.url];
const INSTANTS = [SLOTS.createdAt, SLOTS.startedAt, SLOTS.endedAt];

/** What is appended as it is. */
function piece(text: string): DataView {
  return viewOf(Buffer.from(text));
}

/** What stands between the charge and its description: the same for a month. */
class BillingMonth {
  readonly #account: string;
  #start = NaN;
  #end = NaN;
  #cells = piece('');

  /** @param account cells */
  constructor(account: string) {
    this.#account = account;
  }

  /** @param instant milliseconds since the epoch */
  of(instant: number): DataView {
    if (!(instant >= this.#start && instant < this.#end)) {
      const [year, month] = [new Date(instant).getUTCFullYear(), new Date(instant).getUTCMonth()];
      this.#start = Date.UTC(year, month);
      this.#end = Date.UTC(year, month + 1);
      // The first instants of the next month and of this one: the later one first, as the columns are.
      const period = `${toWholeSeconds(this.#end)},${toWholeSeconds(this.#start)}`;
      this.#cells = piece(`,${this.#account},${period},Usage,,`);
    }
    return this.#cells;
  }
}

/**
 * When a charge began and ended, the end first, as the columns are. FOCUS knows no fractions of a second, and no empty
 * periods: down to the second, up to the second, and at least one second long.
 */
function appendPeriod(out: Utf8Text, { createdAt, durationMs, asSent }: SessionLog): void {
  if (isWholeSecond(asSent, STARTED_AT) && isWholeSecond(asSent, ENDED_AT) && (durationMs ?? 0) > 0) {
    appendInstant(out, asSent, ENDED_AT);
    appendInstant(out, asSent, STARTED_AT);
    return;
  }
  const [startedAt, endedAt] = [asSent.text('startedAt'), asSent.text('endedAt')];
  const first = Math.floor((startedAt === '' ? createdAt : Date.parse(startedAt)) / 1000);
  const last = Math.max(endedAt === '' ? 0 : secondAfter(endedAt), first + 1);
  out.append(`${toWholeSeconds(last * 1000)},${toWholeSeconds(first * 1000)},`);
}

/** Seconds since the epoch, up. What is finer than a millisecond counts as well, and Date.parse drops it. */
function secondAfter(instant: string): number {
  const second = Math.floor(Date.parse(instant) / 1000);
  return /\.0*[1-9]/.test(instant) ? second + 1 : second;
}

const { startedAt: STARTED_AT, endedAt: ENDED_AT } = SLOTS;

/** The only way to write an instant in so many characters. */
function isWholeSecond(asSent: AsSent, slot: number): boolean {
  return asSent.to(slot) - asSent.from(slot) === 'YYYY-MM-DDTHH:mm:ssZ'.length;
}

const MOST_UNITS = 10n ** 15n;

function appendAmount(out: Utf8Text, amount: Amount): void {
  const { units, places } = amount;
  if (units >= 0n && units < MOST_UNITS && places <= 15) out.appendDecimal(Number(units), places);
  else out.append(writeAmount(amount));
}

/** And the comma after it. */
function appendField(out: Utf8Text, asSent: AsSent, slot: number): void {
  appendCell(out, asSent.page, asSent.from(slot), asSent.to(slot));
  out.appendByte(COMMA);
}

/** And the comma after it. Nothing in an instant has to be quoted, and the log was read: that is what this is. */
function appendInstant(out: Utf8Text, asSent: AsSent, slot: number): void {
  out.appendAsIs(asSent.page, asSent.from(slot), asSent.to(slot));
  out.appendByte(COMMA);
}

function appendCell(out: Utf8Text, page: PageText, from: number, to: number): void {
  if (!out.appendPlain(page, from, to)) out.append(cell(page.bytes.toString('utf8', from, to)));
}

/** JSON in one way of writing it, whatever way it came in. */
function compact(json: string): string {
  return json === '' || json === '[]' ? json : JSON.stringify(parseExactJson(json));
}

const UNUSUAL = /[",\n\r\u0001␊␍␁␛]/;
const VISIBLE: Readonly<Record<string, string>> = { '\n': '␊', '\r': '␍', '\u0001': '␁' };
const INVISIBLE: Readonly<Record<string, string>> = { '␊': '\n', '␍': '\r', '␁': '\u0001' };

/**
 * A text as a cell of a row. Athena's CSV reader takes every line break for the end of a row, quoted or not. So line
 * breaks become the visible signs ␊ and ␍, and those signs, where a text has them already, get a ␛ before them. So does
 * U+0001, ␁: that reader can't do without an escape character, and the tables give it this one.
 */
function cell(text: string): string {
  if (!UNUSUAL.test(text)) return text;
  const line = text.replace(/[\n\r\u0001␊␍␁␛]/g, (sign) => VISIBLE[sign] ?? `␛${sign}`);
  return /[",]/.test(line) ? `"${line.replaceAll('"', '""')}"` : line;
}

/**
 * Reads line-items.csv back.
 *
 * @throws Error where the bytes are no such file
 */
export function readLineItems(bytes: Buffer | string): LineItem[] {
  return parse(bytes, { columns: true, record_delimiter: END, cast: asItWas });
}

/**
 * Reads line-items.csv back while its bytes come, in as many portions. No cell has a line break in it.
 *
 * @throws Error where the bytes are no such file
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
