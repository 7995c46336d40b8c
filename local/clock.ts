/**
 * A clock that starts at the given instant and goes on at the pace of the real one.
 *
 * @param start ISO 8601 instant, such as 2026-11-23T06:00:00Z
 * @throws RangeError if `start` is no instant
 */
export function clockFrom(start: string): () => Date {
  const offset = new Date(start).getTime() - Date.now();
  if (Number.isNaN(offset)) throw new RangeError(`${start} is no ISO 8601 instant`);
  return () => new Date(Date.now() + offset);
}
