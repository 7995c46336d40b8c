import { type Deadline, requireTime, RESERVED_MS } from '../deadline.ts';
import { EmailOutcomeUnknownError } from '../errors.ts';
import type { DeliveryJournal } from './delivery-journal.ts';
import { nextAttempt } from './delivery-state.ts';

/** A mail, ready to be sent. */
export interface Message {
  /** Bare address. */
  readonly from: string;
  /** Bare addresses. */
  readonly to: readonly string[];
  /** The whole message, as RFC 5322 has it. */
  readonly raw: Buffer;
}

/** Sends a mail, at most once. */
export interface Mailer {
  /**
   * @returns the id under which the mail was taken
   * @throws EmailRejectedError where it definitely was not, EmailOutcomeUnknownError where nobody can tell
   */
  send(message: Message): Promise<string>;
}

/** What sending takes. */
export interface PostOffice {
  readonly mailer: Mailer;
  readonly deadline: Deadline;
  /** Milliseconds since the epoch, by the clock. */
  readonly now: () => number;
}

export type Delivery =
  | { readonly status: 'delivered' | 'already-delivered'; readonly messageId: string }
  /** Another run is at it, or was a moment ago. */
  | { readonly status: 'delivery-in-progress' };

const MAILED_FROM_ARCHIVE = 'The archive is complete; the next run mails from it';

/**
 * Mails a report, once. Mail has no transaction: so each attempt is claimed by creating an object that only one run
 * can create, and ends with a receipt or a refusal beside it.
 *
 * @param composeMessage makes the mail; `possibleRepeat` says that an earlier one may have arrived
 * @throws EmailRejectedError, EmailOutcomeUnknownError, ArchiveError, OutOfTimeError
 */
export async function deliverOnce(
  journal: DeliveryJournal,
  { mailer, deadline, now }: PostOffice,
  composeMessage: (possibleRepeat: boolean) => Promise<Message>,
): Promise<Delivery> {
  const state = await journal.read(now());
  if (state.kind === 'delivered') return { status: 'already-delivered', messageId: state.messageId };
  if (state.kind === 'claimed') return { status: 'delivery-in-progress' };
  if (state.kind === 'given-up') throw givenUp();

  const attempt = nextAttempt(state);
  const message = await composeMessage(attempt.possibleRepeat);
  requireTime(deadline, RESERVED_MS.email, 'the mail', MAILED_FROM_ARCHIVE);
  if (!(await journal.claim(attempt.number, now()))) return { status: 'delivery-in-progress' };
  const messageId = await sendClaimed(journal, attempt.number, message, { mailer, deadline });
  try {
    await journal.receipt(attempt.number, messageId);
  } catch (error) {
    throw new EmailOutcomeUnknownError(
      `SES took the mail as ${messageId}, but that could not be recorded (${String(error)}). The mail is out; ` +
        'a later run does not know, and may repeat it once, marked as a possible repeat.',
    );
  }
  return { status: 'delivered', messageId };
}

async function sendClaimed(
  journal: DeliveryJournal,
  attempt: number,
  message: Message,
  { mailer, deadline }: Pick<PostOffice, 'mailer' | 'deadline'>,
): Promise<string> {
  try {
    await journal.keepMessage(attempt, message.raw);
    // A call that is broken off for want of time is a mail of which nobody can tell.
    requireTime(deadline, RESERVED_MS.send, 'the call to SES', MAILED_FROM_ARCHIVE);
    return await mailer.send(message);
  } catch (error) {
    if (error instanceof EmailOutcomeUnknownError || !(error instanceof Error)) throw error;
    // Not sent for certain: the next run may try again at once, if it can be told so.
    await journal.refusal(attempt, String(error)).catch((unrecorded: unknown) => {
      error.message += ` Nor could this be recorded (${String(unrecorded)}): for 20 minutes the mail counts as under way.`;
    });
    throw error;
  }
}

function givenUp(): EmailOutcomeUnknownError {
  return new EmailOutcomeUnknownError(
    'Twice nobody could tell whether SES took the mail, so it is not sent again by itself. Look into the ' +
      'inbox; if it is not there, send the event for the day with "resend":"never arrived".',
  );
}
