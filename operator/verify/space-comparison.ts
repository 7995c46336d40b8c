import { wouldRestate } from '../../lambda/archive/revisions.ts';
import type { Manifest } from '../../lambda/archive/manifest.ts';
import { billingDay } from '../../lambda/billing-day.ts';
import { type ClosedBooks, DayBooks } from '../../lambda/charges/day-books.ts';
import type { LineItem } from '../../lambda/charges/line-item.ts';
import { formatExact } from '../../lambda/charges/money.ts';
import type { Settings } from '../../lambda/environment.ts';
import { SignalWireRejectedError } from '../../lambda/errors.ts';
import type { SignalWireClient } from '../../lambda/signalwire/client.ts';
import { readDay } from '../../lambda/signalwire/day-reading.ts';
import { logChanges, tellChanges } from '../../lambda/charges/changes.ts';

/** What reading the space takes. */
export interface Space {
  readonly settings: Pick<Settings, 'spaceUrl' | 'space' | 'readInWindows'>;
  readonly signalWire: SignalWireClient;
}

/**
 * Reads a day from SignalWire as it is told now and compares it with the archive. Writes nothing.
 *
 * @param lineItems those that are archived
 * @returns what differs, in plain words
 * @throws SignalWireRejectedError: the same would happen on every other day
 */
export async function compareWithSpace(
  manifest: Manifest,
  lineItems: readonly LineItem[],
  { settings, signalWire }: Space,
): Promise<string[]> {
  const { day, timeZone, space, currency } = manifest;
  if (space !== settings.space)
    return [`archived from the space ${space}, SIGNALWIRE_SPACE_URL is ${settings.space}`];
  try {
    const account = { projectId: await signalWire.projectId(), space, currency };
    const period = billingDay(day, timeZone);
    const newBooks = (): DayBooks => new DayBooks(account);
    // That a day takes longer to read is nothing that the archive could be blamed for.
    const manner = { windows: settings.readInWindows, onNotice: () => undefined };
    const books = await readDay(signalWire.getPage, settings.spaceUrl, period, newBooks, manner);
    const told = books.close();
    // As a restatement would do it: charges that SignalWire no longer tells stand.
    books.carryForward(lineItems, manifest.revision);
    return differences(manifest, lineItems, told, books.close());
  } catch (error) {
    if (error instanceof SignalWireRejectedError) throw error;
    return [`SignalWire could not be read (${String(error)})`];
  }
}

/**
 * @param told what SignalWire tells now
 * @param restated what the archive would hold after a restatement
 */
function differences(
  manifest: Manifest,
  lineItems: readonly LineItem[],
  told: ClosedBooks,
  restated: ClosedBooks,
): string[] {
  if (!wouldRestate(manifest, restated)) return [];
  const { currency } = manifest;
  const { charge, sessions, inProgressSessions } = restated.charges;
  return [
    `SignalWire tells ${formatExact(told.charges.charge)} ${currency} now: ` +
      `${tellChanges(logChanges(lineItems, restated.lineItems))}; restated, the day is ${formatExact(charge)} ` +
      `${currency} for ${sessions} sessions, ${inProgressSessions} of them in progress`,
  ];
}
