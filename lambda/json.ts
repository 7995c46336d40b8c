/** @returns null if the text is not JSON: callers check the value's shape next, which rejects null */
export function parseJsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
