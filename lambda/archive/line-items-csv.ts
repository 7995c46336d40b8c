import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { LINE_ITEM_COLUMNS, type LineItem } from '../charges/line-item.ts';

/**
 * Writes line-items.csv: UTF-8 without BOM, RFC 4180 with CRLF, a header even where there are no rows, the rows in
 * the order given. Texts are those of the API, unguarded, for machines read this file; see `onOneLine` for the one
 * exception.
 */
export function writeLineItems(items: readonly LineItem[]): Buffer {
  const csv = stringify([...items], {
    columns: [...LINE_ITEM_COLUMNS],
    header: true,
    record_delimiter: '\r\n',
    cast: { string: onOneLine },
  });
  return Buffer.from(csv);
}

/**
 * Reads line-items.csv back.
 *
 * @throws Error where the bytes are no such file
 */
export function readLineItems(bytes: Buffer): LineItem[] {
  return parse(bytes, { columns: true, record_delimiter: '\r\n', cast: asItWas });
}

const VISIBLE: Readonly<Record<string, string>> = { '\n': '␊', '\r': '␍', '\u0001': '␁' };
const INVISIBLE: Readonly<Record<string, string>> = { '␊': '\n', '␍': '\r', '␁': '\u0001' };

/**
 * Athena's CSV reader takes every line break for the end of a row, quoted or not. So line breaks become the visible
 * signs ␊ and ␍, and those signs, where a text has them already, get a ␛ before them. So does U+0001, ␁: that reader
 * can't do without an escape character, and the tables give it this one.
 */
function onOneLine(text: string): string {
  return text.replace(/[\n\r\u0001␊␍␁␛]/g, (sign) => VISIBLE[sign] ?? `␛${sign}`);
}

function asItWas(text: string): string {
  return text.replace(/␛(.)|[␊␍␁]/gs, (sign, escaped?: string) => escaped ?? INVISIBLE[sign] ?? sign);
}
