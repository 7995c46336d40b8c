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

/** How much the API was asked; counted up as the requests leave. */
export interface ApiUsage {
  requests: number;
  retries: number;
}

const MOST_TRIES = 5;
/** One try, from the first byte sent to the last one read. */
const TRY_TIMEOUT_MS = 20_000;

/** What the job asks of SignalWire. */
export interface SignalWireClient {
  /** Gets one page of a list. */
  readonly getPage: GetPage;
  /** The id of the project that is billed; known without a request. */
  projectId(): Promise<string>;
  /** The same client, which must be done with each request, its waits and tries included, by another deadline. */
  within(deadline: Deadline): SignalWireClient;
}

/**
 * A client for the list of video logs: HTTP Basic, tries again what is safe to try again, follows no redirect.
 *
 * The credentials are read when they are first needed. After a 401 they are read once more, for all
 * requests on their way, which are repeated if they have changed meanwhile: somebody rotated the token.
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

/** @throws OutOfTimeError, all that `attempt` throws, and AbortError where the signal breaks a wait off */
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
    // Where one kept connection is dead, others may be, too.
    return attempt({ url, headers, timeoutMs, isApart: number > 1, signal }, reader);
  };
  return pRetry(tryOnce, {
    retries: MOST_TRIES - 1,
    // How long to wait is decided below: SignalWire may ask for a time.
    minTimeout: 0,
    shouldRetry: async ({ error, retriesConsumed }) => {
      const wait = waitAfter(error, retriesConsumed + 1);
      // To sleep past the time left would end in a silent death instead of an error that says why.
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
