import type { Deadline } from '../../lambda/deadline.ts';

/** The most time that an invocation can have. */
export const NO_HURRY: Deadline = { remainingMs: () => 900_000 };
