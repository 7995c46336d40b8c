/** A definite refusal: SES has not taken the mail. */
export interface SesRefusal {
  /** Such as MessageRejected, Throttling or AccountSendingPausedException. */
  readonly code: string;
  readonly message: string;
  /** @default 400 */
  readonly status?: number;
}

/** The refusal of a call that is malformed. */
export function invalidParameter(message: string): SesRefusal {
  return { code: 'InvalidParameterValue', message };
}
