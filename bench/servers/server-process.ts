import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ArchivedRun } from '../archived-run.ts';
import type { DaySize, ExactTotals } from '../day.ts';
import { pinned } from '../pinning.ts';

/** A space that runs in its own process. */
export interface Space {
  /** Origin. */
  readonly url: string;
  readonly totals: ExactTotals;
  stop(): Promise<void>;
}

/** S3, SES and Secrets Manager for one run of the job, in their own process. */
export interface RunCloud {
  /** The function's environment variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the run left behind. */
  inspect(): Promise<ArchivedRun>;
  stop(): Promise<void>;
}

/** Makes a day and starts to serve it, delaying each answer by `latencyMs`. */
export async function startSpaceProcess({ logs, rooms }: DaySize, latencyMs: number): Promise<Space> {
  const server = new ServerProcess('space-process.ts', [logs, rooms, latencyMs]);
  return { ...((await server.message()) as Omit<Space, 'stop'>), stop: () => server.stop() };
}

/** @param logs how many logs the day has, for which memory is reserved */
export async function startRunCloud(spaceUrl: string, logs: number): Promise<RunCloud> {
  const server = new ServerProcess('cloud-process.ts', [spaceUrl, logs]);
  const environment = (await server.message()) as RunCloud['environment'];
  return {
    environment,
    inspect: () => server.ask() as Promise<ArchivedRun>,
    stop: () => server.stop(),
  };
}

/** All servers share a core: garbage collected by four threads at once would leave no time for the space's answers. */
const ONE_THREAD = '--single-threaded-gc';

class ServerProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;

  constructor(file: string, options: readonly (string | number)[]) {
    const path = fileURLToPath(new URL(file, import.meta.url));
    const [program, ...rest] = pinned('servers', [
      ...[process.execPath, ONE_THREAD, '--import', 'tsx', path],
      ...options.map(String),
    ]);
    this.#child = spawn(program, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#ended = once(this.#child, 'exit').then(([code]) => {
      throw new Error(`${file} ended with ${String(code)}`);
    });
    // Awaited together with an answer; at any other time the end of the process is not a failure.
    this.#ended.catch(() => undefined);
  }

  async message(): Promise<unknown> {
    const [message] = (await Promise.race([once(this.#child, 'message'), this.#ended])) as [unknown];
    return message;
  }

  async ask(): Promise<unknown> {
    const answer = this.message();
    this.#child.send('?');
    return answer;
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended.catch(() => undefined);
  }
}
