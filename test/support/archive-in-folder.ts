import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';
import { findDay } from '../../lambda/archive/archived-day.ts';
import { earlierReading } from '../../lambda/archive/archived-line-items.ts';
import type { ObjectStore } from '../../lambda/archive/object-store.ts';
import { archiveFirst, archiveNext } from '../../lambda/archive/revisions.ts';
import { billingDay } from '../../lambda/billing-day.ts';
import { describeChanges } from '../../lambda/charges/changes.ts';
import type { MailContext } from '../../lambda/email/remarks.ts';
import { composeReport, type MailMeans } from '../../lambda/email/report-mail.ts';
import { FolderStore } from '../../operator/folder/folder-store.ts';
import type { SignalWireLog } from '../../local/signalwire-server.ts';
import { booksInto } from './books.ts';
import { NO_HURRY } from './deadlines.ts';
import { sessionLog } from './logs.ts';

/** What each room cost, as decimals; one session per room. */
export type RoomCosts = readonly (readonly [name: string | null, charge: string])[];

export interface DayOptions {
  /** When it is archived. @default six o'clock of the next morning, UTC */
  readonly at?: string;
  readonly notices?: readonly string[];
  readonly timeZone?: string;
  readonly currency?: string;
}

const ORDINARY: MailContext = { resendReason: null, possibleRepeat: false };

/** An archive in a folder of its own, filled by the job's own code, and the mails made from it. */
export class ArchiveInFolder {
  readonly store: FolderStore;
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.store = new FolderStore(folder);
  }

  static async make(): Promise<ArchiveInFolder> {
    return new ArchiveInFolder(await mkdtemp(join(tmpdir(), 'archive-')));
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }

  async archive(
    day: string,
    logs: readonly SignalWireLog[],
    { at = morningAfter(day), notices = [], timeZone = 'UTC', currency = 'USD' }: DayOptions = {},
  ): Promise<void> {
    await archiveFirst(this.store, billingDay(day, timeZone), await booksInto(this.store, day, logs), {
      space: 'example',
      currency,
      at: Date.parse(at),
      notices,
    });
  }

  /** Archives the result of another reading of the day. */
  async restate(day: string, logs: readonly SignalWireLog[], at: string, restatedBy: string): Promise<void> {
    const archived = await findDay(this.store, day);
    if (archived === null) throw new Error(`${day} is not archived`);
    const earlier = earlierReading(this.store, archived.manifest);
    const read = await booksInto(this.store, day, logs, earlier);
    const { timeZone, space, currency } = archived.manifest;
    await archiveNext(
      this.store,
      billingDay(day, timeZone),
      read,
      archived,
      { space, currency, at: Date.parse(at), notices: [] },
      { reason: describeChanges(read.books.changes), restatedBy },
    );
  }

  /** The mail of an archived day. */
  async mailOf(
    day: string,
    settings: Partial<MailMeans['settings']> = {},
    occasion: Partial<MailContext> = {},
    deadline: MailMeans['deadline'] = NO_HURRY,
  ): Promise<Email> {
    const archived = await findDay(this.store, day);
    if (archived === null) throw new Error(`${day} is not archived`);
    const { raw } = await composeReport(
      archived.manifest,
      { ...ORDINARY, ...occasion },
      {
        settings: {
          emailFrom: { name: 'Video costs', address: 'costs@example.com' },
          emailTo: ['finance@example.com'],
          monthlyBudget: null,
          currency: 'USD',
          ...settings,
        },
        store: inBucket(this.store),
        deadline,
        now: () => Date.parse(morningAfter(day)),
      },
    );
    return PostalMime.parse(raw);
  }
}

/** The same store, but with the addresses of objects in a bucket. */
function inBucket(store: FolderStore): ObjectStore {
  return {
    get: (key) => store.get(key),
    put: (...write) => store.put(...write),
    upload: (key) => store.upload(key),
    head: (key) => store.head(key),
    read: (key) => store.read(key),
    list: (prefix) => store.list(prefix),
    locate: (key) => `s3://video-cost-archive/${key}`,
  };
}

/** Six o'clock, UTC, of the morning after a day. */
export function morningAfter(day: string): string {
  return new Date(Date.parse(day) + 30 * 3_600_000).toISOString();
}

/** One session for each room. */
export function logsOf(day: string, rooms: RoomCosts): SignalWireLog[] {
  return rooms.map(([room, charge], index) =>
    sessionLog(`${day} ${index}`, { room, charge, createdAt: `${day}T12:00:00Z` }),
  );
}
