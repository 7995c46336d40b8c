import type { Deadline } from '../lambda/deadline.ts';

const A_DAY_MS = 24 * 60 * 60_000;

/** A deadline that never comes: only its operator ends a command. */
export const NO_HURRY: Deadline = { remainingMs: () => A_DAY_MS };
