import { describe, expect, jest, test } from '@jest/globals';
import { type Deadline, leaving, requireTime, timeLimit } from '../../lambda/deadline.ts';

function left(ms: number): Deadline {
  return { remainingMs: () => ms };
}

/** The error thrown when a step of 12.5 seconds should begin; null if there is none. */
function refusal(remainingMs: number): unknown {
  try {
    requireTime(left(remainingMs), 12_500, 'the mail', 'The archive is complete.');
    return null;
  } catch (error) {
    return error;
  }
}

/** The number of milliseconds after which a request that begins now is aborted. */
function brokenOffAfter(deadline: Deadline): unknown {
  const timeout = jest.spyOn(AbortSignal, 'timeout');
  try {
    timeLimit(deadline);
    return timeout.mock.calls[0]?.[0];
  } finally {
    timeout.mockRestore();
  }
}

describe('a step', () => {
  test('begins with exactly the time that it needs', () => {
    expect(refusal(12_500)).toBeNull();
  });

  test.each([
    [12_499, 12],
    [11_400, 11],
    [0, 0],
    [-700, 0],
  ])('does not begin with %d ms left, and says that %d s are left', (remainingMs, seconds) => {
    expect(refusal(remainingMs)).toMatchObject({
      name: 'OutOfTimeError',
      message:
        `${seconds} s are left, too little for the mail (12.5 s). The archive is complete. If this keeps happening, ` +
        'send {"day":"YYYY-MM-DD"}: a run for one day has all the time to itself.',
    });
  });
});

describe('a request', () => {
  test.each([
    [60_000, 58_500],
    [1_501, 1],
    [1_500, 1],
    [0, 1],
    [-5_000, 1],
    // The command has no limit; a timer has one.
    [Infinity, 2_147_483_647],
  ])('with %d ms left is aborted after %d ms', (remainingMs, ms) => {
    expect(brokenOffAfter(left(remainingMs))).toBe(ms);
  });
});

test('for work that must leave time for other work, that time is never part of the time left', () => {
  let remainingMs = 900_000;
  const deadline = leaving({ remainingMs: () => remainingMs }, 300_000);
  expect(deadline.remainingMs()).toBe(600_000);
  remainingMs = 200_000;
  expect(deadline.remainingMs()).toBe(-100_000);
});
