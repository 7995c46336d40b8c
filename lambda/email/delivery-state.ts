/** A claim without an outcome is another run at work, until it is this old; then its outcome is unknown. */
export const CLAIM_HOLDS_MS = 20 * 60_000;

/** One attempt to mail a report, as the journal tells it. */
export interface Attempt {
  /** Milliseconds since the epoch. */
  readonly claimedAt: number;
  /** Null where nothing was recorded: the run is at it, could not tell, or was ended. */
  readonly outcome:
    { readonly kind: 'taken'; readonly messageId: string } | { readonly kind: 'refused' } | null;
}

/** Where a mail stands. */
export type DeliveryState =
  | { readonly kind: 'unclaimed' }
  /** A run has claimed it less than 20 minutes ago and may be sending it this moment. */
  | { readonly kind: 'claimed' }
  | { readonly kind: 'delivered'; readonly messageId: string }
  /** The last attempt was refused; an earlier one may have reached SES where `mayHaveArrived`. */
  | { readonly kind: 'refused'; readonly attempts: number; readonly mayHaveArrived: boolean }
  /** The last attempt may have reached SES; no other one did so far. */
  | { readonly kind: 'unknown'; readonly attempts: number }
  /** Two attempts may have reached SES: a third mail would be a nuisance. */
  | { readonly kind: 'given-up' };

/**
 * The state that the attempts so far amount to.
 *
 * @param attempts the first one first
 * @param now milliseconds since the epoch
 */
export function stateOf(attempts: readonly Attempt[], now: number): DeliveryState {
  let unknown = 0;
  for (const { claimedAt, outcome } of attempts) {
    if (outcome?.kind === 'taken') return { kind: 'delivered', messageId: outcome.messageId };
    if (outcome?.kind === 'refused') continue;
    if (now - claimedAt < CLAIM_HOLDS_MS) return { kind: 'claimed' };
    unknown += 1;
  }
  if (attempts.length === 0) return { kind: 'unclaimed' };
  if (unknown > 1) return { kind: 'given-up' };
  return attempts.at(-1)?.outcome === null
    ? { kind: 'unknown', attempts: attempts.length }
    : { kind: 'refused', attempts: attempts.length, mayHaveArrived: unknown === 1 };
}

/** The states in which a run may send the mail. */
export type OpenState = Extract<DeliveryState, { kind: 'unclaimed' | 'refused' | 'unknown' }>;

/** The attempt that a run may make. */
export interface NextAttempt {
  /** From 1. */
  readonly number: number;
  /** An earlier attempt may have arrived: the mail says so. */
  readonly possibleRepeat: boolean;
}

export function nextAttempt(state: OpenState): NextAttempt {
  switch (state.kind) {
    case 'unclaimed':
      return { number: 1, possibleRepeat: false };
    case 'refused':
      return { number: state.attempts + 1, possibleRepeat: state.mayHaveArrived };
    case 'unknown':
      return { number: state.attempts + 1, possibleRepeat: true };
  }
}
