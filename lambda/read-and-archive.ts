import { type ArchivedDay, findDay } from './archive/archived-day.ts';
import { earlierReading } from './archive/archived-line-items.ts';
import { LineItemsFile } from './archive/line-items-file.ts';
import { archiveFirst, archiveNext, type ReadDay } from './archive/revisions.ts';
import type { Manifest } from './archive/manifest.ts';
import type { ObjectStore } from './archive/object-store.ts';
import { type BillingDay, billingDay, daysBefore } from './billing-day.ts';
import { describeChanges } from './charges/changes.ts';
import { DayBooks, isOfBooks } from './charges/day-books.ts';
import { type Deadline, requireTime, RESERVED_MS } from './deadline.ts';
import type { Settings } from './environment.ts';
import { ArchiveError, READ_AGAIN_LATER } from './errors.ts';
import type { SignalWireClient } from './signalwire/client.ts';
import { readingManner } from './signalwire/date-reading.ts';
import { readDay } from './signalwire/day-reading.ts';

/** What is needed to read a day and archive it. */
export interface ReadingMeans {
  readonly settings: Pick<Settings, 'spaceUrl' | 'space' | 'currency' | 'readInWindows'>;
  readonly signalWire: SignalWireClient;
  readonly store: ObjectStore;
  readonly deadline: Deadline;
  /** Milliseconds since the epoch, by the clock. */
  readonly now: () => number;
  /** Called with a sentence for the log about something unusual that does not stop the reading. */
  readonly onNotice: (notice: string) => void;
}

/** A day whose archived figures were replaced. */
export interface Restatement {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** Number of the new revision. */
  readonly revision: number;
  /** Exact decimals. */
  readonly before: string;
  readonly after: string;
}

/**
 * Reads a day that is not archived yet, and archives it.
 *
 * @param notices for the manifest, in addition to those that the reading itself produces
 */
export async function readAndArchive(
  day: BillingDay,
  notices: readonly string[],
  means: ReadingMeans,
): Promise<Manifest> {
  const { space, currency } = means.settings;
  const zoneChange = await zoneChangeNotices(day, means.store);
  const read = await readFiles(day, currency, null, means);
  return archiveFirst(means.store, day, read, {
    space,
    currency,
    at: means.now(),
    notices: [...notices, ...zoneChange],
  });
}

/**
 * Reads an archived day again, and archives a new revision if something has changed. No charge is lost: what
 * SignalWire no longer lists is carried forward.
 *
 * @param restatedBy what asked for it, for the record
 * @returns null if nothing has changed
 */
export async function readAgain(
  { manifest, etag }: ArchivedDay,
  restatedBy: string,
  means: ReadingMeans,
): Promise<Restatement | null> {
  const { space, currency, timeZone } = manifest;
  if (space !== means.settings.space) {
    throw new ArchiveError(
      `${manifest.day} was archived from the space ${space}; it can't be restated from ${means.settings.space}. ` +
        'Set SIGNALWIRE_SPACE_URL to that space for this, or leave the day as it is.',
    );
  }
  // Its own zone and currency, whatever is set now: others would mean different hours and different money.
  const day = billingDay(manifest.day, timeZone);
  const read = await readFiles(day, currency, manifest, means);
  const next = await archiveNext(
    means.store,
    day,
    read,
    { manifest, etag },
    { space, currency, at: means.now(), notices: manifest.notices.filter((notice) => !isOfBooks(notice)) },
    { reason: describeChanges(read.books.changes), restatedBy },
  );
  if (next === null) return null;
  return { day: day.day, revision: next.revision, before: manifest.charge, after: next.charge };
}

/** @param before the day's archived manifest; null if it has none */
async function readFiles(
  day: BillingDay,
  currency: string,
  before: Manifest | null,
  { settings, signalWire, store, deadline, onNotice }: ReadingMeans,
): Promise<ReadDay> {
  const { spaceUrl, space } = settings;
  const account = { projectId: await signalWire.projectId(), space, currency };
  const books = await readDay(
    signalWire.getPage,
    spaceUrl,
    day,
    (reading) =>
      new DayBooks(
        reading,
        new LineItemsFile(store, day.day, account),
        before && earlierReading(store, before),
      ),
    readingManner(settings, onNotice),
  );
  try {
    requireTime(deadline, RESERVED_MS.archive, 'the archive', READ_AGAIN_LATER);
    return { books: books.close(), lineItems: await books.lines.close() };
  } catch (error) {
    await books.discard();
    throw error;
  }
}

async function zoneChangeNotices({ day, timeZone }: BillingDay, store: ObjectStore): Promise<string[]> {
  const [before = ''] = daysBefore(day, 1);
  const zoneBefore = (await findDay(store, before))?.manifest.timeZone ?? timeZone;
  if (zoneBefore === timeZone) return [];
  return [
    `The billing time zone was ${zoneBefore} until ${before} and is ${timeZone} from ${day} on: sessions in the ` +
      'hours between the two midnights are counted on both days, or on neither. Compare with the invoice.',
  ];
}
