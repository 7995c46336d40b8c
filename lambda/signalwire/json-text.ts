/**
 * Parts of JSON's grammar (RFC 8259) as regular expressions: that of a log as the API writes it, with one blank at most
 * after a comma or a colon. What they match is JSON without doubt; what they don't match may be, too.
 */
const STRING = String.raw`"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"`;
const NUMBER = String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?`;
const SCALAR = `(?:${STRING}|${NUMBER}|true|false|null)`;
const FLAT_OBJECT = objectOf(SCALAR);
const LIST = String.raw`\[(?:${separated(`(?:${SCALAR}|${FLAT_OBJECT})`)})?\]`;

/** Any value. */
export const VALUE = `(?:${SCALAR}|${LIST}|${FLAT_OBJECT})`;
/** A string without escapes, whose characters are captured, or null, where nothing is. */
export const TEXT = String.raw`(?:"([^"\\\x00-\x1f]*)"|null)`;
/** A number, or one in a string, captured as it stands there. */
export const AMOUNT = `(${NUMBER}|"${NUMBER}")`;

/** The number that AMOUNT has captured, without the quotes that it may stand in. */
export function amountIn(captured: string): string {
  return captured.startsWith('"') ? captured.slice(1, -1) : captured;
}

/** An object whose members are any values. */
export const OBJECT = objectOf(VALUE);

/** An object with these very members, in this order. */
export function objectWith(members: readonly (readonly [name: string, value: string])[]): string {
  const parts = members.map(([name, value]) => `${literally(JSON.stringify(name))}: ?${value}`);
  return String.raw`\{${parts.join(', ?')}\}`;
}

function objectOf(value: string): string {
  return String.raw`\{(?:${separated(`${STRING}: ?${value}`)})?\}`;
}

function separated(item: string): string {
  return `${item}(?:, ?${item})*`;
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
