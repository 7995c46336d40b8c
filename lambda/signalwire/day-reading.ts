import { setImmediate } from 'node:timers/promises';
import { type BillingDay, contains, utcDays } from '../billing-day.ts';
import { NOTHING_STORED, READ_AGAIN_LATER, SignalWireInvalidResponseError } from '../errors.ts';
import { type ReadingManner, readDate } from './date-reading.ts';
import type { GetPage } from './paging.ts';
import type { Meeting } from './hash-table.ts';
import type { PageLogs } from './page-logs.ts';
import { HashedLogs, ListedLogs, type SeenLogs } from './seen-logs.ts';
import type { VideoLog } from './video-log.ts';

/** One reading of a day. */
export interface Reading {
  readonly seen: SeenLogs;
  /** Must not rely on any order, whatever memory that takes: an earlier reading met logs out of order. */
  readonly isPatient: boolean;
  /** Called if the logs turn out to come in no order, so that all are held in memory. */
  readonly onHeld: () => void;
}

/**
 * A log came that belongs before others which the collector has handed on already. The day is read again, patiently.
 */
export class OutOfOrderError extends Error {
  constructor() {
    super(
      'Logs were out of order for a reading that relies on no order. This is a bug in the program: show this ' +
        'message to its developers.',
    );
  }
}

/** Receives the logs of a day as they come. Each method may throw OutOfOrderError, except in a patient reading. */
export interface LogCollector {
  /**
   * Receives some logs of a page. Resolves when there is room for more.
   *
   * @param logs valid until it resolves; to use one longer, keep its page (`asSent.page.keep()`)
   */
  add(logs: readonly VideoLog[]): Promise<void>;
  /** All logs have come. */
  end(): Promise<void>;
  /** The reading failed: throw away everything. */
  discard(): Promise<void>;
}

/**
 * Reads every log of a billing day and hands each to a collector exactly once, newest date first. If SignalWire lists
 * a log twice because rows moved between pages, the second one is dropped; if the two differ, the list has changed
 * meanwhile, and the whole day is read again, once, into a new collector. The same is done, once, if the logs come in
 * an order with which the collector can't go on.
 *
 * @param spaceUrl origin of the space
 * @returns the collector that received the whole day; use no other
 * @throws SignalWireInvalidResponseError if a log can't be read or belongs to another date than the one asked for, or
 *   if the second reading changes too; and whatever `getPage` and the collectors throw
 */
export async function readDay<Collector extends LogCollector>(
  getPage: GetPage,
  spaceUrl: string,
  day: BillingDay,
  newCollector: (reading: Reading) => Collector,
  manner: ReadingManner,
): Promise<Collector> {
  const { onNotice } = manner;
  const notify = (what: string): void => {
    onNotice(`The video logs of ${day.day} ${what}. The report is the same; no action is needed.`);
  };
  const onHeld = (): void => {
    notify('are not listed newest first: all are held in memory before they are archived');
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
        notify('changed while they were being read, so they are read again');
      } else if (error instanceof OutOfOrderError && !isPatient) {
        isPatient = true;
        notify('are not in order, so they are read again, and held in memory before they are archived');
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
        // Let the request for the next page leave now: otherwise it would wait until this page is processed.
        await setImmediate();
        const meetings = seen.meet(logs, (createdAt) => contains(day, createdAt));
        for (let from = 0; from < logs.length; from += AT_ONCE) {
          await collector.add(
            newLogs(utcDay, logs.slice(from, from + AT_ONCE), meetings.slice(from, from + AT_ONCE)),
          );
        }
        logs.release();
      }
    }
    await collector.end();
  } catch (error) {
    await collector.discard();
    throw error;
  }
  return collector;
}

/**
 * How many logs are handed over together. Few enough to stay in the processor's cache until they are archived, and
 * enough to take each step for many logs in a row, as the code of all steps is more than the processor keeps at hand.
 * All steps log by log would take a sixth more of the time for a day, and all logs of a page together a twenty-fifth.
 */
const AT_ONCE = 100;

/** @param meetings how each of these logs compares with those before it */
function newLogs(utcDay: BillingDay, logs: PageLogs, meetings: readonly (Meeting | null)[]): VideoLog[] {
  const found: VideoLog[] = [];
  for (let index = 0; index < logs.length; index += 1) {
    const log = logs.at(index);
    if ('problem' in log) throw untrusted(utcDay.day, log.problem);
    if (!contains(utcDay, log.createdAt)) throw outside(utcDay.day, log);
    if (meetings[index] === 'changed') throw new ChangedWhileReadingError(log.id);
    if (meetings[index] === 'new') found.push(log);
  }
  return found;
}

class ChangedWhileReadingError extends SignalWireInvalidResponseError {
  constructor(id: string) {
    super(
      `SignalWire listed log ${id} twice with different contents, in two successive readings of the day. ` +
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
    `Asked for the video logs of ${date} (UTC), SignalWire listed log ${id}, created at ` +
      `${new Date(createdAt).toISOString()}. The space may use a time zone other than UTC, so that parts of the ` +
      `day would be missed. ${NOTHING_STORED} Ask SignalWire support in which time zone created_on is read.`,
  );
}
