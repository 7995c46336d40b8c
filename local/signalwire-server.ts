import { createHash } from 'node:crypto';
import { LoopbackServer, type Answer, type RecordedRequest } from './loopback-server.ts';
import { parseLogsQuery, type LogsQuery, type QueryFault } from './signalwire-query.ts';

/** A log as it goes over the wire. */
export interface SignalWireLog {
  /** The log's JSON, sent exactly as written: numbers keep their digits. */
  readonly json: string;
  /** ISO 8601 instant: what the log is filtered and ordered by. */
  readonly createdAt: string;
  /** A deleted log is listed only with `include_deleted=true`. @default false */
  readonly deleted?: boolean;
}

/** How links are written: with origin, from the path on, or from the question mark on. */
export type LinkStyle = 'absolute' | 'relative' | 'query-only';

export interface SignalWireServerOptions {
  readonly projectId: string;
  readonly apiToken: string;
  readonly logs?: readonly SignalWireLog[];
  /** @default 'absolute' */
  readonly links?: LinkStyle;
}

const PATH = '/api/video/logs';

/** A SignalWire space with one endpoint: the list of video logs. */
export class SignalWireServer extends LoopbackServer {
  projectId: string;
  apiToken: string;
  links: LinkStyle;
  #logs: readonly SignalWireLog[] = [];
  #newestFirst: readonly SignalWireLog[] = [];
  #byDate: ReadonlyMap<string, readonly SignalWireLog[]> = new Map();

  constructor({ projectId, apiToken, logs = [], links = 'absolute' }: SignalWireServerOptions) {
    super();
    this.projectId = projectId;
    this.apiToken = apiToken;
    this.links = links;
    this.logs = logs;
  }

  /** Every log of the space, in any order; logs of one instant are listed as they stand here. */
  get logs(): readonly SignalWireLog[] {
    return this.#logs;
  }

  /** @throws RangeError if a log's `createdAt` is no instant */
  set logs(logs: readonly SignalWireLog[]) {
    const dated = logs.map((log) => ({ log, at: new Date(log.createdAt) }));
    dated.sort((a, b) => b.at.getTime() - a.at.getTime());
    const byDate = Map.groupBy(dated, ({ at }) => at.toISOString().slice(0, 10));
    this.#logs = logs;
    this.#newestFirst = dated.map(({ log }) => log);
    this.#byDate = new Map([...byDate].map(([date, entries]) => [date, entries.map(({ log }) => log)]));
  }

  protected override handle({ method, url, headers }: RecordedRequest): Answer {
    const target = new URL(url, this.url);
    if (target.pathname !== PATH) return error(404, 'Not Found');
    if (method !== 'GET') return error(405, 'Method Not Allowed', { allow: 'GET' });
    const credentials = Buffer.from(`${this.projectId}:${this.apiToken}`).toString('base64');
    if (headers.authorization !== `Basic ${credentials}`) return error(401, 'Unauthorized');
    const query = parseLogsQuery(target.searchParams, pageToken);
    return 'attribute' in query ? unprocessable(query) : this.#list(query);
  }

  #list(query: LogsQuery): Answer {
    const { createdOn, includeDeleted, pageNumber, pageSize } = query;
    const ofDay = createdOn === null ? this.#newestFirst : (this.#byDate.get(createdOn) ?? []);
    const logs = includeDeleted ? ofDay : ofDay.filter(({ deleted = false }) => !deleted);
    const start = pageNumber * pageSize;
    const links = {
      self: this.#link(query, pageNumber),
      first: this.#link(query, 0),
      ...(start + pageSize < logs.length ? { next: this.#link(query, pageNumber + 1) } : {}),
      ...(pageNumber > 0 ? { prev: this.#link(query, pageNumber - 1) } : {}),
    };
    // Joined as text, since parsing and writing the logs anew would change their numbers.
    const data = logs.slice(start, start + pageSize).map(({ json }) => json);
    return {
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: `{"links":${JSON.stringify(links)},"data":[${data.join(',')}]}`,
    };
  }

  #link(query: LogsQuery, pageNumber: number): string {
    const parameters = new URLSearchParams({
      ...(query.createdOn === null ? {} : { created_on: query.createdOn }),
      ...(query.includeDeleted ? { include_deleted: 'true' } : {}),
      page_number: String(pageNumber),
      page_size: String(query.pageSize),
      ...(pageNumber === 0 ? {} : { page_token: pageToken(query, pageNumber) }),
    });
    const origin = { absolute: this.url + PATH, relative: PATH, 'query-only': '' }[this.links];
    return `${origin}?${parameters.toString()}`;
  }
}

/** Starts a space. */
export function startSignalWireServer(options: SignalWireServerOptions): Promise<SignalWireServer> {
  return new SignalWireServer(options).listen();
}

/** The cursor of one page of one query: of no use with another. */
function pageToken({ createdOn, includeDeleted, pageSize }: LogsQuery, pageNumber: number): string {
  const page = JSON.stringify([createdOn, includeDeleted, pageSize, pageNumber]);
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
