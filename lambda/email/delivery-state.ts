/** Until a claim without an outcome is this old, another run counts as working on it; then its outcome is unknown. */
export const CLAIM_HOLDS_MS = 20 * 60_000;

/** One attempt to mail a report, as the journal records it. */
export type Attempt =
  | { readonly kind: 'taken'; readonly messageId: string }
  | { readonly kind: 'refused' }
  /** No outcome recorded: the run is still working, could not find out, or was ended. `claimedAt`: epoch, in ms. */
  | { readonly kind: 'open'; readonly claimedAt: number };

/** The state of a mail. `attempts` is the number of attempts so far at the mail itself. */
export type DeliveryState =
  | { readonly kind: 'unclaimed'; readonly attempts: 0 }
  /** A run claimed it less than 20 minutes ago and may be sending it right now. */
  | { readonly kind: 'claimed' }
  | { readonly kind: 'delivered'; readonly messageId: string }
  /** SES accepted none of the attempts. */
  | { readonly kind: 'refused'; readonly attempts: number }
  /** Exactly one attempt may have reached SES. */
  | { readonly kind: 'unknown'; readonly attempts: number }
  /** Two or more attempts may have reached SES: yet another mail would be a nuisance. */
  | { readonly kind: 'given-up' };

/**
 * The state that follows from the attempts so far, whatever their order.
 *
 * @param own attempts at the mail itself
 * @param resends attempts at sending the same report once more on request
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
