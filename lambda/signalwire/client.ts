import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import { type Deadline, requireTime, RESERVED_MS } from '../deadline.ts';
import { READ_AGAIN_LATER } from '../errors.ts';
import { attempt, RefusedError } from './attempt.ts';
import type { Credentials, ReadCredentials } from './credentials.ts';
import { CurrentCredentials, isSame } from './current-credentials.ts';
import { explained } from './explained.ts';
import { type LogsPage, PageReader, type UnreadablePage } from './page-reader.ts';
import type { GetPage } from './paging.ts';
import { waitAfter } from './retry-waits.ts';

/** How many requests were sent to the API, counted as they leave. */
export interface ApiUsage {
  requests: number;
  retries: number;
}

const MOST_TRIES = 5;
/** For one try, from the first byte sent to the last byte read. */
const TRY_TIMEOUT_MS = 20_000;

/** What the job needs from SignalWire. */
export interface SignalWireClient {
  /** Gets one page of a list. */
  readonly getPage: GetPage;
  /** The id of the project that is billed. It takes no request to SignalWire. */
  projectId(): Promise<string>;
  /** The same client with another deadline, which applies to each request including its retries and waits. */
  within(deadline: Deadline): SignalWireClient;
}

/**
 * A client for the list of video logs: it uses HTTP Basic, retries what is safe to retry, and follows no redirect.
 *
 * The credentials are read when they are first needed. After a 401 they are read again, once for all requests in
 * flight. If they have changed (somebody has rotated the token), those requests are repeated with the new ones.
 *
 * @returns a client that throws SignalWireRejectedError, SignalWireUnavailableError,
 *   SignalWireInvalidResponseError, SecretError or OutOfTimeError
 */
export function signalWireClient(
  readCredentials: ReadCredentials,
  deadline: Deadline,
  usage: ApiUsage,
): SignalWireClient {
  const credentials = new CurrentCredentials(readCredentials);
  const reader = new PageReader();
  const getPage = async (
    url: URL,
    by: Deadline,
    signal?: AbortSignal,
  ): Promise<LogsPage | UnreadablePage> => {
    const request = { url, deadline: by, signal };
    const used = await credentials.get();
    try {
      return await ask(request, used, usage, reader);
    } catch (error) {
      if (!(error instanceof RefusedError) || error.status !== 401) throw explained(error, used);
      const rotated = await credentials.after(used);
      if (isSame(rotated, used)) throw explained(error, used);
      return await ask(request, rotated, usage, reader).catch((again: unknown) => {
        throw explained(again, rotated);
      });
    }
  };
  const clientBy = (by: Deadline): SignalWireClient => ({
    getPage: (url, signal) => getPage(url, by, signal),
    projectId: async () => (await credentials.get()).projectId,
    within: clientBy,
  });
  return clientBy(deadline);
}

interface PageRequest {
  readonly url: URL;
  readonly deadline: Deadline;
  readonly signal: AbortSignal | undefined;
}

/** @throws OutOfTimeError, whatever `attempt` throws, and AbortError if the signal aborts a wait */
async function ask(
  { url, deadline, signal }: PageRequest,
  credentials: Credentials,
  usage: ApiUsage,
  reader: PageReader,
): Promise<LogsPage | UnreadablePage> {
  const timeLeft = (): number => deadline.remainingMs() - RESERVED_MS.archive;
  requireTime(deadline, RESERVED_MS.archive + 1000, 'another page from SignalWire', READ_AGAIN_LATER);
  const headers = { authorization: basicAuthorization(credentials), accept: 'application/json' };
  const tryOnce = (number: number): Promise<LogsPage | UnreadablePage> => {
    usage.requests += 1;
    const timeoutMs = Math.max(1, Math.min(TRY_TIMEOUT_MS, Math.floor(timeLeft())));
    // If one kept connection is dead, others may be too.
    return attempt({ url, headers, timeoutMs, onNewConnection: number > 1, signal }, reader);
  };
  return pRetry(tryOnce, {
    retries: MOST_TRIES - 1,
    // How long to wait is decided below: SignalWire may ask for a certain time.
    minTimeout: 0,
    shouldRetry: async ({ error, retriesConsumed }) => {
      const wait = waitAfter(error, retriesConsumed + 1);
      // Sleeping past the deadline would end the run silently, instead of with an error that says why.
      if (wait === null || wait.most >= timeLeft()) return false;
      await sleep(wait.least + Math.random() * (wait.most - wait.least), undefined, signal && { signal });
      usage.retries += 1;
      return true;
    },
    ...(signal && { signal }),
  });
}

function basicAuthorization({ projectId, apiToken }: Credentials): string {
  return `Basic ${Buffer.from(`${projectId}:${apiToken}`).toString('base64')}`;
}
