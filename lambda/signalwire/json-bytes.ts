import {
  BACKSLASH,
  BLANK,
  BRACE,
  BRACKET,
  CAPITAL_E,
  COLON,
  COMMA,
  E,
  END_BRACE,
  END_BRACKET,
  F,
  MINUS,
  N,
  NINE,
  PLUS,
  POINT,
  QUOTE,
  SLASH,
  T,
  ZERO,
} from '../ascii.ts';
import { below, equalTo, HIGHEST_BITS } from '../four-bytes.ts';

/**
 * Finds where JSON values (RFC 8259) end in UTF-8 bytes. What these functions accept is certainly JSON; what they
 * reject may be JSON too, but written in a way that the API does not use.
 */

/** No log is nested more deeply than this. */
const DEEPEST = 8;

/** The bytes at which a string's characters end, or an escape begins. */
const ENDS_CHARACTERS = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte < BLANK || byte === QUOTE || byte === BACKSLASH),
);
/** The bytes that are not plain: plain text is the same in CSV as in JSON. */
const ODD = ENDS_CHARACTERS.map((ends, byte) => Number(ends === 1 || byte === COMMA || byte > 0x7f));

/**
 * Finds the end of a string's characters, all of which are plain: ASCII, but no escapes, commas or control characters.
 *
 * @param view of the same bytes: reading four at once takes half the time
 * @param at where the characters begin
 * @returns where the closing quote is; -1 if the characters end in any other way
 */
export function endOfPlain(bytes: Buffer, view: DataView, at: number): number {
  let end = at;
  while (end <= view.byteLength - 4 && !holdsOdd(view.getInt32(end, true))) end += 4;
  while (ODD[bytes[end] ?? 0] === 0) end += 1;
  return bytes[end] === QUOTE ? end : -1;
}

/** Whether one of four bytes is not plain. */
function holdsOdd(four: number): boolean {
  const found =
    equalTo(QUOTE, four) | equalTo(BACKSLASH, four) | equalTo(COMMA, four) | below(BLANK, four) | four;
  return (found & HIGHEST_BITS) !== 0;
}

/**
 * Finds the end of a string's characters, which may be any but escapes.
 *
 * @param at where the characters begin
 * @returns where the closing quote is; -1 if the characters end in any other way
 */
export function endOfCharacters(bytes: Buffer, at: number): number {
  const end = afterCharacters(bytes, at);
  return bytes[end] === QUOTE ? end : -1;
}

function afterCharacters(bytes: Buffer, at: number): number {
  let end = at;
  while (ENDS_CHARACTERS[bytes[end] ?? 0] === 0) end += 1;
  return end;
}

/**
 * Finds the end of the value that begins at a position.
 *
 * @returns the position after it; -1 if there is no value
 */
export function endOfValue(bytes: Buffer, at: number, depth = DEEPEST): number {
  switch (bytes[at]) {
    case QUOTE:
      return endOfString(bytes, at);
    case BRACE:
      return endOfList(bytes, at, END_BRACE, true, depth - 1);
    case BRACKET:
      return endOfList(bytes, at, END_BRACKET, false, depth - 1);
    case T:
      return endOfLiteral(bytes, at, TRUE);
    case F:
      return endOfLiteral(bytes, at, FALSE);
    case N:
      return endOfLiteral(bytes, at, NULL);
    case undefined:
      return -1;
    default:
      return endOfNumber(bytes, at);
  }
}

const [TRUE, FALSE, NULL] = [Buffer.from('true'), Buffer.from('false'), Buffer.from('null')] as const;

/** @returns the position after exactly these bytes; -1 if there are others */
export function endOfLiteral(bytes: Buffer, at: number, literal: Uint8Array): number {
  for (let index = 0; index < literal.length; index += 1) {
    if (bytes[at + index] !== literal[index]) return -1;
  }
  return at + literal.length;
}

/** @returns the position after a blank if there is one, otherwise the same position */
export function afterBlank(bytes: Buffer, at: number): number {
  return bytes[at] === BLANK ? at + 1 : at;
}

/** @returns the position after a comma and at most one blank; -1 if there is no comma */
export function afterComma(bytes: Buffer, at: number): number {
  return bytes[at] === COMMA ? afterBlank(bytes, at + 1) : -1;
}

/** @returns the position after a member's name, its colon and at most one blank; -1 if there is no name */
export function afterName(bytes: Buffer, at: number): number {
  const end = bytes[at] === QUOTE ? endOfString(bytes, at) : -1;
  return end !== -1 && bytes[end] === COLON ? afterBlank(bytes, end + 1) : -1;
}

/** The end of an object or a list. */
function endOfList(bytes: Buffer, at: number, last: number, isObject: boolean, depth: number): number {
  if (depth < 0) return -1;
  if (bytes[at + 1] === last) return at + 2;
  let place = at + 1;
  while (place !== -1) {
    const value = isObject ? afterName(bytes, place) : place;
    const end = value === -1 ? -1 : endOfValue(bytes, value, depth);
    if (end === -1) return -1;
    if (bytes[end] === last) return end + 1;
    place = afterComma(bytes, end);
  }
  return -1;
}

function endOfString(bytes: Buffer, at: number): number {
  let end = at + 1;
  for (;;) {
    end = afterCharacters(bytes, end);
    if (bytes[end] === QUOTE) return end + 1;
    if (bytes[end] !== BACKSLASH) return -1;
    const length = lengthOfEscape(bytes, end);
    if (length === 0) return -1;
    end += length;
  }
}

const ESCAPED = new Set([QUOTE, BACKSLASH, SLASH, ...Buffer.from('bfnrt')]);

function lengthOfEscape(bytes: Buffer, at: number): number {
  if (ESCAPED.has(bytes[at + 1] ?? 0)) return 2;
  return /^\\u[0-9a-fA-F]{4}$/.test(bytes.toString('latin1', at, at + 6)) ? 6 : 0;
}

function endOfNumber(bytes: Buffer, at: number): number {
  const whole = bytes[at] === MINUS ? at + 1 : at;
  let end = afterDigits(bytes, whole);
  if (end === whole || (bytes[whole] === ZERO && end > whole + 1)) return -1;
  if (bytes[end] === POINT) {
    const fraction = end + 1;
    end = afterDigits(bytes, fraction);
    if (end === fraction) return -1;
  }
  if (bytes[end] === E || bytes[end] === CAPITAL_E) {
    const sign = bytes[end + 1];
    const exponent = sign === PLUS || sign === MINUS ? end + 2 : end + 1;
    end = afterDigits(bytes, exponent);
    if (end === exponent) return -1;
  }
  return end;
}

function afterDigits(bytes: Buffer, at: number): number {
  let end = at;
  while (isDigit(bytes[end] ?? 0)) end += 1;
  return end;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}
