import { SignalWireRejectedError } from '../../../lambda/errors.ts';
import type { LogsPage } from '../../../lambda/signalwire/page-reader.ts';
import type { GetPage } from '../../../lambda/signalwire/paging.ts';
import { AsSent } from '../../../lambda/signalwire/as-sent.ts';
import { DeletedLog, type VideoLog } from '../../../lambda/signalwire/video-log.ts';
import { pageLogs } from '../../support/plain-logs.ts';

/** A log of the simulated space: its id and when it was created. */
export interface SimulatedLog {
  readonly id: number;
  readonly created_at: string;
}

/** How the space interprets what its documentation leaves open. */
export interface Understanding {
  /** Logs per page, whatever is asked for. */
  readonly pageSize: number;
  readonly isAfterIncluded: boolean;
  readonly isBeforeIncluded: boolean;
  /** The unit to which bounds are cut before they are compared, in milliseconds. */
  readonly boundUnit: number;
  /** The unit to which the logs' instants are cut before they are compared, in milliseconds. */
  readonly logUnit: number;
  readonly ignored: readonly ('created_after' | 'created_before')[];
  /** Bounds replace `created_on` instead of narrowing it. */
  readonly boundsReplaceDate: boolean;
  /** Bounds are refused with 422. */
  readonly isRefusing: boolean;
  /** Bounds are left out of the link to the next page. */
  readonly forgetsBounds: boolean;
  /** The logs of a window are listed oldest first. */
  readonly turnsWindows: boolean;
  /** In the list of a whole date, the log from one index is listed at another one, further down. */
  readonly moves: readonly [place: number, to: number] | null;
  /** How many milliseconds before midnight UTC its dates begin. */
  readonly dateBegins: number;
}

export const SECOND = 1000;
export const DAY_MS = 86_400_000;

/** The interpretation that most people would expect. */
const PLAIN: Understanding = {
  pageSize: 50,
  isAfterIncluded: false,
  isBeforeIncluded: false,
  boundUnit: 1,
  logUnit: 1,
  ignored: [],
  boundsReplaceDate: false,
  isRefusing: false,
  forgetsBounds: false,
  turnsWindows: false,
  moves: null,
  dateBegins: 0,
};

/** A space without sockets that numbers its pages: rows move to later pages when new ones come before them. */
export class SimulatedSpace {
  readonly #understanding: Understanding;
  /** Newest first. */
  #dated: readonly { readonly log: SimulatedLog; readonly at: number }[];
  /** The query of every request, in order. */
  readonly asked: URLSearchParams[] = [];
  inFlight = 0;
  mostInFlight = 0;
  /** Called before each answer. */
  onRequest: (count: number, query: URLSearchParams) => void = () => undefined;

  constructor(logs: readonly SimulatedLog[], understanding: Partial<Understanding> = {}) {
    this.#understanding = { ...PLAIN, ...understanding };
    this.#dated = newestFirst(logs);
  }

  get logs(): readonly SimulatedLog[] {
    return this.#dated.map(({ log }) => log);
  }

  /** Adds logs that arrive now. */
  insert(logs: readonly SimulatedLog[]): void {
    if (logs.length > 0) this.#dated = newestFirst([...logs, ...this.logs]);
  }

  /** The queries for windows. */
  get windows(): URLSearchParams[] {
    return this.asked.filter((query) => query.has('created_before'));
  }

  readonly getPage: GetPage = async (url) => {
    this.asked.push(url.searchParams);
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    // Answers do not come in the order of the requests.
    for (let turns = (this.asked.length * 7) % 5; turns >= 0; turns -= 1) await Promise.resolve();
    await new Promise(setImmediate);
    this.inFlight -= 1;
    this.onRequest(this.asked.length, url.searchParams);
    return this.#answer(url.searchParams);
  };

  #answer(query: URLSearchParams): LogsPage {
    const { pageSize, isRefusing, forgetsBounds, turnsWindows, moves } = this.#understanding;
    const isBounded = query.has('created_after') || query.has('created_before');
    if (isBounded && isRefusing)
      throw new SignalWireRejectedError('SignalWire refused the request with 422.');
    const isListed = this.#filter(query);
    const listed = this.#dated.filter(({ at }) => isListed(at)).map(({ log }) => log);
    if (isBounded && turnsWindows) listed.reverse();
    if (!isBounded && moves !== null) listed.splice(moves[1], 0, ...listed.splice(moves[0], 1));
    const number = Number(query.get('page_number') ?? '0');
    const next = new URLSearchParams(query);
    next.set('page_number', String(number + 1));
    if (forgetsBounds) next.delete('created_before');
    const end = (number + 1) * pageSize;
    return {
      next: end < listed.length ? `?${next.toString()}` : null,
      logs: pageLogs(listed.slice(number * pageSize, end).map(videoLogOf)),
    };
  }

  #filter(query: URLSearchParams): (at: number) => boolean {
    const { isAfterIncluded, isBeforeIncluded, boundUnit, logUnit, ignored } = this.#understanding;
    const cut = (at: number, unit: number): number => Math.floor(at / unit) * unit;
    const bound = (name: 'created_after' | 'created_before'): number | null => {
      const value = query.get(name);
      return value === null || ignored.includes(name) ? null : cut(Date.parse(value), boundUnit);
    };
    const [after, before] = [bound('created_after'), bound('created_before')];
    const isAnyDate = this.#understanding.boundsReplaceDate && (after !== null || before !== null);
    const start = Date.parse(query.get('created_on') ?? '') - this.#understanding.dateBegins;
    return (at) => {
      const compared = cut(at, logUnit);
      return (
        (isAnyDate || (start <= at && at < start + DAY_MS)) &&
        (after === null || compared > after || (isAfterIncluded && compared === after)) &&
        (before === null || compared < before || (isBeforeIncluded && compared === before))
      );
    };
  }
}

/** The log as it is read, with as few fields as possible. */
function videoLogOf(log: SimulatedLog): VideoLog {
  const { id, created_at: createdAt } = log;
  const asSent = AsSent.of({ id: String(id), json: JSON.stringify(log) });
  return new DeletedLog(asSent, Date.parse(createdAt), createdAt);
}

function newestFirst(logs: readonly SimulatedLog[]): { log: SimulatedLog; at: number }[] {
  return logs.map((log) => ({ log, at: Date.parse(log.created_at) })).sort((a, b) => b.at - a.at);
}
