import { type Exchange, exchange } from './exchange.ts';
import type { LogsPage, PageReader, UnreadablePage } from './logs-page.ts';
import type { PageText } from './page-text.ts';

/** SignalWire answered with another status than one of success. */
export class RefusedError extends Error {
  readonly status: number;
  /** Seconds, or an HTTP-date; undefined where there was none. */
  readonly retryAfter: string | undefined;
  /** The answer's body, its beginning if it is long. */
  readonly body: string;

  constructor(status: number, retryAfter: string | undefined, body: string) {
    super();
    this.status = status;
    this.retryAfter = retryAfter;
    this.body = body;
  }
}

/** A successful answer whose body can't be used; maybe the next one can. */
export class BadBodyError extends Error {
  readonly cutShort: boolean;

  constructor(cutShort: boolean) {
    super();
    this.cutShort = cutShort;
  }
}

/** Bytes of a refusal that are looked at: its reasons are short, or not for people. */
const MOST_TOLD = 1 << 16;

/** The last byte of the answer had not come in time. */
export class TimedOutError extends Error {}

/** Where a page is, what is sent along, and for how long it is waited for. */
export interface Attempt {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** From the first byte sent to the last one read. */
  readonly timeoutMs: number;
  /** Breaks it off; undefined: nothing else does. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Asks for a page once. The body belongs to it: one that is cut, stalls or is no JSON may be whole the next time.
 *
 * @throws RefusedError, TimedOutError, BadBodyError, ConnectionError; the signal's reason where that breaks it off
 */
export async function attempt(request: Attempt, reader: PageReader): Promise<LogsPage | UnreadablePage> {
  const { status, headers, body } = await exchangeInTime(request);
  if (status >= 200 && status < 300) return readBody(body, reader);
  const text = body.bytes.toString('utf8', 0, MOST_TOLD);
  body.release();
  throw new RefusedError(status, headers['retry-after'], text);
}

async function exchangeInTime({ url, headers, timeoutMs, signal }: Attempt): Promise<Exchange> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  try {
    return await exchange({ url, headers, signal: either });
  } catch (error) {
    throw timeout.aborted && signal?.aborted !== true ? new TimedOutError() : error;
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
