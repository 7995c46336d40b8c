import { describe, expect, test } from '@jest/globals';
import { sessionLog } from '../support/logs.ts';
import { type MorningOptions, openMorning, SIX_O_CLOCK } from '../support/morning.ts';
import {
  datesAsked,
  failureOf,
  NO_REQUESTS,
  reportOf,
  requestCounts,
  traces,
} from './support/observations.ts';

const RESEND_501 = 'x'.repeat(501);

describe('a known event', () => {
  test.each([
    ['nothing: the day before the clock', {}, '2026-11-22', 'delivered'],
    ['the time of this morning', { scheduledTime: SIX_O_CLOCK }, '2026-11-22', 'delivered'],
    ['an earlier time', { scheduledTime: '2026-11-22T06:00:00Z' }, '2026-11-21', 'delivered'],
    ['the first instant of a day', { scheduledTime: '2026-11-23T00:00:00Z' }, '2026-11-22', 'delivered'],
    ['the last instant of a day', { scheduledTime: '2026-11-22T23:59:59Z' }, '2026-11-21', 'delivered'],
    ['yesterday', { day: '2026-11-22' }, '2026-11-22', 'delivered'],
    ['a leap day', { day: '2024-02-29' }, '2024-02-29', 'delivered'],
    ['a day without mail', { day: '2026-11-20', email: false }, '2026-11-20', 'archived'],
  ])('%s', async (_what, event, day, status) => {
    const morning = await openMorning({
      logs: [sessionLog('that day', { createdAt: `${day}T12:00:00Z`, charge: '1.25' })],
    });

    expect(await reportOf(morning, event)).toMatchObject({ day, status, charge: '1.25', sessions: 1 });
    expect(datesAsked(morning)).toEqual([day]);
    expect(traces(morning).mails).toBe(status === 'delivered' ? 1 : 0);
  });

  test('without a mail returns no message id', async () => {
    const morning = await openMorning({ logs: [sessionLog(1)] });

    expect(await morning.run({ day: '2026-11-22', email: false })).toEqual({
      reports: [
        {
          day: '2026-11-22',
          status: 'archived',
          revision: 1,
          rooms: 1,
          sessions: 1,
          charge: '0.10',
          currency: 'USD',
        },
      ],
      restated: [],
    });
  });
});

test('every unknown event is refused before any request is made', async () => {
  const invalid: unknown[] = [
    null,
    [],
    [{ day: '2026-11-22' }],
    'x',
    '2026-11-22',
    7,
    true,
    { unknown: 1 },
    { Day: '2026-11-22' },
    { day: null },
    { day: '' },
    { day: 20261122 },
    { day: '2026-11-2' },
    { day: '22.11.2026' },
    { day: '2026-11-22T00:00:00Z' },
    { day: ' 2026-11-22' },
    { day: '2026-11-22\n' },
    { day: '2026-02-30' },
    { day: '2025-02-29' },
    { day: '2026-13-01' },
    { day: '2026-11-23' },
    { day: '2026-11-24' },
    { day: '9999-12-31' },
    { scheduledTime: 'yesterday' },
    { scheduledTime: '2026-11-23' },
    { scheduledTime: '2026-02-30T06:00:00Z' },
    { scheduledTime: 1795413600 },
    { scheduledTime: null },
    { scheduledTime: '' },
    { scheduledTime: '2026-11-24T06:00:00Z' },
    { scheduledTime: '2031-01-01T00:00:00Z' },
    { scheduledTime: SIX_O_CLOCK, day: '2026-11-22' },
    { scheduledTime: SIX_O_CLOCK, email: false },
    { scheduledTime: SIX_O_CLOCK, unknown: 1 },
    { email: false },
    { day: '2026-11-22', unknown: 1 },
    { day: '2026-11-22', email: true },
    { day: '2026-11-22', email: 'false' },
    { day: '2026-11-22', email: null },
    { day: '2026-11-22', restate: false },
    { day: '2026-11-22', restate: 'yes' },
    { restate: true },
    { day: '2026-11-22', resend: '' },
    { day: '2026-11-22', resend: '   ' },
    { day: '2026-11-22', resend: true },
    { day: '2026-11-22', resend: 'never\narrived' },
    { day: '2026-11-22', resend: 'never\r\nBcc: everyone@example.com' },
    { day: '2026-11-22', resend: 'never\u0000arrived' },
    { day: '2026-11-22', resend: RESEND_501 },
    { resend: 'never arrived' },
    { day: '2026-11-23', resend: 'never arrived' },
    { day: '2026-11-22', email: false, restate: true },
    { day: '2026-11-22', email: false, resend: 'never arrived' },
    { day: '2026-11-22', restate: true, resend: 'never arrived' },
  ];
  const morning = await openMorning({ logs: [sessionLog(1)] });

  const outcomes: unknown[] = [];
  for (const event of invalid) {
    const { error } = await morning.invoke(event);
    outcomes.push({ event, name: error?.name });
  }
  expect(outcomes).toEqual(invalid.map((event) => ({ event, name: 'InvalidEventError' })));
  expect(requestCounts(morning)).toEqual(NO_REQUESTS);
});

