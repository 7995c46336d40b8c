/**
 * Where a day's objects are in the archive. Keys never change: accounting's links and every reader depend on them.
 */
export function roomChargesKey(day: string): string {
  return `room-charges/day=${day}/room-charges.csv`;
}

export function lineItemsKey(day: string): string {
  return `line-items/day=${day}/line-items.csv`;
}

/** Prefix of the manifests, one for each day. */
export const MANIFESTS = 'manifests/';

/** The commit point: a day is archived when, and only when, this object exists. */
export function manifestKey(day: string): string {
  return `${MANIFESTS}day=${day}.json`;
}

/** Prefix of the mails' journals, one folder for each day. */
export const EMAILS = 'emails/';

/** Prefix of the claims, receipts and messages of the day's one mail. */
export function emailsPrefix(day: string): string {
  return `${EMAILS}day=${day}/`;
}

/** The day of an object under `emails/`, and its name below that day's prefix; null for any other key. */
export function parseEmailKey(key: string): { readonly day: string; readonly name: string } | null {
  const [, day = '', name = ''] = /^emails\/day=(\d{4}-\d{2}-\d{2})\/(.+)$/.exec(key) ?? [];
  return day === '' ? null : { day, name };
}

/** The same for a mail sent once more on request. An event that Lambda delivers twice keeps its request id. */
export function resendPrefix(day: string, requestId: string): string {
  return `${emailsPrefix(day)}resend-${requestId}/`;
}
