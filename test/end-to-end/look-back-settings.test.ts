import { expect, test } from '@jest/globals';
import { sessionLog } from '../support/logs.ts';
import { openMorning } from '../support/morning.ts';
import { manifestOf, only, restatedDays, statusOf, textOf } from './support/observations.ts';

const BEFORE = '2026-11-21';
const YESTERDAY = '2026-11-22';

function logOf(day: string): ReturnType<typeof sessionLog> {
  return sessionLog(day, { createdAt: `${day}T12:00:00Z`, charge: '1' });
}

test('a day that was archived in another currency is restated in its own', async () => {
  const dollars = await openMorning({ logs: [logOf(BEFORE)] });
  await dollars.run({ day: BEFORE, email: false });
  dollars.cloud.signalWire.logs = [
    logOf(BEFORE),
    sessionLog('late', { createdAt: `${BEFORE}T13:00:00Z`, charge: '0.5' }),
    logOf(YESTERDAY),
  ];
  const euros = await dollars.another(undefined, { BILLING_CURRENCY: 'EUR' });
  expect(statusOf(await euros.invoke({}))).toBe('delivered');
  expect(manifestOf(dollars, BEFORE)).toMatchObject({ revision: 2, charge: '1.50', currency: 'USD' });
  expect(manifestOf(dollars, YESTERDAY)).toMatchObject({ charge: '1.00', currency: 'EUR' });
  const mail = only(await dollars.mails());
  expect(restatedDays(mail)).toEqual([`${BEFORE} $1.00 $1.50 +$0.50 1 late charge`]);
  // Euros must not be compared with dollars.
  expect(textOf(mail)).toContain(`0 of 7 days: 6 not archived yet; ${BEFORE} is in USD`);
});

test('a change of the billing zone leads to a notice, as some hours are counted twice or not at all', async () => {
  const utc = await openMorning({ logs: [logOf(BEFORE), logOf(YESTERDAY)] });
  await utc.run({ day: BEFORE, email: false });
  const berlin = await utc.another(undefined, { BILLING_TIME_ZONE: 'Europe/Berlin' });
  expect(statusOf(await berlin.invoke({}))).toBe('delivered');
  expect(manifestOf(utc, YESTERDAY).notices).toEqual([
    'The billing time zone was UTC until 2026-11-21 and is Europe/Berlin from 2026-11-22 on: sessions in the hours ' +
      'between the two midnights are counted on both days, or on neither. Compare with the invoice.',
  ]);
});
