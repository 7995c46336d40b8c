import { NOTHING_STORED, SignalWireInvalidResponseError, SignalWireUnavailableError } from '../errors.ts';
import { BadBodyError, RefusedError } from './attempt.ts';
import type { Credentials } from './credentials.ts';
import { ConnectionError, MOST_BODY_BYTES, TimedOutError, TooLongError } from './exchange.ts';
import { rejection } from './rejection.ts';
import { isRetried, retryAfterMs } from './retry-waits.ts';

const CHECK_THE_WAY = 'Check SIGNALWIRE_SPACE_URL, and whether a proxy is in between';

/**
 * The product's own error for whatever made a request fail. The original is dropped, as it may hold the credentials.
 *
 * @param credentials which must not appear in the message
 */
export function explained(error: unknown, credentials: Credentials): unknown {
  if (error instanceof RefusedError) return explainedRefusal(error, credentials);
  if (error instanceof BadBodyError) {
    return error.cutShort
      ? unavailable('its answer was cut short')
      : new SignalWireInvalidResponseError(
          `SignalWire answered with something that is not JSON. ${CHECK_THE_WAY}.`,
        );
  }
  if (error instanceof TooLongError) {
    return new SignalWireInvalidResponseError(
      `SignalWire answered with more than ${MOST_BODY_BYTES >> 20} MB, which can't be a page of 1,000 logs. ` +
        `${CHECK_THE_WAY}.`,
    );
  }
  if (error instanceof TimedOutError) return unavailable('it did not answer in time');
  if (error instanceof ConnectionError) return unavailable(networkReason(error));
  return error;
}

function explainedRefusal(error: RefusedError, credentials: Credentials): Error {
  const { status, body } = error;
  if (status >= 300 && status < 400) {
    return new SignalWireInvalidResponseError(
      `SignalWire answered with a redirect (${status}), which is not followed. Check SIGNALWIRE_SPACE_URL.`,
    );
  }
  if (!isRetried(status)) return rejection(status, body, credentials);
  const asked = retryAfterMs(error);
  return unavailable(
    asked === null
      ? `it answered ${status}`
      : `it answered ${status} and asked us to wait ${Math.ceil(asked / 1000)} s`,
  );
}

function unavailable(what: string): SignalWireUnavailableError {
  return new SignalWireUnavailableError(
    `SignalWire is not available: ${what}. ${NOTHING_STORED} The next run tries again; ` +
      'if this lasts, see https://status.signalwire.com.',
  );
}

/** What failed, and what to check if waiting alone won't help. */
function networkReason(error: Error): string {
  const code = innermostCode(error);
  if (code === 'ENOTFOUND') {
    return `there is no such host (${code}). Check SIGNALWIRE_SPACE_URL, and that the function can reach the internet`;
  }
  // What zlib says if compressed data ends too soon.
  if (code === 'Z_BUF_ERROR') return 'its answer was cut short';
  if (/CERT|SIGNATURE/.test(code)) {
    return `its certificate can't be trusted (${code}). ${CHECK_THE_WAY}; the credentials were not sent`;
  }
  return code === '' ? 'the connection failed' : `the connection failed (${code})`;
}

/** The code of the innermost cause, such as ECONNREFUSED, or its message if it has no code. */
function innermostCode(error: Error): string {
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  if (cause === undefined) return '';
  return innermostCode(cause) || (cause.code ?? cause.message);
}
