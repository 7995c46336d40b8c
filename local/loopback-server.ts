import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { Readable } from 'node:stream';

/** A request as it came over the wire, once its body was whole. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query, still encoded: what stood in the request line. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What a handler answers; `content-length` is added on sending. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Large ones in pieces, which are sent one by one. */
  readonly body?: string | Buffer | readonly Buffer[];
}

/**
 * Looks at a request before it is handled. True: the hook has answered, cut or stalled the response itself, and
 * the server does nothing more with the request, as if it had never arrived.
 */
export type Intercept = (request: RecordedRequest, response: ServerResponse) => boolean | Promise<boolean>;

/**
 * Looks at the answer once the request has taken effect and before a byte is sent. True: the hook has dealt with
 * the response itself, so that effects without a reply can be staged.
 */
export type AfterHandling = (
  request: RecordedRequest,
  response: ServerResponse,
  answer: Answer,
) => boolean | Promise<boolean>;

/**
 * An HTTP server on a free port of 127.0.0.1 that records what it is asked and lets faults be injected. What it
 * serves is up to the subclass. Requests are handled as they come in, concurrently.
 */
export abstract class LoopbackServer {
  /** Every whole request in the order of arrival, intercepted ones included. */
  readonly requests: RecordedRequest[] = [];
  intercept: Intercept | null = null;
  afterHandling: AfterHandling | null = null;
  /** The server's clock: the instants that it stores and shows come from here. */
  now: () => Date = () => new Date();

  readonly #server: Server;
  readonly #failures: unknown[] = [];

  constructor() {
    this.#server = createServer((incoming, response) => void this.#serve(incoming, response));
    // An idle connection closed here just as the client takes it up again would be a fault nobody injected.
    this.#server.keepAliveTimeout = 0;
  }

  /** Answers one request; whatever it changes must change at once, without awaiting in between. */
  protected abstract handle(request: RecordedRequest): Answer | Promise<Answer>;

  /** Starts to listen; `url` is known from then on. */
  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  /** Origin, without a trailing slash. */
  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The server is not listening');
    return `http://127.0.0.1:${address.port}`;
  }

  /**
   * Ends every connection at once, stalled ones too.
   *
   * @throws AggregateError if a handler or a hook has failed meanwhile: a fault of the test, not of the client
   */
  async close(): Promise<void> {
    if (this.#server.listening) {
      const closed = once(this.#server, 'close');
      this.#server.close();
      this.#server.closeAllConnections();
      await closed;
    }
    const failures = this.#failures.splice(0);
    if (failures.length > 0) {
      throw new AggregateError(
        failures,
        `${this.constructor.name} failed: ${failures.map(String).join('; ')}`,
      );
    }
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    let body: Buffer;
    try {
      body = Buffer.concat((await incoming.toArray()) as Buffer[]);
    } catch {
      return; // The client left before its request was whole: nothing was asked.
    }
    const { method = '', url = '', headers } = incoming;
    const request: RecordedRequest = { method, url, headers, body };
    this.requests.push(request);
    try {
      if ((await this.intercept?.(request, response)) === true) return;
      const answer = await this.handle(request);
      if ((await this.afterHandling?.(request, response, answer)) === true) return;
      this.#send(request, response, answer);
    } catch (error) {
      this.#failures.push(error);
      this.#send(request, response, { status: 500, body: String(error) });
    }
  }

  #send(request: RecordedRequest, response: ServerResponse, answer: Answer): void {
    if (response.headersSent || response.destroyed) return;
    const { body = '' } = answer;
    const pieces = typeof body === 'string' ? [Buffer.from(body)] : Buffer.isBuffer(body) ? [body] : body;
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    // The AWS SDK compares a Date header with its own clock and, hours apart, repeats requests that it should not.
    response.sendDate = false;
    response.writeHead(answer.status, {
      ...(answer.status === 204 ? {} : { 'content-length': String(length) }),
      ...answer.headers,
    });
    if (request.method === 'HEAD') response.end();
    else Readable.from(pieces, { objectMode: true }).pipe(response);
  }
}
