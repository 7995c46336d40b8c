import { hash } from 'node:crypto';
import { type BillingDay, contains, utcDays } from '../billing-day.ts';
import { SignalWireInvalidResponseError } from '../errors.ts';
import { readDate, type ReadingManner } from './date-reading.ts';
import type { GetPage } from './paging.ts';
import { readVideoLog, type VideoLog } from './video-log.ts';

/** What takes the logs of a day, one by one, as they come. */
export interface LogCollector {
  /** @param entry what the log was read from, numbers as text */
  add(log: VideoLog, entry: unknown): void;
}

/**
 * Reads every log of a billing day, each exactly once, and hands it to a collector. Logs that SignalWire gives
 * twice because rows moved between pages are dropped; if such a pair differs, the list changed under our hands,
 * and the whole day is read once more into a new collector.
 *
 * @param spaceUrl origin of the space
 * @returns the collector that got the whole day; no other one is to be used
 * @throws SignalWireInvalidResponseError where a log can't be read or belongs to another date than the one asked
 *   for, or where the second reading changes, too; and all that `getPage` throws
 */
export async function readDay<Collector extends LogCollector>(
  getPage: GetPage,
  spaceUrl: string,
  day: BillingDay,
  newCollector: () => Collector,
  manner: ReadingManner,
): Promise<Collector> {
  try {
    return await readOnce(getPage, spaceUrl, day, newCollector(), manner);
  } catch (error) {
    if (!(error instanceof ChangedWhileReadingError)) throw error;
    return readOnce(getPage, spaceUrl, day, newCollector(), manner);
  }
}

async function readOnce<Collector extends LogCollector>(
  getPage: GetPage,
  spaceUrl: string,
  day: BillingDay,
  collector: Collector,
  manner: ReadingManner,
): Promise<Collector> {
  const seen = new SeenLogs();
  for (const utcDay of utcDays(day)) {
    for await (const entries of readDate(getPage, spaceUrl, utcDay.day, manner)) {
      for (const entry of entries) {
        const log = readVideoLog(entry);
        if ('problem' in log) throw untrusted(utcDay.day, log.problem);
        if (!contains(utcDay, log.createdAt)) throw outside(utcDay.day, log);
        if (contains(day, log.createdAt) && seen.isNew(log.id, entry)) collector.add(log, entry);
      }
    }
  }
  return collector;
}

/** The ids met so far, each with a fingerprint of its log: small enough to hold a day of a million. */
class SeenLogs {
  readonly #fingerprints = new Map<string, number>();

  /** @throws ChangedWhileReadingError where the id was met before with another content */
  isNew(id: string, entry: unknown): boolean {
    const fingerprint = hash('sha256', JSON.stringify(entry), 'buffer').readUIntBE(0, 6);
    const before = this.#fingerprints.get(id);
    if (before === undefined) {
      this.#fingerprints.set(id, fingerprint);
      return true;
    }
    if (before !== fingerprint) throw new ChangedWhileReadingError(id);
    return false;
  }
}

class ChangedWhileReadingError extends SignalWireInvalidResponseError {
  constructor(id: string) {
    super(
      `SignalWire gave log ${id} twice with different contents, in two readings of the day one after the other. ` +
        'Nothing of the day was stored or mailed. The next run reads the day again; a session that is still running may cause this.',
    );
  }
}

function untrusted(date: string, problem: string): SignalWireInvalidResponseError {
  return new SignalWireInvalidResponseError(
    `A video log of ${date} can't be read: ${problem}. Nothing of the day was stored or mailed. ` +
      'The next run reads the day again; if it fails too, show this message to SignalWire support.',
  );
}

function outside(date: string, { id, createdAt }: VideoLog): SignalWireInvalidResponseError {
  return new SignalWireInvalidResponseError(
    `Asked for the video logs of ${date} (UTC), SignalWire gave log ${id} created at ` +
      `${new Date(createdAt).toISOString()}. The space may use another time zone than UTC, so that parts of the ` +
      'day would be missed. Nothing of the day was stored or mailed. Ask SignalWire support which zone created_on is read in.',
  );
}
