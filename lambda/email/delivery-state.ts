/** A claim without an outcome is another run at work, until it is this old; then its outcome is unknown. */
export const CLAIM_HOLDS_MS = 20 * 60_000;

/** One attempt to mail a report, as the journal tells it. */
export type Attempt =
  | { readonly kind: 'taken'; readonly messageId: string }
  | { readonly kind: 'refused' }
  /** Nothing was recorded: the run is at it, could not tell, or was ended. `claimedAt`: milliseconds since the epoch. */
  | { readonly kind: 'open'; readonly claimedAt: number };

/** Where a mail stands. `attempts` counts those that the next one comes after. */
export type DeliveryState =
  | { readonly kind: 'unclaimed'; readonly attempts: 0 }
  /** A run has claimed it less than 20 minutes ago and may be sending it this moment. */
  | { readonly kind: 'claimed' }
  | { readonly kind: 'delivered'; readonly messageId: string }
  /** SES took none of the attempts. */
  | { readonly kind: 'refused'; readonly attempts: number }
  /** One attempt may have reached SES; no other one did. */
  | { readonly kind: 'unknown'; readonly attempts: number }
  /** Two attempts may have reached SES: a third mail would be a nuisance. */
  | { readonly kind: 'given-up' };

/**
 * The state that the attempts so far amount to, in whatever order they were made.
 *
 * @param own the attempts at the mail itself
 * @param resends those at sending the same report once more on purpose
 * @param now milliseconds since the epoch
 */
export function stateOf(own: readonly Attempt[], resends: readonly Attempt[], now: number): DeliveryState {
  const all = [...own, ...resends];
  const taken = all.find((attempt) => attempt.kind === 'taken');
  if (taken !== undefined) return { kind: 'delivered', messageId: taken.messageId };
  const open = all.filter((attempt) => attempt.kind === 'open');
  if (open.some(({ claimedAt }) => now - claimedAt < CLAIM_HOLDS_MS)) return { kind: 'claimed' };
  if (open.length > 1) return { kind: 'given-up' };
  if (open.length === 1) return { kind: 'unknown', attempts: own.length };
  return all.length === 0 ? { kind: 'unclaimed', attempts: 0 } : { kind: 'refused', attempts: own.length };
}
