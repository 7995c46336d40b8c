import type { Deadline } from '../lambda/deadline.ts';

const A_DAY_MS = 24 * 60 * 60_000;

/** A deadline that never comes: nobody ends a command but its operator. */
export const NO_HURRY: Deadline = { remainingMs: () => A_DAY_MS };
