import MailComposer from 'nodemailer/lib/mail-composer';
import type { Mailbox } from '../environment.ts';
import type { Message } from './delivery.ts';
import { htmlBody } from './html-body.tsx';
import type { Summary } from './summary.ts';
import { textBody } from './text-body.ts';

/**
 * Makes the mail from a summary: text and HTML, and the file if it is to be attached. The composer encodes every
 * header, so that nothing in a subject or a name can start a header of its own.
 *
 * @param roomCharges the bytes of room-charges.csv
 * @param date of the message, milliseconds since the epoch
 */
export async function composeMessage(
  summary: Summary,
  roomCharges: Buffer,
  { from, to }: { from: Mailbox; to: readonly string[] },
  date: number,
): Promise<Message> {
  const composer = new MailComposer({
    from,
    to: [...to],
    subject: summary.subject,
    date: new Date(date),
    text: textBody(summary),
    html: htmlBody(summary),
    attachments: summary.isFileAttached
      ? [{ filename: 'room-charges.csv', contentType: 'text/csv; charset=utf-8', content: roomCharges }]
      : [],
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return { from: from.address, to, raw: await composer.compile().build() };
}
