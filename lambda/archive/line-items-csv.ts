import { StringDecoder } from 'node:string_decoder';
import { parse } from 'csv-parse/sync';
import {
  type BillingAccount,
  LINE_ITEM_COLUMNS,
  type LineItem,
  type LogCharge,
} from '../charges/line-item.ts';
import { parseExactJson } from '../signalwire/exact-json.ts';
import type { SessionLog } from '../signalwire/video-log.ts';
import { toWholeSeconds } from '../whole-seconds.ts';

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
  readonly #account: string;
  readonly #month = new BillingMonth();

  constructor({ projectId, space, currency }: BillingAccount) {
    this.#account = [projectId, space, currency].map(cell).join();
  }

  /**
   * The columns are those of LINE_ITEM_COLUMNS; the API gives one price for every kind of cost.
   *
   * @param charges those that `itemize` finds in the log
   */
  rowsOf(log: SessionLog, charges: readonly LogCharge[]): string {
    const { type, source, status, locked, url, createdAt, startedAt, endedAt, chargeDetails } = log.asSent;
    const account = `,${this.#account},${this.#month.of(log.createdAt)},Usage,,`;
    const period = `,Usage-Based,${chargePeriod(log)},`;
    const session =
      `${SERVICE}${cell(log.id)},${cell(type)},${cell(source)},${cell(log.roomName ?? '')},${cell(status)},` +
      `${cell(locked)},${cell(url)},${createdAt},${startedAt},${endedAt},`;
    let rows = '';
    for (const { charge, description, detailIndex } of charges) {
      const details = detailIndex === null ? cell(compact(chargeDetails)) : '';
      rows +=
        `${charge}${account}${cell(description)}${period}${charge},${charge},SignalWire,,SignalWire,${charge}` +
        `${session}${detailIndex ?? ''},${details},,${END}`;
    }
    return rows;
  }
}

const SERVICE = ',,,SignalWire,SignalWire,Media,SignalWire Video,SignalWire,Media Streaming,';

/** The first instants of the month of an instant and of the next one, UTC: the later one first, as the columns are. */
class BillingMonth {
  #start = NaN;
  #end = NaN;
  #cells = '';

  /** @param instant milliseconds since the epoch */
  of(instant: number): string {
    if (!(instant >= this.#start && instant < this.#end)) {
      const [year, month] = [new Date(instant).getUTCFullYear(), new Date(instant).getUTCMonth()];
      this.#start = Date.UTC(year, month);
      this.#end = Date.UTC(year, month + 1);
      this.#cells = `${toWholeSeconds(this.#end)},${toWholeSeconds(this.#start)}`;
    }
    return this.#cells;
  }
}

/**
 * When a charge began and ended, the end first, as the columns are. FOCUS knows no fractions of a second, and no empty
 * periods: down to the second, up to the second, and at least one second long.
 */
function chargePeriod({ createdAt, asSent: { startedAt, endedAt } }: SessionLog): string {
  if (isWholeSecond(startedAt) && isWholeSecond(endedAt) && startedAt < endedAt)
    return `${endedAt},${startedAt}`;
  const first = Math.floor((startedAt === '' ? createdAt : Date.parse(startedAt)) / 1000);
  const last = Math.max(endedAt === '' ? 0 : Math.ceil(Date.parse(endedAt) / 1000), first + 1);
  return `${toWholeSeconds(last * 1000)},${toWholeSeconds(first * 1000)}`;
}

function isWholeSecond(instant: string): boolean {
  return instant.length === 'YYYY-MM-DDTHH:mm:ssZ'.length && instant.endsWith('Z');
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
