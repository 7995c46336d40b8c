import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { API_TOKEN, PROJECT_ID } from '../../local/cloud.ts';
import { type BenchDay, DATE } from '../day.ts';

/** A running space. */
export interface RunningSpace {
  /** Origin. */
  readonly url: string;
  /** Ends every connection at once. */
  close(): void;
}

const PATH = '/api/video/logs';
const AUTHORIZATION = `Basic ${Buffer.from(`${PROJECT_ID}:${API_TOKEN}`).toString('base64')}`;
const PARAMETERS = new Set([
  ...['created_on', 'created_after', 'created_before', 'include_deleted'],
  ...['page_size', 'page_number', 'page_token'],
]);

/** Logs from index `first` up to, but not including, `end`. */
interface Range {
  readonly first: number;
  readonly end: number;
}

/**
 * A SignalWire space with one day, which takes almost no time to serve: a page is two short texts around a slice of the
 * day's bytes. `created_after` and `created_before` both exclude their own instant; a log must meet them and
 * `created_on`.
 *
 * @param latencyMs delay of each answer; requests at the same time wait in parallel
 */
export async function startSpace(day: BenchDay, latencyMs: number): Promise<RunningSpace> {
  const server = createServer((request, response) => {
    // If this fails, the process ends, and the measurement with it.
    void answer(request, response);
  });
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The space is not listening');
  const origin = `http://127.0.0.1:${address.port}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', origin);
    if (latencyMs > 0) await sleep(latencyMs);
    if (request.headers.authorization !== AUTHORIZATION) refuse(response, 401, 'Unauthorized');
    else if (url.pathname !== PATH || request.method !== 'GET') refuse(response, 404, 'Not Found');
    else sendPage(response, day, url);
  }
  return {
    url: origin,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function sendPage(response: ServerResponse, day: BenchDay, url: URL): void {
  const query = url.searchParams;
  const unknown = [...query.keys()].find((name) => !PARAMETERS.has(name));
  if (unknown !== undefined) {
    refuse(response, 422, `${unknown} is not a known parameter`);
    return;
  }
  const pageSize = Number(query.get('page_size') ?? '50');
  const pageNumber = Number(query.get('page_number') ?? '0');
  if (!(pageSize >= 1 && pageSize <= 1000)) {
    refuse(response, 422, 'page_size must be a whole number from 1 to 1000');
    return;
  }
  if (pageNumber > 0 && query.get('page_token') !== pageToken(pageNumber)) {
    refuse(response, 422, 'page_token must be the one that the link to this page holds');
    return;
  }
  const range = rangeOf(day, query);
  const first = Math.min(range.first + pageNumber * pageSize, range.end);
  const end = Math.min(first + pageSize, range.end);
  const next = end < range.end ? link(url, pageNumber + 1) : undefined;
  const links = { self: url.href, first: link(url, 0), ...(next && { next }) };
  const head = `{"links":${JSON.stringify(links)},"data":[`;
  const from = day.offsets[first] ?? 0;
  // Without the comma after the last log.
  const to = Math.max(from, (day.offsets[end] ?? 0) - (end > first ? 1 : 0));
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(head) + (to - from) + 2,
  });
  response.cork();
  response.write(head);
  response.write(day.json.subarray(from, to));
  response.end(']}');
}

function link(url: URL, pageNumber: number): string {
  const next = new URL(url);
  next.searchParams.set('page_number', String(pageNumber));
  if (pageNumber > 0) next.searchParams.set('page_token', pageToken(pageNumber));
  else next.searchParams.delete('page_token');
  return next.href;
}

function pageToken(pageNumber: number): string {
  return `PA${Math.imul(pageNumber, 0x9e3779b1).toString(16).replace('-', '').padStart(16, '0')}`;
}

function rangeOf({ seconds }: BenchDay, query: URLSearchParams): Range {
  const createdOn = query.get('created_on') ?? DATE;
  if (createdOn !== DATE) return { first: 0, end: 0 };
  const before = secondsAfterMidnight(query.get('created_before')) ?? Infinity;
  const after = secondsAfterMidnight(query.get('created_after')) ?? -Infinity;
  const first = firstBelow(seconds, before);
  return { first, end: Math.max(first, firstBelow(seconds, Math.floor(after) + 1)) };
}

/** @param instant `YYYY-MM-DD`, meaning midnight, or an ISO 8601 instant */
function secondsAfterMidnight(instant: string | null): number | null {
  if (instant === null) return null;
  return (Date.parse(instant) - Date.parse(`${DATE}T00:00:00Z`)) / 1000;
}

/** The first index whose value is below the limit. The values never rise. */
function firstBelow(values: Uint32Array, limit: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) < limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify({ error: message }));
}