test('the refusal of an event says which events there are', async () => {
  const morning = await openMorning();

  const message = await failureOf(morning, await morning.invoke({ days: '2026-11-22' }), 'InvalidEventError');
  expect(message).toContain('{"days":"2026-11-22"}');
  expect(message).toContain('{"day":"2026-11-22"}');
});

describe('which day is today depends on the billing zone', () => {
  // In Auckland it is half past midnight on the 23rd while it is still the 22nd in UTC; in Los Angeles vice versa.
  const auckland: MorningOptions = {
    clock: '2026-11-22T11:30:00Z',
    environment: { BILLING_TIME_ZONE: 'Pacific/Auckland' },
  };
  const losAngeles: MorningOptions = {
    clock: '2026-11-23T06:00:00Z',
    environment: { BILLING_TIME_ZONE: 'America/Los_Angeles' },
  };

  // The dates in UTC, newest first.
  test.each([
    ['Auckland', auckland, {}, '2026-11-22', ['2026-11-22', '2026-11-21']],
    ['Auckland', auckland, { day: '2026-11-22' }, '2026-11-22', ['2026-11-22', '2026-11-21']],
    ['Los Angeles', losAngeles, {}, '2026-11-21', ['2026-11-22', '2026-11-21']],
    ['Los Angeles', losAngeles, { day: '2026-11-21' }, '2026-11-21', ['2026-11-22', '2026-11-21']],
    [
      'Los Angeles',
      losAngeles,
      { scheduledTime: '2026-11-22T08:00:00Z' },
      '2026-11-21',
      ['2026-11-22', '2026-11-21'],
    ],
    [
      'Los Angeles',
      losAngeles,
      { scheduledTime: '2026-11-22T07:59:59Z' },
      '2026-11-20',
      ['2026-11-21', '2026-11-20'],
    ],
  ])('%s: %#', async (_city, options, event, day, dates) => {
    const morning = await openMorning(options);

    expect(await reportOf(morning, event)).toMatchObject({ day, status: 'delivered' });
    expect(datesAsked(morning)).toEqual(dates);
  });

  test.each([
    ['Auckland', auckland, '2026-11-23'],
    ['Los Angeles', losAngeles, '2026-11-22'],
    ['a minute before midnight', { clock: '2026-11-22T23:59:00Z' }, '2026-11-22'],
  ])('%s: the day that is not over is refused', async (_where, options, day) => {
    const morning = await openMorning(options);

    const message = await failureOf(morning, await morning.invoke({ day }), 'InvalidEventError');
    expect(message).toContain(day);
    expect(requestCounts(morning)).toEqual(NO_REQUESTS);
  });
});
