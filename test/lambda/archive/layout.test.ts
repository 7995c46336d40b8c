import { expect, test } from '@jest/globals';
import {
  EMAILS,
  emailsPrefix,
  lineItemsKey,
  manifestKey,
  parseEmailKey,
  resendPrefix,
  roomChargesKey,
} from '../../../lambda/archive/layout.ts';

test('a day’s objects are where accounting looks for them', () => {
  expect(roomChargesKey('2026-11-22')).toBe('room-charges/day=2026-11-22/room-charges.csv');
  expect(lineItemsKey('2026-11-22')).toBe('line-items/day=2026-11-22/line-items.csv');
  expect(manifestKey('2026-11-22')).toBe('manifests/day=2026-11-22.json');
  expect(EMAILS).toBe('emails/');
  expect(emailsPrefix('2026-11-22')).toBe('emails/day=2026-11-22/');
  expect(resendPrefix('2026-11-22', 'request')).toBe('emails/day=2026-11-22/resend-request/');
});

test.each([
  ['emails/day=2026-11-22/claim-1.json', { day: '2026-11-22', name: 'claim-1.json' }],
  ['emails/day=2026-11-22/x', { day: '2026-11-22', name: 'x' }],
  ['emails/day=2026-11-22/resend-a/receipt-1.json', { day: '2026-11-22', name: 'resend-a/receipt-1.json' }],
  ['emails/day=2026-11-22/', null],
  ['emails/day=2026-11-22', null],
  ['emails/day=6-11-22/claim-1.json', null],
  ['emails/day=2026-1-22/claim-1.json', null],
  ['emails/day=2026-11-2/claim-1.json', null],
  ['emails/day=today/claim-1.json', null],
  ['emails/2026-11-22/claim-1.json', null],
  ['old/emails/day=2026-11-22/claim-1.json', null],
  ['emails/day=2026-11-22/two\nlines', null],
  ['manifests/day=2026-11-22.json', null],
])('%j belongs to %j', (key, about) => {
  expect(parseEmailKey(key)).toEqual(about);
});
