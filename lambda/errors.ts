/**
 * The failures that an operator can meet. Each is thrown out of the handler, so that the invocation is recorded
 * as failed; its name is what alarms and runbooks refer to, its message says what to do next.
 *
 * No message may carry a secret, and `cause` is never set to an error that holds a request: HTTP clients attach
 * the headers, and with them the credentials.
 */
export abstract class CostReportError extends Error {
  // Written out in each class: minifying renames classes, and the name is part of the contract.
  abstract override readonly name: string;
}

/** The event is none that the function knows, or its day is malformed, today or later. Nothing was requested. */
export class InvalidEventError extends CostReportError {
  override readonly name = 'InvalidEventError';
}

/** A setting is missing or wrong. Nothing was requested. */
export class InvalidConfigurationError extends CostReportError {
  override readonly name = 'InvalidConfigurationError';
}

/** The secret is missing, unreadable or malformed. */
export class SecretError extends CostReportError {
  override readonly name = 'SecretError';
}

/** SignalWire understood the request and refuses it; repeating it would not help. */
export class SignalWireRejectedError extends CostReportError {
  override readonly name = 'SignalWireRejectedError';
}

/** SignalWire could not be reached or did not answer whole, after all tries. */
export class SignalWireUnavailableError extends CostReportError {
  override readonly name = 'SignalWireUnavailableError';
}

/** SignalWire answered something that must not be trusted with money. */
export class SignalWireInvalidResponseError extends CostReportError {
  override readonly name = 'SignalWireInvalidResponseError';
}

/** S3 refused, or another run kept winning. No mail is sent after it. */
export class ArchiveError extends CostReportError {
  override readonly name = 'ArchiveError';
}

/** SES definitely did not take the mail. The archive stays; the next run mails from it. */
export class EmailRejectedError extends CostReportError {
  override readonly name = 'EmailRejectedError';
}

/** SES may have taken the mail: nobody can tell. */
export class EmailOutcomeUnknownError extends CostReportError {
  override readonly name = 'EmailOutcomeUnknownError';
}

/** Too little time was left to begin the next step safely; nothing was left half done. */
export class OutOfTimeError extends CostReportError {
  override readonly name = 'OutOfTimeError';
}

/** What a failure before the archive leaves behind. */
export const NOTHING_STORED = 'Nothing of the day was stored or mailed.';

/** The same, where it mends itself. */
export const READ_AGAIN_LATER = `${NOTHING_STORED} The next run reads the day again.`;

/** What went wrong, without a stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The same with the name before it: `Error: what went wrong`. */
export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** What an error is called. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}
