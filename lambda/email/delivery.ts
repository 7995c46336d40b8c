import { type Deadline, requireTime, RESERVED_MS } from '../deadline.ts';
import { ArchiveError, EmailOutcomeUnknownError, EmailRejectedError } from '../errors.ts';
import type { Advice } from './advice.ts';
import type { DeliveryJournal } from './delivery-journal.ts';

/** A mail, ready to be sent. */
export interface Message {
  /** Bare address. */
  readonly from: string;
  /** Bare addresses. */
  readonly to: readonly string[];
  /** The whole message, in the format of RFC 5322. */
  readonly raw: Buffer;
}

/** Sends a mail, at most once. */
export interface Mailer {
  /**
   * @returns the message id of the accepted mail
   * @throws EmailRejectedError if it definitely was not accepted, EmailOutcomeUnknownError if that is unknown
   */
  send(message: Message): Promise<string>;
}

/** What sending requires. */
export interface DeliveryMeans {
  readonly mailer: Mailer;
  readonly deadline: Deadline;
  /** The current time, in milliseconds since the epoch. */
  readonly now: () => number;
}

export type Delivery =
  | { readonly status: 'delivered' | 'already-delivered'; readonly messageId: string }
  /** Another run is sending it, or was a moment ago. */
  | { readonly status: 'delivery-in-progress' };

/**
 * Mails a report once. Sending mail is not transactional, so each attempt is claimed by creating an object that only
 * one run can create, and ends with a receipt or a refusal beside it.
 *
 * @param advice for the operator, if the mail is not sent as it should be
 * @param composeMessage makes the mail; `possibleRepeat` means that an earlier one may have arrived
 * @throws EmailRejectedError, EmailOutcomeUnknownError, ArchiveError, OutOfTimeError
 */
export async function deliverOnce(
  journal: DeliveryJournal,
  { mailer, deadline, now }: DeliveryMeans,
  advice: Advice,
  composeMessage: (possibleRepeat: boolean) => Promise<Message>,
): Promise<Delivery> {
  const state = await journal.read(now());
  if (state.kind === 'delivered') return { status: 'already-delivered', messageId: state.messageId };
  if (state.kind === 'claimed') return { status: 'delivery-in-progress' };
  if (state.kind === 'given-up') {
    throw new EmailOutcomeUnknownError(
      `After two attempts it is unknown whether SES accepted the mail. ${advice.unknownTwice}`,
    );
  }

  const possibleRepeat = state.kind === 'unknown';
  const attempt = state.attempts + 1;
  const message = await composeMessage(possibleRepeat);
  requireTime(deadline, RESERVED_MS.email, 'the mail', advice.refused);
  if (!(await claimed(journal, attempt, now()))) return { status: 'delivery-in-progress' };
  try {
    const messageId = await sendClaimed(journal, attempt, message, { mailer, deadline }, advice);
    return { status: 'delivered', messageId };
  } catch (error) {
    if (error instanceof EmailOutcomeUnknownError) {
      error.message += ` ${possibleRepeat ? advice.unknownTwice : advice.unknown}`;
    }
    throw error;
  }
}

async function claimed(journal: DeliveryJournal, attempt: number, now: number): Promise<boolean> {
  try {
    return await journal.claim(attempt, now);
  } catch (error) {
    if (error instanceof ArchiveError) {
      error.message +=
        ' If the claim was stored after all, the mail counts as being sent for the next 20 minutes.';
    }
    throw error;
  }
}

async function sendClaimed(
  journal: DeliveryJournal,
  attempt: number,
  message: Message,
  { mailer, deadline }: Pick<DeliveryMeans, 'mailer' | 'deadline'>,
  { refused }: Advice,
): Promise<string> {
  let messageId: string;
  try {
    await journal.keepMessage(attempt, message.raw);
    // If time ran out during the call, nobody would know whether the mail was sent.
    requireTime(deadline, RESERVED_MS.send, 'the call to SES', refused);
    messageId = await mailer.send(message);
  } catch (error) {
    if (error instanceof EmailOutcomeUnknownError || !(error instanceof Error)) throw error;
    if (error instanceof EmailRejectedError) error.message += ` ${refused}`;
    // Certainly not sent: once that is recorded, the next run may try again immediately.
    await journal.refusal(attempt, String(error)).catch((unrecorded: unknown) => {
      error.message +=
        ` This could not be recorded either (${String(unrecorded)}): the mail counts as being sent for ` +
        'the next 20 minutes.';
    });
    throw error;
  }
  try {
    await journal.receipt(attempt, messageId);
  } catch (error) {
    throw new EmailOutcomeUnknownError(
      `SES accepted the mail as ${messageId}, but that could not be recorded (${String(error)}), so later runs ` +
        "don't know it.",
    );
  }
  return messageId;
}
