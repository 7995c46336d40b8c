import { setTimeout as sleep } from 'node:timers/promises';

// S3 answers 409 ConditionalRequestConflict while another write is in progress. Its end is awaited, for a second in all.
export const MOST_CONFLICTS = 5;

/** @param turn counted from 1 */
export async function waitForOthers(turn: number): Promise<void> {
  await sleep(100 * turn);
}
