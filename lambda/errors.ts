/**
 * The failures that an operator may see. Each is thrown by the handler, so that the invocation is recorded as
 * failed. Alarms and runbooks refer to its name; its message says what to do next.
 *
 * No message may contain a secret, and `cause` is never set to an error that holds a request: HTTP clients attach
 * the headers, and with them the credentials.
 */
export abstract class CostReportError extends Error {
  // Spelled out in each class: minifying renames classes, and the name is part of the contract.
  abstract override readonly name: string;
}

/** The event is unknown, or its day is malformed or not over yet. No request was made. */
export class InvalidEventError extends CostReportError {
  override readonly name = 'InvalidEventError';
}

/** A setting is missing or wrong. No request was made. */
export class InvalidConfigurationError extends CostReportError {
  override readonly name = 'InvalidConfigurationError';
}

/** The secret is missing, unreadable or malformed. */
export class SecretError extends CostReportError {
  override readonly name = 'SecretError';
}

/** SignalWire understood the request and refused it; repeating it would not help. */
export class SignalWireRejectedError extends CostReportError {
  override readonly name = 'SignalWireRejectedError';
}

/** SignalWire could not be reached or gave no complete answer, after all tries. */
export class SignalWireUnavailableError extends CostReportError {
  override readonly name = 'SignalWireUnavailableError';
}

/** SignalWire's answer can't be trusted where money is concerned. */
export class SignalWireInvalidResponseError extends CostReportError {
  override readonly name = 'SignalWireInvalidResponseError';
}

/** S3 refused, another run kept writing first, or the archive holds something invalid. No mail is sent after it. */
export class ArchiveError extends CostReportError {
  override readonly name = 'ArchiveError';
}

/** SES definitely did not accept the mail. The archive remains; the next run mails from it. */
export class EmailRejectedError extends CostReportError {
  override readonly name = 'EmailRejectedError';
}

/** SES may or may not have accepted the mail: there is no way to know. */
export class EmailOutcomeUnknownError extends CostReportError {
  override readonly name = 'EmailOutcomeUnknownError';
}

/** Too little time was left to begin the next step safely; nothing was left half done. */
export class OutOfTimeError extends CostReportError {
  override readonly name = 'OutOfTimeError';
}

/** What a failure before archiving leaves behind. */
export const NOTHING_STORED = 'Nothing was stored or mailed for the day.';

/** The same, for failures after which the next run may succeed. */
export const READ_AGAIN_LATER = `${NOTHING_STORED} The next run reads the day again.`;

/** What went wrong, without the stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The same, preceded by the error's name: `Error: what went wrong`. */
export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** An error's name. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}
