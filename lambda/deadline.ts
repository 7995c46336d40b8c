import { OutOfTimeError } from './errors.ts';

/** The time this invocation has left. When it runs out, Lambda ends the invocation without any message. */
export interface Deadline {
  /** Milliseconds until the invocation is ended. */
  remainingMs(): number;
}

/**
 * How long each step may take on a bad day, in milliseconds; those after the reading include the steps after them. A
 * step begins only if that much time is left; one that takes longer is aborted before the invocation ends
 * (`timeLimit`).
 */
export const RESERVED_MS = {
  /** A look into the archive, and a few log lines. */
  run: 2000,
  /** One call to SES, at its longest, and the receipt. */
  send: 10_500,
  /** Storing the claim and the message, then the call. */
  email: 12_500,
  /** Storing the files and the manifest, then the mail. */
  archive: 15_000,
} as const;

// Enough to throw an error, log it and return it.
const LAST_WORDS_MS = 1500;

/** A signal that aborts a request early enough to report why, instead of dying silently with the invocation. */
export function timeLimit(deadline: Deadline): AbortSignal {
  const left = Math.max(1, deadline.remainingMs() - LAST_WORDS_MS);
  return AbortSignal.timeout(Math.min(left, 2 ** 31 - 1));
}

/**
 * An earlier deadline, for work that must leave time for other work after it.
 *
 * @param reservedMs milliseconds to leave
 */
export function leaving(deadline: Deadline, reservedMs: number): Deadline {
  return { remainingMs: () => deadline.remainingMs() - reservedMs };
}

const RUN_FOR_ONE_DAY = 'send {"day":"YYYY-MM-DD"}: a run for one day has all the time to itself';

/**
 * @param neededMs milliseconds that the step and what must follow it may take
 * @param step what would begin now, as the message names it
 * @param soFar what was done and what comes next, in full sentences
 * @param remedy what to do if it keeps happening
 * @throws OutOfTimeError
 */
export function requireTime(
  deadline: Deadline,
  neededMs: number,
  step: string,
  soFar: string,
  remedy = RUN_FOR_ONE_DAY,
): void {
  const left = deadline.remainingMs();
  if (left < neededMs) {
    throw new OutOfTimeError(
      `${Math.max(0, Math.round(left / 1000))} s are left, too little for ${step} (${neededMs / 1000} s). ${soFar} ` +
        `If this keeps happening, ${remedy}.`,
    );
  }
}
