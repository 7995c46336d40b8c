import { expect, test } from '@jest/globals';
import { archivedAt, byReportOf, isKnownTo, type Manifest } from '../../../lambda/archive/manifest.ts';

const FIRST = {
  revision: 1,
  at: '2026-11-23T06:00:00.000Z',
  charge: '1.00',
  sessions: 1,
  reason: 'first reading',
  restatedBy: null,
};
const LATER = {
  ...FIRST,
  revision: 2,
  at: '2026-11-24T06:00:00.000Z',
  restatedBy: 'an event for 2026-11-22',
};
const REPORTED: Manifest = {
  day: '2026-11-22',
  timeZone: 'UTC',
  space: 'example',
  currency: 'USD',
  revision: 2,
  charge: '1.00',
  rooms: 1,
  sessions: 1,
  inProgressSessions: 0,
  deletedLogs: 0,
  files: [],
  notices: [],
  revisions: [FIRST, LATER],
};

test('a day counts as archived when its first revision was, whatever came later', () => {
  expect(archivedAt(REPORTED)).toBe('2026-11-23T06:00:00.000Z');
});

test('a restatement names the report whose run made it', () => {
  expect(byReportOf('2026-11-22')).toBe('the report of 2026-11-22');
});

// When an earlier day was restated, what requested it, and whether the report of 2026-11-22 could know it.
test.each([
  ['2026-11-23T05:59:59.999Z', 'an event', true],
  ['2026-11-23T06:00:00.000Z', 'an event', true],
  ['2026-11-23T06:00:00.001Z', 'an event', false],
  ['2026-11-23T07:00:00.000Z', 'the report of 2026-11-22', true],
  ['2026-11-23T07:00:00.000Z', 'the report of 2026-11-23', false],
  ['2026-11-22T07:00:00.000Z', 'the report of 2026-11-21', true],
])('a restatement at %s by %s was known: %s', (at, restatedBy, known) => {
  expect(isKnownTo(REPORTED, { ...FIRST, revision: 2, at, restatedBy })).toBe(known);
});
