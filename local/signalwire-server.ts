import { createHash } from 'node:crypto';
import { LoopbackServer, type Answer, type RecordedRequest } from './loopback-server.ts';
import { parseLogsQuery, type LogsQuery, type QueryFault } from './signalwire-query.ts';

/** A log as it is sent. */
export interface SignalWireLog {
  /** The log's JSON, which is sent unchanged, so that numbers keep their digits. */
  readonly json: string;
  /** ISO 8601 instant by which the log is filtered and sorted. */
  readonly createdAt: string;
  /** A deleted log is listed only with `include_deleted=true`. @default false */
  readonly deleted?: boolean;
}

/** How links are written: with the origin, beginning with the path, or beginning with the question mark. */
export type LinkStyle = 'absolute' | 'relative' | 'query-only';

/**
 * How `created_after` and `created_before` are understood, which the API's documentation leaves open: whether a log of
 * exactly that instant is listed, or whether the parameters are ignored or refused.
 */
export type BoundsReading = 'inclusive' | 'exclusive' | 'ignored' | 'refused';

export interface SignalWireServerOptions {
  readonly projectId: string;
  readonly apiToken: string;
  readonly logs?: readonly SignalWireLog[];
  /** @default 'absolute' */
  readonly links?: LinkStyle;
  /** @default 'exclusive' */
  readonly bounds?: BoundsReading;
}

const PATH = '/api/video/logs';

/** A SignalWire space with one endpoint: the list of video logs. */
export class SignalWireServer extends LoopbackServer {
  projectId: string;
  apiToken: string;
  links: LinkStyle;
  bounds: BoundsReading;
  #logs: readonly SignalWireLog[] = [];
  #newestFirst: readonly DatedLog[] = [];
  #byDate: ReadonlyMap<string, readonly DatedLog[]> = new Map();

  constructor(options: SignalWireServerOptions) {
    super();
    const { projectId, apiToken, logs = [], links = 'absolute', bounds = 'exclusive' } = options;
    this.projectId = projectId;
    this.apiToken = apiToken;
    this.links = links;
    this.bounds = bounds;
    this.logs = logs;
  }

  /** All logs of the space, in any order; logs of the same instant are listed in the order given here. */
  get logs(): readonly SignalWireLog[] {
    return this.#logs;
  }

  /** @throws RangeError if a log's `createdAt` is not an instant */
  set logs(logs: readonly SignalWireLog[]) {
    const dated = logs.map((log) => ({ log, at: Date.parse(log.createdAt) }));
    dated.sort((a, b) => b.at - a.at);
    this.#byDate = Map.groupBy(dated, ({ at }) => new Date(at).toISOString().slice(0, 10));
    this.#newestFirst = dated;
    this.#logs = logs;
  }

  protected override handle({ method, url, headers }: RecordedRequest): Answer {
    const target = new URL(url, this.url);
    if (target.pathname !== PATH) return error(404, 'Not Found');
    if (method !== 'GET') return error(405, 'Method Not Allowed', { allow: 'GET' });
    const credentials = Buffer.from(`${this.projectId}:${this.apiToken}`).toString('base64');
    if (headers.authorization !== `Basic ${credentials}`) return error(401, 'Unauthorized');
    const query = parseLogsQuery(target.searchParams, pageToken);
    if ('attribute' in query) return unprocessable(query);
    const bound = query.createdAfter === null ? 'created_before' : 'created_after';
    if (this.bounds === 'refused' && (query.createdAfter ?? query.createdBefore) !== null) {
      return unprocessable({
        attribute: bound,
        code: 'unknown_parameter',
        message: `${bound} is not supported`,
      });
    }
    return this.#list(query);
  }

  #list(query: LogsQuery): Answer {
    const { createdOn, includeDeleted, pageNumber, pageSize } = query;
    const ofDay = createdOn === null ? this.#newestFirst : (this.#byDate.get(createdOn) ?? []);
    const ofRange = this.#between(query, ofDay);
    const logs = includeDeleted ? ofRange : ofRange.filter(({ log: { deleted = false } }) => !deleted);
    const start = pageNumber * pageSize;
    const links = {
      self: this.#link(query, pageNumber),
      first: this.#link(query, 0),
      ...(start + pageSize < logs.length ? { next: this.#link(query, pageNumber + 1) } : {}),
      ...(pageNumber > 0 ? { prev: this.#link(query, pageNumber - 1) } : {}),
    };
    // Joined as text, since parsing and rewriting the logs would change their numbers.
    const data = logs.slice(start, start + pageSize).map(({ log }) => log.json);
    return {
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: `{"links":${JSON.stringify(links)},"data":[${data.join(',')}]}`,
    };
  }

  #between({ createdAfter, createdBefore }: LogsQuery, logs: readonly DatedLog[]): readonly DatedLog[] {
    if ((createdAfter ?? createdBefore) === null || this.bounds === 'ignored') return logs;
    const after = createdAfter === null ? -Infinity : Date.parse(createdAfter);
    const before = createdBefore === null ? Infinity : Date.parse(createdBefore);
    return this.bounds === 'inclusive'
      ? logs.filter(({ at }) => after <= at && at <= before)
      : logs.filter(({ at }) => after < at && at < before);
  }

  #link(query: LogsQuery, pageNumber: number): string {
    const parameters = new URLSearchParams({
      ...(query.createdOn === null ? {} : { created_on: query.createdOn }),
      ...(query.createdAfter === null ? {} : { created_after: query.createdAfter }),
      ...(query.createdBefore === null ? {} : { created_before: query.createdBefore }),
      ...(query.includeDeleted ? { include_deleted: 'true' } : {}),
      page_number: String(pageNumber),
      page_size: String(query.pageSize),
      ...(pageNumber === 0 ? {} : { page_token: pageToken(query, pageNumber) }),
    });
    const origin = { absolute: this.url + PATH, relative: PATH, 'query-only': '' }[this.links];
    return `${origin}?${parameters.toString()}`;
  }
}

interface DatedLog {
  readonly log: SignalWireLog;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Starts a server for a space. */
export function startSignalWireServer(options: SignalWireServerOptions): Promise<SignalWireServer> {
  return new SignalWireServer(options).listen();
}

/** The cursor of one page of one query; it is not valid for any other. */
function pageToken(query: LogsQuery, pageNumber: number): string {
  const { createdOn, createdAfter, createdBefore, includeDeleted, pageSize } = query;
  const page = JSON.stringify([createdOn, createdAfter, createdBefore, includeDeleted, pageSize, pageNumber]);
  return `PA${createHash('sha256').update(page).digest('hex').slice(0, 16)}`;
}

function error(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify({ error: message }),
  };
}

function unprocessable({ attribute, code, message }: QueryFault): Answer {
  const url = `https://developer.signalwire.com/rest/overview/error-codes/#${code}`;
  return {
    status: 422,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ errors: [{ type: 'validation_error', code, message, attribute, url }] }),
  };
}
