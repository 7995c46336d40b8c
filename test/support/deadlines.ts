import type { Deadline } from '../../lambda/deadline.ts';

/** All the time that an invocation can have. */
export const NO_HURRY: Deadline = { remainingMs: () => 900_000 };
