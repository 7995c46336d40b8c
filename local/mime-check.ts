import { invalidParameter, type SesRefusal } from './ses-refusal.ts';

/** Headers that a message may have only once (RFC 5322, 3.6); a second one indicates header injection. */
const SINGLE_HEADERS = new Set([
  'from',
  'sender',
  'reply-to',
  'to',
  'cc',
  'bcc',
  'subject',
  'date',
  'message-id',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
]);

/** RFC 5322, 2.1.1, not counting the line break. */
const MAXIMUM_LINE_BYTES = 998;

/**
 * What SES would find wrong with a raw message: malformed headers, a missing or repeated header, lines too long for
 * SMTP, or non-ASCII bytes in the headers.
 *
 * @returns null if nothing is wrong
 */
export function findMessageFault(raw: Buffer): SesRefusal | null {
  const text = raw.toString('latin1');
  if (text.split(/\r?\n/).some((line) => line.length > MAXIMUM_LINE_BYTES)) {
    return invalidParameter(`A line is longer than ${MAXIMUM_LINE_BYTES} bytes.`);
  }
  const end = /\r?\n\r?\n/.exec(text);
  if (end === null) return invalidParameter('The headers do not end.');
  const head = text.slice(0, end.index);

  if (/[^\x09\x0a\x0d\x20-\x7e]/.test(head)) return invalidParameter('The headers are not plain ASCII.');
  const names = head
    .replaceAll(/\r?\n[ \t]/g, ' ')
    .split(/\r?\n/)
    .map((line) => /^([!-9;-~]+):/.exec(line)?.[1]?.toLowerCase());
  if (names.includes(undefined)) return invalidParameter('A header has no name.');
  if (!names.includes('from')) return invalidParameter("Missing required header 'From'.");
  const repeated = names.find(
    (name, index) => name !== undefined && SINGLE_HEADERS.has(name) && names.indexOf(name) !== index,
  );
  return repeated === undefined ? null : invalidParameter(`Duplicate header '${repeated}'.`);
}
