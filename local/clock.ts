/**
 * A clock that starts at the given instant and runs at the speed of the real one.
 *
 * @param start ISO 8601 instant, such as 2026-11-23T06:00:00Z
 * @throws RangeError if `start` is not an instant
 */
export function clockFrom(start: string): () => Date {
  const offset = new Date(start).getTime() - Date.now();
  if (Number.isNaN(offset)) throw new RangeError(`${start} is not an ISO 8601 instant`);
  return () => new Date(Date.now() + offset);
}
