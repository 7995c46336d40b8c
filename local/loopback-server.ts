import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { Readable } from 'node:stream';

/** A request as it was received, after its body was complete. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query as in the request line, still encoded. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A handler's answer; `content-length` is added when it is sent. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A large body may come in pieces, which are sent one by one. */
  readonly body?: string | Buffer | readonly Buffer[];
}

/**
 * Called with a request before it is handled. It returns true if it has answered, cut or stalled the response itself:
 * then the server does nothing with the request, as if it had never arrived.
 */
export type Intercept = (request: RecordedRequest, response: ServerResponse) => boolean | Promise<boolean>;

/**
 * Called with the answer when the request has taken effect, before any byte is sent. It returns true if it has dealt
 * with the response itself. In this way, requests that take effect but get no reply can be staged.
 */
export type AfterHandling = (
  request: RecordedRequest,
  response: ServerResponse,
  answer: Answer,
) => boolean | Promise<boolean>;

/**
 * An HTTP server on a free port of 127.0.0.1 that records its requests and allows faults to be injected. Subclasses
 * decide what it serves. Requests are handled concurrently, as they come in.
 */
export abstract class LoopbackServer {
  /** Every complete request, including intercepted ones, in the order of arrival. */
  readonly requests: RecordedRequest[] = [];
  intercept: Intercept | null = null;
  afterHandling: AfterHandling | null = null;
  /** The server's clock: the source of all instants that it stores and returns. */
  now: () => Date = () => new Date();

  readonly #server: Server;
  readonly #failures: unknown[] = [];

  constructor() {
    this.#server = createServer((incoming, response) => void this.#serve(incoming, response));
    // Closing an idle connection just when the client reuses it would be a fault that nobody injected.
    this.#server.keepAliveTimeout = 0;
  }

  /** Answers one request. All its changes must be made in one go, without awaiting in between. */
  protected abstract handle(request: RecordedRequest): Answer | Promise<Answer>;

  protected async readBody(incoming: IncomingMessage): Promise<Buffer> {
    return Buffer.concat((await incoming.toArray()) as Buffer[]);
  }

  /** Starts listening; afterwards `url` is known. */
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
   * Ends every connection immediately, including stalled ones.
   *
   * @throws AggregateError if a handler or a hook has failed: that is an error in the test, not in the client
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
      body = await this.readBody(incoming);
    } catch {
      return; // The client left before its request was complete, so there is no request.
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
    // The AWS SDK compares a Date header with its own clock and, if they differ by hours, would repeat requests.
    response.sendDate = false;
    response.writeHead(answer.status, {
      ...(answer.status === 204 ? {} : { 'content-length': String(length) }),
      ...answer.headers,
    });
    if (request.method === 'HEAD') response.end();
    else Readable.from(pieces, { objectMode: true }).pipe(response);
  }
}
