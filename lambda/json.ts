/** @returns null where the text is no JSON: what it should be is checked next, and null is nothing of it */
export function parseJsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
