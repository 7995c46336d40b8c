/** A number as it was written in the JSON text: `0.10` stays `0.10`, and twenty digits stay twenty digits. */
export interface NumberText {
  readonly rawJSON: string;
}

// ECMAScript 2026, in Node since version 22: the reviver receives the source text, and `rawJSON` holds a text that
// `JSON.stringify` writes back unchanged. TypeScript's declarations have neither yet.
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
 * Parses JSON without turning its numbers into floats, which would lose digits of amounts before they could be added.
 * `JSON.stringify` writes the numbers exactly as they came in.
 *
 * @throws SyntaxError if the text is not JSON
 */
export function parseExactJson(text: string): unknown {
  return Json.parse(text, (_key, value, { source }) =>
    typeof value === 'number' ? Json.rawJSON(source) : value,
  );
}

export function isNumberText(value: unknown): value is NumberText {
  return Json.isRawJSON(value);
}
