import { randomUUID } from 'node:crypto';
import { type Answer, LoopbackServer, type RecordedRequest } from './loopback-server.ts';

/** What the function posted as the outcome of an invocation. */
export interface PostedAnswer {
  /** Null if it failed. */
  readonly result: unknown;
  /** Null if it succeeded. */
  readonly error: { readonly errorType: string; readonly errorMessage: string } | null;
}

interface Waiting {
  readonly id: string;
  readonly event: unknown;
  readonly deadlineMs: number;
  readonly settle: (answer: PostedAnswer) => void;
}

const INVOCATION = /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/;
const NEXT = '/2018-06-01/runtime/invocation/next';

const ACCEPTED: Answer = {
  status: 202,
  headers: { 'content-type': 'application/json' },
  body: '{"status":"OK"}',
};

/**
 * Lambda's Runtime API: a function's process gets its next invocation from it, and posts the outcome to it.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi extends LoopbackServer {
  readonly #queue: Waiting[] = [];
  readonly #running = new Map<string, Waiting>();
  #wanted: ((waiting: Waiting) => void) | null = null;

  /**
   * Makes the process run the function once.
   *
   * @param timeoutMs the remaining time that is announced to the function; nothing here enforces it
   */
  invoke(event: unknown, timeoutMs: number): Promise<PostedAnswer> {
    return new Promise((settle) => {
      const waiting = { id: randomUUID(), event, deadlineMs: Date.now() + timeoutMs, settle };
      if (this.#wanted === null) this.#queue.push(waiting);
      else this.#wanted(waiting);
      this.#wanted = null;
    });
  }

  protected override async handle({ method, url, body }: RecordedRequest): Promise<Answer> {
    if (method === 'GET' && url === NEXT) return this.#hand(await this.#next());
    const [, id = '', outcome] = INVOCATION.exec(url) ?? [];
    const waiting = this.#running.get(id);
    if (method !== 'POST' || waiting === undefined)
      return { status: 501, body: `This server does not implement ${method} ${url}` };
    this.#running.delete(id);
    const posted: unknown = JSON.parse(body.toString());
    waiting.settle(
      outcome === 'response'
        ? { result: posted, error: null }
        : { result: null, error: posted as PostedAnswer['error'] },
    );
    return ACCEPTED;
  }

  async #next(): Promise<Waiting> {
    return this.#queue.shift() ?? new Promise((settle) => (this.#wanted = settle));
  }

  #hand(waiting: Waiting): Answer {
    this.#running.set(waiting.id, waiting);
    return {
      status: 200,
      headers: {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': waiting.id,
        'lambda-runtime-deadline-ms': String(waiting.deadlineMs),
        'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-central-1:123456789012:function:report',
        'lambda-runtime-trace-id':
          'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0',
      },
      body: JSON.stringify(waiting.event),
    };
  }
}

/** Starts a Runtime API for one process. */
export function startRuntimeApi(): Promise<RuntimeApi> {
  return new RuntimeApi().listen();
}
