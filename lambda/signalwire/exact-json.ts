/** A number as it stood in the JSON text: `0.10` stays `0.10`, and twenty digits stay twenty digits. */
export interface NumberText {
  readonly rawJSON: string;
}

// ECMAScript 2026, in Node since version 22: the reviver is handed the source text, and `rawJSON` keeps a text
// that `JSON.stringify` writes back unchanged. TypeScript's declarations do not know of either yet.
interface JsonWithSource {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source: string }) => unknown,
  ): unknown;
  rawJSON(text: string): NumberText;
  isRawJSON(value: unknown): boolean;
}
const Json = JSON as unknown as JsonWithSource;

/**
 * Parses JSON without turning its numbers into floats: one that did so has lost amounts before anybody could add
 * them. Written out again by `JSON.stringify`, the numbers are the very ones that came in.
 *
 * @throws SyntaxError where the text is no JSON
 */
export function parseExactJson(text: string): unknown {
  return Json.parse(text, (_key, value, { source }) =>
    typeof value === 'number' ? Json.rawJSON(source) : value,
  );
}

export function isNumberText(value: unknown): value is NumberText {
  return Json.isRawJSON(value);
}
