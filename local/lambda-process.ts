import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { OutputLines } from './output-lines.ts';

export interface LambdaProcessOptions {
  /** Folder with the bundle: `index.mjs`, exporting `handler`. */
  readonly assetDir: string;
  /** The function's whole environment. Nothing of this process's own environment is passed on. */
  readonly environment: Readonly<Record<string, string>>;
  /** ISO 8601 instant at which the function's clock starts; it runs on from there. @default the real time */
  readonly clock?: string;
}

interface InvocationError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

/** The outcome of an invocation. It has either a `result` or an `error`. */
export interface Invocation {
  /** The handler's answer after a round trip through JSON. */
  readonly result?: unknown;
  /**
   * What the handler threw; or, by Lambda's own names, `Runtime.ExitError` if the process died, and `Sandbox.Timedout`
   * if the time ran out.
   */
  readonly error?: InvocationError;
  /** Lines printed during the invocation. */
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
}

type Outcome = Pick<Invocation, 'result' | 'error'>;

const CHILD = fileURLToPath(new URL('./lambda-process-child.mjs', import.meta.url));

/** The variables that Lambda itself sets; the function's own environment is added to them. */
const RUNTIME_ENVIRONMENT: Readonly<Record<string, string>> = {
  _HANDLER: 'index.handler',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
  AWS_LAMBDA_FUNCTION_NAME: 'video-cost-report',
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/video-cost-report',
  AWS_LAMBDA_LOG_STREAM_NAME: 'loopback',
  LANG: 'en_US.UTF-8',
  TZ: ':UTC',
};

const DEFAULT_TIME_MS = 15 * 60 * 1000;

/**
 * One execution environment of a function: a process that has loaded the deployed bundle and handles invocations one
 * after the other. For concurrent runs, start several, as Lambda does.
 */
export class LambdaProcess {
  readonly #child: ChildProcess;
  readonly #endMark: string;
  readonly #stdout: OutputLines;
  readonly #stderr: OutputLines;
  readonly #closed: Promise<string>;
  #isBusy = false;

  constructor({ assetDir, environment, clock = '' }: LambdaProcessOptions) {
    if (clock !== '' && Number.isNaN(Date.parse(clock)))
      throw new RangeError(`${clock} is not an ISO 8601 instant`);
    this.#endMark = `end-of-invocation ${randomUUID()}`;
    const child = spawn(process.execPath, [CHILD, clock, this.#endMark], {
      cwd: assetDir,
      env: { ...RUNTIME_ENVIRONMENT, LAMBDA_TASK_ROOT: assetDir, ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    assert(child.stdout !== null && child.stderr !== null);
    this.#child = child;
    this.#stdout = new OutputLines(child.stdout);
    this.#stderr = new OutputLines(child.stderr);
    this.#closed = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.once('close', (code, signal) => {
        resolve(signal === null ? `exit status: ${String(code)}` : `signal: ${signal}`);
      });
    });
    // An error is reported wherever this is awaited.
    this.#closed.catch(() => undefined);
  }

  /**
   * Waits until the bundle is loaded, or has failed to load: then every invocation fails with that error.
   *
   * @throws Error if the process ends before that
   */
  async ready(): Promise<this> {
    const ended = await Promise.race([once(this.#child, 'message').then(() => null), this.#closed]);
    if (ended !== null) {
      throw new Error(`The process ended (${ended}) while loading:\n${this.#stderr.take().join('\n')}`);
    }
    return this;
  }

  /**
   * Runs the handler. It never rejects because of what the handler does; see {@link Invocation}.
   *
   * @param remainingMs the invocation's time limit in milliseconds, after which the process is killed
   * @throws Error if another invocation is running, or the process has ended
   */
  async invoke(
    event: unknown,
    { remainingMs = DEFAULT_TIME_MS }: { readonly remainingMs?: number } = {},
  ): Promise<Invocation> {
    if (this.#isBusy)
      throw new Error('An execution environment handles one invocation at a time: start another one');
    if (!this.#child.connected) throw new Error('The process has ended');
    this.#isBusy = true;
    const requestId = randomUUID();
    const overtime = new AbortController();
    const timer = setTimeout(() => {
      overtime.abort();
      this.#child.kill('SIGKILL');
    }, remainingMs);
    try {
      const answered = this.#answer();
      this.#child.send({ event, requestId, remainingMs });
      const outcome = await Promise.race([answered, this.#closed]);
      if (typeof outcome !== 'string') return outcome;
      const error = overtime.signal.aborted
        ? {
            name: 'Sandbox.Timedout',
            message: `Task timed out after ${(remainingMs / 1000).toFixed(2)} seconds`,
          }
        : { name: 'Runtime.ExitError', message: `Runtime exited with error: ${outcome}` };
      return {
        error: { ...error, message: `RequestId: ${requestId} Error: ${error.message}`, stack: '' },
        stdout: this.#stdout.take(),
        stderr: this.#stderr.take(),
      };
    } finally {
      clearTimeout(timer);
      this.#isBusy = false;
    }
  }

  /** Ends the process immediately, whatever it is doing, and waits until it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }

  /**
   * Ends an idle process.
   *
   * @throws Error if an invocation is running, since it would be lost unnoticed
   */
  async close(): Promise<void> {
    if (this.#isBusy) throw new Error('An invocation is running: await it, or kill the process');
    await this.kill();
  }

  async #answer(): Promise<Invocation> {
    const [[message], stdout, stderr] = await Promise.all([
      once(this.#child, 'message') as Promise<[{ readonly outcome: Outcome }]>,
      this.#stdout.until(this.#endMark),
      this.#stderr.until(this.#endMark),
    ]);
    return { ...message.outcome, stdout, stderr };
  }
}

/**
 * Starts a process for a function and loads its bundle.
 *
 * @throws RangeError if `clock` is not an instant
 */
export function startLambdaProcess(options: LambdaProcessOptions): Promise<LambdaProcess> {
  return new LambdaProcess(options).ready();
}
