import { exchange, type GetRequest } from './exchange.ts';
import type { LogsPage, PageReader, UnreadablePage } from './page-reader.ts';
import type { PageText } from './page-text.ts';

/** SignalWire answered with a status other than success. */
export class RefusedError extends Error {
  readonly status: number;
  /** Seconds, or an HTTP-date; undefined if there was none. */
  readonly retryAfter: string | undefined;
  /** The answer's body; only its beginning if it is long. */
  readonly body: string;

  constructor(status: number, retryAfter: string | undefined, body: string) {
    super();
    this.status = status;
    this.retryAfter = retryAfter;
    this.body = body;
  }
}

/** A successful answer whose body can't be used, though the next one's may be. */
export class BadBodyError extends Error {
  readonly cutShort: boolean;

  constructor(cutShort: boolean) {
    super();
    this.cutShort = cutShort;
  }
}

/** How many bytes of a refusal are looked at: reasons meant for people are shorter. */
const MOST_REFUSAL_BYTES = 1 << 16;

/**
 * Asks for a page once. Reading the body is part of it: one that is cut off, stalls or is not JSON may be whole next
 * time.
 *
 * @throws RefusedError, TimedOutError, BadBodyError, TooLongError, ConnectionError; the signal's reason if that aborts
 *   it
 */
export async function attempt(request: GetRequest, reader: PageReader): Promise<LogsPage | UnreadablePage> {
  const { status, headers, body } = await exchange(request);
  if (status >= 200 && status < 300) return readBody(body, reader);
  const text = body.bytes.toString('utf8', 0, MOST_REFUSAL_BYTES);
  body.release();
  throw new RefusedError(status, headers['retry-after'], text);
}

function readBody(body: PageText, reader: PageReader): LogsPage | UnreadablePage {
  try {
    return reader.read(body);
  } catch (error) {
    // Anything else is a bug in this program, which trying again would not fix.
    if (!(error instanceof SyntaxError)) throw error;
    throw new BadBodyError(isCutShort(body.bytes.toString()));
  }
}

/** Whether a JSON object begins but does not end: the rest was lost on the way, whatever the headers say. */
function isCutShort(text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false;
  const withoutStrings = text.replace(/"(?:[^"\\]|\\.)*"/gs, '');
  const count = (brackets: RegExp): number => withoutStrings.match(brackets)?.length ?? 0;
  return withoutStrings.includes('"') || count(/[{[]/g) > count(/[}\]]/g);
}
