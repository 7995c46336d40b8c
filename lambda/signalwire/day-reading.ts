import { setImmediate } from 'node:timers/promises';
import { type BillingDay, contains, utcDays } from '../billing-day.ts';
import { NOTHING_STORED, READ_AGAIN_LATER, SignalWireInvalidResponseError } from '../errors.ts';
import { type ReadingManner, readDate } from './date-reading.ts';
import type { GetPage } from './paging.ts';
import { HashedLogs, ListedLogs, type SeenLogs } from './seen-logs.ts';
import type { VideoLog } from './video-log.ts';

/** One reading of a day. */
export interface Reading {
  readonly seen: SeenLogs;
  /** It takes no order for granted, whatever memory that takes: a reading before came upon logs out of order. */
  readonly isPatient: boolean;
  /** Is told where the logs turn out to come in no order, so that all are held in memory. */
  readonly onHeld: () => void;
}

/** A log came that belongs before others which the collector has handed on. The day is read once more, patiently. */
export class OutOfOrderError extends Error {
  constructor() {
    super(
      'Logs came in no order in a reading that takes none for granted. That is a fault of the program: show this ' +
        'message to its developers.',
    );
  }
}

/** What takes the logs of a day, as they come. Each method may throw OutOfOrderError, but in a patient reading. */
export interface LogCollector {
  /** @param log whose page is kept until the end of the page: who wants it for longer keeps it, too (`asSent.page`) */
  add(log: VideoLog): void;
  /** Resolves when there is room for another page. */
  endPage(): Promise<void>;
  /** All have come. */
  end(): Promise<void>;
  /** The reading failed: nothing of it is wanted. */
  discard(): Promise<void>;
}

/**
 * Reads every log of a billing day, each exactly once, and hands it to a collector, newest date first. Logs that
 * SignalWire gives twice because rows moved between pages are dropped; if such a pair differs, the list changed under
 * our hands, and the whole day is read once more into a new collector. So it is, once, where the logs come in such an
 * order that a collector can't go on.
 *
 * @param spaceUrl origin of the space
 * @returns the collector that got the whole day; no other one is to be used
 * @throws SignalWireInvalidResponseError where a log can't be read or belongs to another date than the one asked
 *   for, or where the second reading changes, too; and all that `getPage` and the collectors throw
 */
export async function readDay<Collector extends LogCollector>(
  getPage: GetPage,
  spaceUrl: string,
  day: BillingDay,
  newCollector: (reading: Reading) => Collector,
  manner: ReadingManner,
): Promise<Collector> {
  const { onNotice } = manner;
  const tell = (what: string): void => {
    onNotice(`The video logs of ${day.day} ${what}. The report is the same; nothing is to be done.`);
  };
  const onHeld = (): void => {
    tell('do not come newest first: all are held in memory before they are archived');
  };
  // Windows rely on the order of the list.
  const pageByPage = { ...manner, waiting: null };
  let [hasChanged, isPatient] = [false, false];
  for (;;) {
    const seen = hasChanged ? new ListedLogs() : new HashedLogs();
    try {
      const collector = newCollector({ seen, isPatient, onHeld });
      return await readOnce(getPage, spaceUrl, day, isPatient ? pageByPage : manner, seen, collector);
    } catch (error) {
      if (error instanceof ChangedWhileReadingError && !hasChanged) {
        hasChanged = true;
        tell('changed while they were read, so that they are read once more');
      } else if (error instanceof OutOfOrderError && !isPatient) {
        isPatient = true;
        tell(
          'are not in order, so that they are read once more, and held in memory before they are archived',
        );
      } else {
        throw error;
      }
    }
  }
}

async function readOnce<Collector extends LogCollector>(
  getPage: GetPage,
  spaceUrl: string,
  day: BillingDay,
  manner: ReadingManner,
  seen: SeenLogs,
  collector: Collector,
): Promise<Collector> {
  try {
    for (const utcDay of utcDays(day).reverse()) {
      for await (const logs of readDate(getPage, spaceUrl, utcDay.day, manner)) {
        // The request for what comes next leaves now: else it would wait until this page is done with.
        await setImmediate();
        const meetings = seen.meet(logs, (createdAt) => contains(day, createdAt));
        for (let index = 0; index < logs.length; index += 1) {
          const log = logs.at(index);
          if ('problem' in log) throw untrusted(utcDay.day, log.problem);
          if (!contains(utcDay, log.createdAt)) throw outside(utcDay.day, log);
          if (meetings[index] === 'changed') throw new ChangedWhileReadingError(log.id);
          if (meetings[index] === 'new') collector.add(log);
        }
        logs.release();
        await collector.endPage();
      }
    }
    await collector.end();
  } catch (error) {
    await collector.discard();
    throw error;
  }
  return collector;
}

class ChangedWhileReadingError extends SignalWireInvalidResponseError {
  constructor(id: string) {
    super(
      `SignalWire gave log ${id} twice with different contents, in two readings of the day one after the other. ` +
        `${READ_AGAIN_LATER} A session that is still running may cause this.`,
    );
  }
}

function untrusted(date: string, problem: string): SignalWireInvalidResponseError {
  return new SignalWireInvalidResponseError(
    `A video log of ${date} can't be read: ${problem}. ${READ_AGAIN_LATER} ` +
      'If it fails too, show this message to SignalWire support.',
  );
}

function outside(date: string, { id, createdAt }: VideoLog): SignalWireInvalidResponseError {
  return new SignalWireInvalidResponseError(
    `Asked for the video logs of ${date} (UTC), SignalWire gave log ${id} created at ` +
      `${new Date(createdAt).toISOString()}. The space may use another time zone than UTC, so that parts of the ` +
      `day would be missed. ${NOTHING_STORED} Ask SignalWire support which zone created_on is read in.`,
  );
}
