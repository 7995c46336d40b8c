import { LineItemsFile } from '../../lambda/archive/line-items-file.ts';
import { type ReadDay, wouldRestate } from '../../lambda/archive/revisions.ts';
import type { Manifest } from '../../lambda/archive/manifest.ts';
import { billingDay } from '../../lambda/billing-day.ts';
import { archivedLogs } from '../../lambda/charges/archived-logs.ts';
import { describeChanges } from '../../lambda/charges/changes.ts';
import { DayBooks } from '../../lambda/charges/day-books.ts';
import { EarlierReading } from '../../lambda/charges/earlier-reading.ts';
import type { LineItem } from '../../lambda/charges/line-item.ts';
import { formatExact } from '../../lambda/money/money.ts';
import type { Settings } from '../../lambda/environment.ts';
import { SignalWireRejectedError } from '../../lambda/errors.ts';
import type { SignalWireClient } from '../../lambda/signalwire/client.ts';
import { readingManner } from '../../lambda/signalwire/date-reading.ts';
import { readDay, type Reading } from '../../lambda/signalwire/day-reading.ts';
import { NOWHERE } from './nowhere.ts';

/** What it takes to read the space. */
export interface Space {
  readonly settings: Pick<Settings, 'spaceUrl' | 'space' | 'readInWindows'>;
  readonly signalWire: SignalWireClient;
}

/**
 * Reads a day from SignalWire as it is listed now and compares it with the archive. Writes nothing.
 *
 * @param lineItems the archived ones
 * @returns what differs, in plain words
 * @throws SignalWireRejectedError, as every other day would be refused too
 */
export async function compareWithSpace(
  manifest: Manifest,
  lineItems: readonly LineItem[],
  { settings, signalWire }: Space,
): Promise<string[]> {
  const { day, timeZone, space, currency } = manifest;
  if (space !== settings.space)
    return [`archived from the space ${space}, but SIGNALWIRE_SPACE_URL is ${settings.space}`];
  try {
    const account = { projectId: await signalWire.projectId(), space, currency };
    const period = billingDay(day, timeZone);
    // Notices say that the reading takes longer or more memory, which says nothing about the archive.
    const manner = readingManner(settings, () => undefined);
    // As a restatement would do it: charges that SignalWire no longer lists are kept.
    const newBooks = (reading: Reading): DayBooks<LineItemsFile> => {
      const earlier = new EarlierReading(manifest.revision, archivedLogs(portions(lineItems)));
      return new DayBooks(reading, new LineItemsFile(NOWHERE, day, account), earlier);
    };
    const books = await readDay(signalWire.getPage, settings.spaceUrl, period, newBooks, manner);
    return differences(manifest, { books: books.close(), lineItems: await books.lines.close() });
  } catch (error) {
    if (error instanceof SignalWireRejectedError) throw error;
    return [`SignalWire could not be read (${String(error)})`];
  }
}

/** @param restated what the archive would hold after a restatement */
function differences(manifest: Manifest, restated: ReadDay): string[] {
  if (!wouldRestate(manifest, restated)) return [];
  const { currency } = manifest;
  const { charges, carriedForward, changes } = restated.books;
  const { charge, sessions, inProgressSessions } = charges;
  return [
    `SignalWire now lists ${formatExact(charge.minus(carriedForward))} ${currency}: ${describeChanges(changes)}; ` +
      `restated, the day would be ${formatExact(charge)} ${currency} for ${sessions} sessions, ` +
      `${inProgressSessions} of them in progress`,
  ];
}

async function* portions(lineItems: readonly LineItem[]): AsyncGenerator<readonly LineItem[]> {
  yield await Promise.resolve(lineItems);
}
