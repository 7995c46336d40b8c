import ky, { isHTTPError, isTimeoutError } from 'ky';
import { type Deadline, NOTHING_STORED, requireTime, RESERVED_MS } from '../deadline.ts';
import { SignalWireInvalidResponseError, SignalWireUnavailableError } from '../errors.ts';
import type { Credentials, ReadCredentials } from './credentials.ts';
import { CurrentCredentials, isSame } from './current-credentials.ts';
import { exchange } from './exchange.ts';
import { type LogsPage, PageReader, type UnreadablePage } from './logs-page.ts';
import type { PageText } from './page-text.ts';
import type { GetPage } from './paging.ts';
import { rejection } from './rejection.ts';

/** How much the API was asked; counted up as the requests leave. */
export interface ApiUsage {
  requests: number;
  retries: number;
}

const MOST_TRIES = 5;
/** One try, from the first byte sent to the last one read. */
const TRY_TIMEOUT_MS = 20_000;
const RETRIED_STATUSES = [408, 429, ...Array.from({ length: 100 }, (_, index) => 500 + index)];

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
      if (!isHTTPError(error) || error.response.status !== 401) throw explained(error, used);
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

async function ask(
  { url, deadline, signal }: PageRequest,
  credentials: Credentials,
  usage: ApiUsage,
  reader: PageReader,
): Promise<LogsPage | UnreadablePage> {
  const timeLeft = (): number => deadline.remainingMs() - RESERVED_MS.archive;
  requireTime(deadline, RESERVED_MS.archive + 1000, 'another page from SignalWire', NOTHING_STORED);

  const found: (LogsPage | UnreadablePage)[] = [];
  await ky.get(url, {
    headers: { authorization: basicAuthorization(credentials), accept: 'application/json' },
    redirect: 'manual',
    ...(signal && { signal }),
    timeout: TRY_TIMEOUT_MS,
    totalTimeout: timeLeft(),
    // The body is read inside the try: one that is cut, stalls or is no JSON is tried again, too.
    fetch: async (request) => {
      usage.requests += 1;
      const { status, headers, body } = await exchange(request as Request);
      const ok = status >= 200 && status < 300;
      if (ok) found.push(readBody(body, reader));
      // For ky, which reads the body of a refusal. Nothing above 599 is HTTP; it counts as a fault of the server.
      return new Response(ok || body.bytes.length === 0 ? null : new Uint8Array(body.bytes), {
        status: Math.min(status, 599),
        headers,
      });
    },
    retry: {
      limit: MOST_TRIES - 1,
      statusCodes: RETRIED_STATUSES,
      afterStatusCodes: RETRIED_STATUSES,
      delay: backoffMs,
      jitter: (delay) => delay * (0.5 + Math.random() / 2),
      retryOnTimeout: true,
      shouldRetry: ({ error, retryCount }) => {
        const asked = isHTTPError(error) ? retryAfterMs(error.response.headers) : null;
        // To sleep past the time left would end in a silent death instead of an error that says why.
        if ((asked ?? backoffMs(retryCount)) >= timeLeft()) return false;
        if (error instanceof BadBodyError) return true;
        // ky would look into other headers for a time to wait; only Retry-After is one.
        if (isHTTPError(error) && asked === null) return RETRIED_STATUSES.includes(error.response.status);
        return undefined;
      },
    },
    hooks: { beforeRetry: [() => void (usage.retries += 1)] },
  });
  // Taken out, as what ky keeps of a request for a while would keep the page in memory as well.
  const page = found.pop();
  if (page === undefined) throw new BadBodyError(false);
  return page;
}

function backoffMs(retry: number): number {
  return 500 * 2 ** (retry - 1);
}

/** RFC 9110, 10.2.3: seconds, or an HTTP-date, which ends in GMT. Null where there is none that can be read. */
function retryAfterMs(headers: Headers): number | null {
  const value = headers.get('retry-after');
  if (value === null) return null;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = value.endsWith(' GMT') ? Date.parse(value) : NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}

function basicAuthorization({ projectId, apiToken }: Credentials): string {
  return `Basic ${Buffer.from(`${projectId}:${apiToken}`).toString('base64')}`;
}

/** A successful answer whose body can't be used; maybe the next one can. */
class BadBodyError extends Error {
  readonly cutShort: boolean;
  constructor(cutShort: boolean) {
    super();
    this.cutShort = cutShort;
  }
}

function readBody(body: PageText, reader: PageReader): LogsPage | UnreadablePage {
  try {
    return reader.read(body);
  } catch {
    throw new BadBodyError(isCutShort(body.bytes.toString()));
  }
}

/** Whether a JSON object was begun and not ended: its rest was lost on the way, whatever the headers say. */
function isCutShort(text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false;
  const withoutStrings = text.replace(/"(?:[^"\\]|\\.)*"/gs, '');
  const count = (brackets: RegExp): number => withoutStrings.match(brackets)?.length ?? 0;
  return withoutStrings.includes('"') || count(/[{[]/g) > count(/[}\]]/g);
}

/** The product's own error for whatever the request ended with. The original holds the credentials: it ends here. */
function explained(error: unknown, credentials: Credentials): unknown {
  if (isHTTPError(error)) {
    const { status, headers } = error.response;
    if (status >= 300 && status < 400) {
      return new SignalWireInvalidResponseError(
        `SignalWire answered with a redirect (${status}), which is not followed. Check SIGNALWIRE_SPACE_URL.`,
      );
    }
    if (!RETRIED_STATUSES.includes(status)) return rejection(status, error.data, credentials);
    const asked = retryAfterMs(headers);
    return unavailable(
      asked === null
        ? `it answered ${status}`
        : `it answered ${status} and asked to wait ${Math.ceil(asked / 1000)} s`,
    );
  }
  if (error instanceof BadBodyError) {
    return error.cutShort
      ? unavailable('its answer was cut short')
      : new SignalWireInvalidResponseError(
          'SignalWire answered with something that is no JSON. Check SIGNALWIRE_SPACE_URL, and whether a proxy stands between.',
        );
  }
  if (isTimeoutError(error)) return unavailable('it did not answer in time');
  if (error instanceof Error && error.name === 'NetworkError') return unavailable(networkReason(error));
  return error;
}

function unavailable(what: string): SignalWireUnavailableError {
  return new SignalWireUnavailableError(
    `SignalWire is not available: ${what}. Nothing of the day was stored or mailed. The next run tries again; ` +
      'if it lasts, look at https://status.signalwire.com.',
  );
}

/** What failed, and, where waiting alone won't mend it, what to check. */
function networkReason(error: Error): string {
  const code = innermostCode(error);
  if (code === 'ENOTFOUND') {
    return `there is no such host (${code}). Check SIGNALWIRE_SPACE_URL, and that the function can reach the internet`;
  }
  // What zlib says of compressed data that end too soon.
  if (code === 'Z_BUF_ERROR') return 'its answer was cut short';
  if (/CERT|SIGNATURE/.test(code)) {
    return (
      `its certificate can't be trusted (${code}). Check SIGNALWIRE_SPACE_URL, and whether a proxy stands between; ` +
      'the credentials were not sent'
    );
  }
  return code === '' ? 'the connection failed' : `the connection failed (${code})`;
}

/** The innermost cause that names itself, such as ECONNREFUSED; else what it says. */
function innermostCode(error: Error): string {
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  if (cause === undefined) return '';
  return innermostCode(cause) || (cause.code ?? cause.message);
}
