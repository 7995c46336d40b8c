import { BadBodyError, RefusedError } from './attempt.ts';
import { ConnectionError, TimedOutError } from './exchange.ts';

/** How long to wait before a request is sent again, in milliseconds: any time from `least` to `most`. */
export interface Wait {
  readonly least: number;
  readonly most: number;
}

/** Requests that were refused together, such as those of windows, should not all come back at the same instant. */
const SPREAD_MS = 250;

/**
 * How long to wait before a request that failed is sent again.
 *
 * @param error what it failed with
 * @param retry 1 before the second try
 * @returns null if it must not be sent again
 */
export function waitAfter(error: unknown, retry: number): Wait | null {
  if (error instanceof RefusedError) {
    if (!isRetried(error.status)) return null;
    const asked = retryAfterMs(error);
    return asked === null ? backoff(retry) : { least: asked, most: asked + SPREAD_MS };
  }
  // At once, on a new connection.
  if (error instanceof ConnectionError && error.wasDead) return { least: 0, most: 0 };
  const mayPass = [BadBodyError, ConnectionError, TimedOutError].some((kind) => error instanceof kind);
  return mayPass ? backoff(retry) : null;
}

/**
 * Up to half a second, then one, two and four seconds, chosen at random so that failed requests don't return together.
 */
function backoff(retry: number): Wait {
  const most = 500 * 2 ** (retry - 1);
  return { least: most / 2, most };
}

/** Whether a status is about the server's state rather than the request. HTTP has no status above 599. */
export function isRetried(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** RFC 9110, 10.2.3: seconds, or an HTTP-date, which ends in GMT. Null if there is none that can be read. */
export function retryAfterMs({ retryAfter }: RefusedError): number | null {
  if (retryAfter === undefined) return null;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const date = retryAfter.endsWith(' GMT') ? Date.parse(retryAfter) : NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}
