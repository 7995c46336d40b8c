import { OutOfTimeError } from './errors.ts';

/** The time this invocation has left; Lambda ends it without a word when there is none. */
export interface Deadline {
  /** Milliseconds until the invocation is ended. */
  remainingMs(): number;
}

/**
 * What the steps after the reading need at worst, in milliseconds. A step is begun only while its own time and
 * that of all steps after it is left.
 */
export const RESERVED_MS = {
  /** Claim, one call to SES with its time-out, receipt. */
  email: 10_000,
  /** A file, the manifest, and the mail after them. */
  archive: 15_000,
} as const;

/**
 * @param neededMs milliseconds that the step, and what must follow it, may take
 * @param step what would begin now, as the message shall name it
 * @throws OutOfTimeError
 */
export function requireTime(deadline: Deadline, neededMs: number, step: string): void {
  const left = deadline.remainingMs();
  if (left < neededMs) {
    throw new OutOfTimeError(
      `${Math.max(0, Math.round(left / 1000))} s are left, too few for ${step} (${neededMs / 1000} s). ` +
        'Nothing was left half done; the next run begins anew. If it happens every day, raise the time-out of the function.',
    );
  }
}
