import {
  Agent as HttpAgent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as httpRequest,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { finished, pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { PageBuilder } from './page-builder.ts';
import type { PageText } from './page-text.ts';

// Connections are kept for the next page, as each costs a handshake, but not for long: a firewall or load balancer in
// between may have dropped an idle one. The time-out does not end connections that are in use.
const KEPT = { keepAlive: true, timeout: 4000 };
const HTTP = { request: httpRequest, agent: new HttpAgent(KEPT) };
const HTTPS = { request: httpsRequest, agent: new HttpsAgent(KEPT) };

/** The errors of sending on a connection that the other side has closed. */
const DEAD = new Set(['ECONNRESET', 'EPIPE']);

const ACCEPTED = 'gzip, br';
const DECODERS = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  br: createBrotliDecompress,
};

/** An answer's content-length is believed up to here; room for more is made as it comes. */
const MOST_EXPECTED = 4 << 20;

/** A page of a thousand logs has half a megabyte. Much more would fill the memory, and end the run silently. */
export const MOST_BODY_BYTES = 32 << 20;

/** What is sent, and how long to wait for the answer. */
export interface GetRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** From the first byte sent to the last byte read. */
  readonly timeoutMs: number;
  /** On a new connection of its own, not on a kept one. */
  readonly onNewConnection: boolean;
  /** Aborts the exchange; undefined: only the time-out does. */
  readonly signal: AbortSignal | undefined;
}

/** An answer with its whole body. */
export interface Exchange {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: PageText;
}

/** The connection failed, or the body was cut off; `cause` says why. */
export class ConnectionError extends Error {
  /** It was a kept connection that was dead already, which says nothing about the server. */
  readonly wasDead: boolean;

  constructor(cause: unknown, wasDead: boolean) {
    super('the connection failed', { cause });
    this.wasDead = wasDead;
  }
}

/** The last byte of the answer did not come in time. */
export class TimedOutError extends Error {}

/** The body is longer than any page can be. */
export class TooLongError extends Error {}

/**
 * Sends a GET request and reads the whole answer, whatever its status; no redirect is followed. It uses Node's own HTTP
 * client, because `fetch` takes more time for a page than JSON.parse does, and 50 MB of memory.
 *
 * @throws ConnectionError, TimedOutError, TooLongError; the signal's reason if that aborts the exchange
 */
export async function exchange(request: GetRequest): Promise<Exchange> {
  const { timeoutMs, signal } = request;
  signal?.throwIfAborted();
  const sending = new Sending(request);
  const onAbort = (): void => {
    sending.breakOff(signal?.reason as Error);
  };
  // A manual timer: AbortSignal.timeout for each request costs 3% of a page.
  const timer = setTimeout(() => {
    sending.breakOff(new TimedOutError());
  }, timeoutMs);
  signal?.addEventListener('abort', onAbort);
  try {
    const response = await sending.answer();
    const body = await bodyOf(response);
    if (sending.brokenOff !== null) {
      // A body that ends with its connection looks complete wherever it is cut.
      body.release();
      throw sending.brokenOff;
    }
    return { status: response.statusCode ?? 0, headers: response.headers, body };
  } catch (error) {
    if (error instanceof TooLongError) throw error;
    throw sending.brokenOff ?? (error instanceof ConnectionError ? error : new ConnectionError(error, false));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** A request in flight. */
class Sending {
  readonly #sent: ClientRequest;
  #brokenOff: Error | null = null;

  constructor({ url, headers, onNewConnection }: GetRequest) {
    const { request, agent } = url.protocol === 'https:' ? HTTPS : HTTP;
    this.#sent = request(url, {
      headers: { 'accept-encoding': ACCEPTED, ...headers },
      agent: onNewConnection ? false : agent,
    });
  }

  /** Why it was aborted; null if it was not. */
  get brokenOff(): Error | null {
    return this.#brokenOff;
  }

  /** @param reason the error for the answer or its body, if not yet complete */
  breakOff(reason: Error): void {
    this.#brokenOff ??= reason;
    this.#sent.destroy(reason);
  }

  /** The answer, its body still to come. @throws ConnectionError */
  answer(): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException): void => {
        reject(new ConnectionError(error, this.#sent.reusedSocket && DEAD.has(error.code ?? '')));
      };
      // If the answer switches away from HTTP (101), the request closes without any other event.
      const close = (): void => {
        fail(new Error('the connection was closed without an answer'));
      };
      const respond = (response: IncomingMessage): void => {
        // Every request closes in the end: an error made for each of them would take 2% of the time of a page.
        this.#sent.off('close', close);
        resolve(response);
      };
      this.#sent.on('response', respond).on('error', fail).on('close', close).end();
    });
  }
}

/** Reads by events: iterating over the stream would take half of the time of a page. */
function bodyOf(response: IncomingMessage): Promise<PageText> {
  const encoding = (response.headers['content-encoding'] ?? '').toLowerCase();
  // A failure on the way also fails the decoder, which is read below.
  const decoded: Readable = isKnown(encoding)
    ? pipeline(response, DECODERS[encoding](), () => undefined)
    : response;
  const page = new PageBuilder(Math.min(Number(response.headers['content-length'] ?? 0), MOST_EXPECTED));
  return new Promise((resolve, reject) => {
    finished(decoded, (error) => {
      if (error) reject(error);
      else resolve(page.end());
    });
    let length = 0;
    decoded.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MOST_BODY_BYTES) decoded.destroy(new TooLongError());
      else page.add(chunk);
    });
  });
}

function isKnown(encoding: string): encoding is keyof typeof DECODERS {
  return Object.hasOwn(DECODERS, encoding);
}
