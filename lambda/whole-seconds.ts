/**
 * An instant at a whole second, as SignalWire and FOCUS write it: `YYYY-MM-DDTHH:mm:ssZ`.
 *
 * @param instant milliseconds since the epoch
 */
export function toWholeSeconds(instant: number): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}
