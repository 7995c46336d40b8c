/** A definite refusal: SES has not accepted the mail. */
export interface SesRefusal {
  /** For example MessageRejected, Throttling or AccountSendingPausedException. */
  readonly code: string;
  readonly message: string;
  /** @default 400 */
  readonly status?: number;
}

/** The refusal of a malformed call. */
export function invalidParameter(message: string): SesRefusal {
  return { code: 'InvalidParameterValue', message };
}
