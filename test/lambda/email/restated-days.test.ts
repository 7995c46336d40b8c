import { describe, expect, test } from '@jest/globals';
import type { Manifest, Revision } from '../../../lambda/archive/manifest.ts';
import { restatedDays } from '../../../lambda/email/restated-days.ts';

type RevisionChanges = Partial<Omit<Revision, 'at'>> & Pick<Revision, 'at'>;

function manifestOf(day: string, revisions: readonly RevisionChanges[]): Manifest {
  const all = revisions.map((revision, index) => ({
    ...{ revision: index + 1, charge: `${index + 1}0.00`, sessions: 1 },
    ...{ reason: `reason ${index + 1}`, restatedBy: index === 0 ? null : 'an event' },
    ...revision,
  }));
  return {
    ...{ day, timeZone: 'UTC', space: 'example', currency: 'USD', revision: all.length, charge: '0.00' },
    ...{
      rooms: 0,
      sessions: 0,
      inProgressSessions: 0,
      deletedLogs: 0,
      files: [],
      notices: [],
      revisions: all,
    },
  };
}

const REPORTED = manifestOf('2026-11-22', [{ at: '2026-11-23T06:00:10Z' }]);
const DAY_BEFORE = manifestOf('2026-11-21', [{ at: '2026-11-22T06:00:10Z' }]);

function daysOf(...revisions: readonly RevisionChanges[]): string[] {
  const earlier = manifestOf('2026-11-18', [{ at: '2026-11-19T06:00:10Z' }, ...revisions]);
  return restatedDays(REPORTED, [DAY_BEFORE, earlier]).map(
    ({ day, before, after, reason }) => `${day} ${before.toFixed(2)} ${after.toFixed(2)} ${reason}`,
  );
}

describe('a day is reported as restated', () => {
  test('if that happened between the last report and this one', () => {
    expect(daysOf({ at: '2026-11-23T06:00:05Z' })).toEqual(['2026-11-18 10.00 20.00 reason 2']);
    expect(daysOf({ at: '2026-11-22T06:00:11Z' })).toEqual(['2026-11-18 10.00 20.00 reason 2']);
  });

  test('but not if it was reported before', () => {
    expect(daysOf({ at: '2026-11-22T06:00:05Z' })).toEqual([]);
  });

  test('but not if that happened after this report: a mail sent once more says the same', () => {
    expect(daysOf({ at: '2026-11-23T06:00:11Z' })).toEqual([]);
    expect(daysOf({ at: '2026-11-24T06:00:00Z', restatedBy: 'the report of 2026-11-23' })).toEqual([]);
  });

  test('if a run for this report did it, even one that was overtaken or had failed before', () => {
    const restatedBy = 'the report of 2026-11-22';
    expect(daysOf({ at: '2026-11-22T05:00:00Z', restatedBy })).toHaveLength(1);
    expect(daysOf({ at: '2026-11-23T06:00:11Z', restatedBy })).toHaveLength(1);
  });

  test('once, from the first figure to the last, with all reasons', () => {
    expect(daysOf({ at: '2026-11-22T09:00:00Z' }, { at: '2026-11-23T06:00:05Z' })).toEqual([
      '2026-11-18 10.00 30.00 reason 2; reason 3',
    ]);
  });

  test('from the figure that the last report knew', () => {
    expect(daysOf({ at: '2026-11-20T09:00:00Z' }, { at: '2026-11-23T06:00:05Z' })).toEqual([
      '2026-11-18 20.00 30.00 reason 3',
    ]);
  });

  test('oldest day first', () => {
    const restated = (day: string): Manifest =>
      manifestOf(day, [{ at: '2026-11-19T06:00:10Z' }, { at: '2026-11-23T06:00:05Z' }]);
    const earlier = [DAY_BEFORE, restated('2026-11-18'), restated('2026-11-02')];
    expect(restatedDays(REPORTED, earlier).map(({ day }) => day)).toEqual(['2026-11-02', '2026-11-18']);
  });
});

test.each([
  ['100.00', '105.00', false],
  ['100.00', '105.000001', true],
  ['100.00', '94.99', true],
  ['0.00', '0.01', true],
  ['0.00', '0.00', false],
  ['-100.00', '-106.00', true],
])('a change from %s to %s needs attention: %s', (before, after, isLarge) => {
  const earlier = manifestOf('2026-11-18', [
    { at: '2026-11-19T06:00:10Z', charge: before },
    { at: '2026-11-23T06:00:05Z', charge: after },
  ]);
  expect(restatedDays(REPORTED, [earlier, DAY_BEFORE])).toMatchObject([{ isLarge }]);
});
