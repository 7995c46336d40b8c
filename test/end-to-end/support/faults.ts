import { gzipSync } from 'node:zlib';
import type { AfterHandling, Intercept, RecordedRequest } from '../../../local/loopback-server.ts';
import type { LinkStyle, SignalWireLog } from '../../../local/signalwire-server.ts';
import { queryOf } from './observations.ts';

/** A hook of either kind: before or after a request takes effect. */
export type Hook = Intercept & AfterHandling;
type Response = Parameters<Intercept>[1];

/** Answers in place of the service. */
export function reply(status: number, body = '', headers: Readonly<Record<string, string>> = {}): Hook {
  return (_request: RecordedRequest, response: Response) => {
    response.sendDate = false;
    response.writeHead(status, headers).end(body);
    return true;
  };
}

export function replyJson(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Hook {
  return reply(status, JSON.stringify(value), { 'content-type': 'application/json', ...headers });
}

/** A refusal in S3's words. */
export function refuseAsS3(status: number, code: string): Hook {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>Staged</Message></Error>`;
  return reply(status, body, { 'content-type': 'application/xml' });
}

/** Cuts the connection without an answer. */
export const cut: Hook = (_request: RecordedRequest, response: Response) => {
  response.destroy();
  return true;
};

/** Resets the connection without an answer. */
export const reset: Hook = (_request: RecordedRequest, response: Response) => {
  response.socket?.resetAndDestroy();
  return true;
};

/** Never answers. */
export const stall: Hook = () => true;

/** Begins a body and never continues it. */
export const stallInBody: Hook = (_request: RecordedRequest, response: Response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"links":{},"data":[');
  return true;
};

/** Sends half of an empty page in gzip; then the connection is cut, or the answer just ends. */
export function truncateGzip(how: 'cut' | 'ended'): Hook {
  const whole = gzipSync('{"links":{},"data":[]}');
  const half = whole.subarray(0, whole.length / 2);
  return (_request: RecordedRequest, response: Response) => {
    const length = how === 'cut' ? whole.length : half.length;
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': String(length) });
    response.write(half, () => (how === 'cut' ? response.destroy() : response.end()));
    return true;
  };
}

/** Announces a body and stops in the middle of it. */
export const truncate: Hook = (_request: RecordedRequest, response: Response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"links":{},"data":[', () => response.destroy());
  return true;
};

/** Limits how often a fault happens. */
export function times(count: number, hook: Hook): Hook {
  let left = count;
  return (request: RecordedRequest, response: Response, answer?: unknown) => {
    if (left === 0) return false;
    left -= 1;
    return hook(request, response, answer as Parameters<AfterHandling>[2]);
  };
}

/** Limits a fault to writes of objects whose key contains a text. */
export function onWriting(part: string, hook: Hook): Hook {
  return (request: RecordedRequest, response: Response, answer?: unknown) =>
    request.method === 'PUT' &&
    decodeURIComponent(request.url).includes(part) &&
    hook(request, response, answer as Parameters<AfterHandling>[2]);
}

/** Limits a fault to the reading of one date. */
export function onReading(date: string, hook: Hook): Intercept {
  return (request, response) =>
    queryOf(request.url).get('created_on') === date && hook(request, response, { status: 200 });
}

const LOGS_PATH = '/api/video/logs';

/** Serves the given pages, whatever size was asked for, with links in the given style. */
export function servePages(
  pages: readonly (readonly SignalWireLog[])[],
  style: LinkStyle = 'absolute',
): Intercept {
  return (request, response) => {
    const query = queryOf(request.url);
    const number = Number(query.get('page_number') ?? '0');
    query.set('page_number', String(number + 1));
    const host = `http://${String(request.headers.host)}`;
    const base = { absolute: host + LOGS_PATH, relative: LOGS_PATH, 'query-only': '' }[style];
    const next = number + 1 < pages.length ? `${base}?${query.toString()}` : null;
    return servePage(pages[number] ?? [], next)(request, response);
  };
}

/** Serves one page, with a link to a next one unless it is null. */
export function servePage(logs: readonly SignalWireLog[], next: string | null): Intercept {
  const links = JSON.stringify(next === null ? {} : { next });
  const body = `{"links":${links},"data":[${logs.map(({ json }) => json).join(',')}]}`;
  return reply(200, body, { 'content-type': 'application/json' });
}

/** The same logs as the server lists them itself (null), in other orders, and on other pages. */
export function arrangementsOf(logs: readonly SignalWireLog[]): (Intercept | null)[] {
  const shuffled = [...logs.filter((_, index) => index % 2 === 1), ...logs.slice(0, 1)];
  const rest = logs.filter((log) => !shuffled.includes(log)).reverse();
  return [
    null,
    servePages(pagesOf(logs.toReversed(), 2), 'relative'),
    servePages([[], ...pagesOf([...shuffled, ...rest], 1), []], 'query-only'),
    servePages(pagesOf([...rest, ...shuffled], 5), 'absolute'),
  ];
}

function pagesOf(logs: readonly SignalWireLog[], size: number): SignalWireLog[][] {
  const count = Math.ceil(logs.length / size);
  return Array.from({ length: count }, (_, page) => logs.slice(page * size, (page + 1) * size));
}
