import { describe, expect, test } from '@jest/globals';
import { ArchiveError, EmailRejectedError, SignalWireUnavailableError } from '../../lambda/errors.ts';
import { failureOf } from '../../lambda/failed-days.ts';

const UNAVAILABLE = new SignalWireUnavailableError('Try later.');
const REJECTED = new EmailRejectedError('Verify the sender.');

/** The name and the message of an error, by which the log and the alarms know it. */
function nameAndMessage(error: unknown): readonly string[] {
  if (!(error instanceof Error)) throw new Error('What a run throws is an error');
  return [error.name, error.message];
}

describe('a run about only one day', () => {
  test('fails with that day’s own failure', () => {
    expect(failureOf([{ day: '2026-11-22', error: REJECTED }], [])).toBe(REJECTED);
  });
});

describe('a run about several days', () => {
  test('fails by the name of the newest day’s failure, and lists every failed day, oldest first', () => {
    const failures = [
      { day: '2026-11-21', error: UNAVAILABLE },
      { day: '2026-11-22', error: REJECTED },
    ];
    expect(nameAndMessage(failureOf(failures, []))).toEqual([
      'EmailRejectedError',
      '2 of 2 days could not be reported. 2026-11-21: SignalWireUnavailableError: Try later. ' +
        '2026-11-22: EmailRejectedError: Verify the sender.',
    ]);
  });

  test('says which of them it did report', () => {
    const failures = [{ day: '2026-11-20', error: new ArchiveError('Look at the bucket.') }];
    expect(nameAndMessage(failureOf(failures, ['2026-11-21', '2026-11-22']))).toEqual([
      'ArchiveError',
      '1 of 3 days could not be reported. 2026-11-20: ArchiveError: Look at the bucket. ' +
        'Reported: 2026-11-21, 2026-11-22.',
    ]);
  });

  test('says what was thrown even if it was not an Error', () => {
    expect(nameAndMessage(failureOf([{ day: '2026-11-21', error: 'out of order' }], ['2026-11-22']))).toEqual(
      ['Error', '1 of 2 days could not be reported. 2026-11-21: out of order Reported: 2026-11-22.'],
    );
  });
});
