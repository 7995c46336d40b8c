import { type AwsIdentity, findSignatureProblem, SIGNATURE_EXCEPTIONS } from './aws-signature.ts';
import {
  type Invocation,
  type LambdaProcess,
  type LambdaProcessOptions,
  startLambdaProcess,
} from './lambda-process.ts';
import { type Answer, LoopbackServer, type RecordedRequest } from './loopback-server.ts';
import { parseTarget } from './request-target.ts';

export interface LambdaServerOptions extends AwsIdentity {
  /** The functions that exist, by name. */
  readonly functions: Readonly<Record<string, LambdaProcessOptions>>;
  /** The most invocations that run at once; Lambda refuses further ones. @default - unlimited */
  readonly concurrency?: number;
}

const INVOKE_PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** The `x-amz-` headers that an invocation may have. */
const KNOWN_HEADERS = new Set([
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-invocation-type',
  'x-amz-security-token',
  'x-amz-user-agent',
]);

/**
 * Lambda, but only Invoke with the type RequestResponse. Each invocation runs in an idle container, or in a new one if
 * there is none, as on Lambda.
 */
export class LambdaServer extends LoopbackServer {
  readonly #options: LambdaServerOptions;
  readonly #idle = new Map<string, LambdaProcess[]>();
  readonly #containers = new Set<LambdaProcess>();
  #running = 0;

  constructor(options: LambdaServerOptions) {
    super();
    this.#options = options;
  }

  /** Ends every connection and every container immediately, whatever they are doing. */
  override async close(): Promise<void> {
    await Promise.all([...this.#containers].map((container) => container.kill()));
    await super.close();
  }

  protected override async handle(request: RecordedRequest): Promise<Answer> {
    const problem = await findSignatureProblem(request, 'lambda', this.#options);
    if (problem !== null)
      return refuse(403, SIGNATURE_EXCEPTIONS[problem], 'The request is not signed correctly.');
    const { path, query } = parseTarget(request.url);
    const [, escapedName] = INVOKE_PATH.exec(path) ?? [];
    if (request.method !== 'POST' || escapedName === undefined || query.size > 0) {
      return notImplemented(`${request.method} ${request.url}`);
    }
    const unknown = Object.keys(request.headers).find(
      (header) => header.startsWith('x-amz-') && !KNOWN_HEADERS.has(header),
    );
    if (unknown !== undefined) return notImplemented(`the header ${unknown}`);
    const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
    if (type !== 'RequestResponse') return notImplemented(`the invocation type ${String(type)}`);
    return this.#invoke(decodeURIComponent(escapedName), request.body);
  }

  async #invoke(name: string, payload: Buffer): Promise<Answer> {
    const options = this.#options.functions[name];
    if (options === undefined) {
      const arn = `arn:aws:lambda:${this.#options.region}:123456789012:function:${name}`;
      return refuse(404, 'ResourceNotFoundException', `Function not found: ${arn}`);
    }
    const event = parseEvent(payload);
    if (event === null) {
      return refuse(400, 'InvalidRequestContentException', 'Could not parse request body into json.');
    }
    if (this.#running >= (this.#options.concurrency ?? Infinity)) {
      return refuse(429, 'TooManyRequestsException', 'Rate Exceeded.');
    }
    this.#running += 1;
    try {
      return answerOf(await this.#run(name, options, event.value));
    } finally {
      this.#running -= 1;
    }
  }

  async #run(name: string, options: LambdaProcessOptions, event: unknown): Promise<Invocation> {
    const idle = this.#idle.get(name) ?? [];
    this.#idle.set(name, idle);
    const container = idle.pop() ?? (await this.#start(options));
    const invocation = await container.invoke(event);
    // A container whose process has ended can't be used again.
    if (isEnd(invocation)) this.#containers.delete(container);
    else idle.push(container);
    return invocation;
  }

  async #start(options: LambdaProcessOptions): Promise<LambdaProcess> {
    const container = await startLambdaProcess(options);
    this.#containers.add(container);
    return container;
  }
}

/** Starts Lambda with its functions. Containers start when they are needed. */
export function startLambdaServer(options: LambdaServerOptions): Promise<LambdaServer> {
  return new LambdaServer(options).listen();
}

function isEnd({ error }: Invocation): boolean {
  return error?.name === 'Runtime.ExitError' || error?.name === 'Sandbox.Timedout';
}

function answerOf({ result, error }: Invocation): Answer {
  const headers = { 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST' };
  if (error === undefined) return { status: 200, headers, body: JSON.stringify(result) };
  const { name, message, stack } = error;
  const trace = stack === '' ? {} : { trace: stack.split('\n') };
  return {
    status: 200,
    headers: { ...headers, 'x-amz-function-error': 'Unhandled' },
    body: JSON.stringify({ errorType: name, errorMessage: message, ...trace }),
  };
}

/** Reads the event; a missing payload is an empty event. Null if it is not JSON. */
function parseEvent(payload: Buffer): { readonly value: unknown } | null {
  if (payload.length === 0) return { value: {} };
  try {
    return { value: JSON.parse(payload.toString('utf8')) };
  } catch {
    return null;
  }
}

function notImplemented(what: string): Answer {
  return refuse(501, 'NotImplementedException', `This server does not implement ${what}`);
}

function refuse(status: number, type: string, message: string): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': type },
    body: JSON.stringify({ Type: 'User', Message: message }),
  };
}
