import * as z from 'zod';
import { CAPITAL_T, CAPITAL_Z, COLON, ZERO } from '../ascii.ts';
import type { PageText } from './page-text.ts';

const INSTANT = z.regexes.datetime({ offset: true });
const WHOLE_SECOND = 'YYYY-MM-DDTHH:mm:ssZ';

/**
 * Reads ISO 8601 instants from their bytes. If most have the same date as the one before, it takes a tenth of the time
 * of Date.parse.
 */
export class InstantReader {
  // `YYYY-MM-DD` of the instant before, as numbers of four, four and two bytes.
  #year = 0;
  #month = 0;
  #day = 0;
  #midnight = NaN;

  /**
   * @param from the first byte
   * @param to the byte after the last one
   * @returns milliseconds since the epoch; NaN if it is not an instant
   */
  read({ bytes, view }: PageText, from: number, to: number): number {
    if (to - from !== WHOLE_SECOND.length || bytes[from + 10] !== CAPITAL_T || bytes[to - 1] !== CAPITAL_Z)
      return readInstant(bytes.toString('latin1', from, to));
    const year = view.getInt32(from);
    const month = view.getInt32(from + 4);
    const day = view.getInt16(from + 8);
    if (day !== this.#day || month !== this.#month || year !== this.#year) {
      const midnight = readInstant(`${bytes.toString('latin1', from, from + 10)}T00:00:00Z`);
      if (Number.isNaN(midnight)) return NaN;
      this.#year = year;
      this.#month = month;
      this.#day = day;
      this.#midnight = midnight;
    }
    if (bytes[from + 13] !== COLON || bytes[from + 16] !== COLON) return NaN;
    const seconds = twoDigits(bytes, from + 11, 24) * 3600 + twoDigits(bytes, from + 14, 60) * 60;
    return this.#midnight + (seconds + twoDigits(bytes, from + 17, 60)) * 1000;
  }
}

/** @returns milliseconds since the epoch; NaN if it is not an instant */
function readInstant(text: string): number {
  return INSTANT.test(text) ? Date.parse(text) : NaN;
}

/** @returns NaN if there are not two digits, or their number is not below the limit */
function twoDigits(bytes: Buffer, at: number, limit: number): number {
  const tens = (bytes[at] ?? 0) - ZERO;
  const ones = (bytes[at + 1] ?? 0) - ZERO;
  const isNumber = tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9;
  return isNumber && tens * 10 + ones < limit ? tens * 10 + ones : NaN;
}
