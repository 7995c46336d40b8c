import { exchange, type GetRequest } from './exchange.ts';
import type { LogsPage, PageReader, UnreadablePage } from './page-reader.ts';
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

/**
 * Asks for a page once. The body belongs to it: one that is cut, stalls or is no JSON may be whole the next time.
 *
 * @throws RefusedError, TimedOutError, BadBodyError, TooLongError, ConnectionError; the signal's reason where that breaks it off
 */
export async function attempt(request: GetRequest, reader: PageReader): Promise<LogsPage | UnreadablePage> {
  const { status, headers, body } = await exchange(request);
  if (status >= 200 && status < 300) return readBody(body, reader);
  const text = body.bytes.toString('utf8', 0, MOST_TOLD);
  body.release();
  throw new RefusedError(status, headers['retry-after'], text);
}

function readBody(body: PageText, reader: PageReader): LogsPage | UnreadablePage {
  try {
    return reader.read(body);
  } catch (error) {
    // Anything else is a fault of this program, which no further try would mend.
    if (!(error instanceof SyntaxError)) throw error;
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
