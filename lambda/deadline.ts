import { OutOfTimeError } from './errors.ts';

/** The time this invocation has left; Lambda ends it without a word when there is none. */
export interface Deadline {
  /** Milliseconds until the invocation is ended. */
  remainingMs(): number;
}

/**
 * What the steps after the reading take on a bad day, in milliseconds. A step is begun only while its own time and
 * that of all steps after it is left; what takes longer still is broken off before the invocation is (`timeLimit`).
 */
export const RESERVED_MS = {
  /** A look into the archive, and a few words. */
  run: 2000,
  /** One call to SES, for as long as it may take, and the receipt. */
  send: 10_500,
  /** The claim and the message as sent, and the call after them. */
  email: 12_500,
  /** The files, the manifest, and the mail after them. */
  archive: 15_000,
} as const;

// An error needs a moment to be thrown, logged and answered.
const LAST_WORDS_MS = 1500;

/** A signal that breaks a request off in time to say why, instead of ending silently with the invocation. */
export function timeLimit(deadline: Deadline): AbortSignal {
  const left = Math.max(1, deadline.remainingMs() - LAST_WORDS_MS);
  return AbortSignal.timeout(Math.min(left, 2 ** 31 - 1));
}

/**
 * The same deadline for work that must leave time for other work after it.
 *
 * @param reservedMs milliseconds that are not to be touched
 */
export function leaving(deadline: Deadline, reservedMs: number): Deadline {
  return { remainingMs: () => deadline.remainingMs() - reservedMs };
}

/**
 * @param neededMs milliseconds that the step, and what must follow it, may take
 * @param step what would begin now, as the message shall name it
 * @param soFar what was done and what comes next, in sentences
 * @throws OutOfTimeError
 */
export function requireTime(deadline: Deadline, neededMs: number, step: string, soFar: string): void {
  const left = deadline.remainingMs();
  if (left < neededMs) {
    throw new OutOfTimeError(
      `${Math.max(0, Math.round(left / 1000))} s are left, too few for ${step} (${neededMs / 1000} s). ${soFar} ` +
        'If it keeps happening, send {"day":"YYYY-MM-DD"}: a run for one day has all the time for it.',
    );
  }
}
