import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { sessionLog } from '../support/logs.ts';
import { type Morning, openMorning } from '../support/morning.ts';
import { DAY, logLines, only } from './support/observations.ts';

/** Fifteen pages, a log every six seconds. */
const LOGS = Array.from({ length: 14_400 }, (_, index) =>
  sessionLog(index, { charge: '0.01', createdAt: new Date(Date.parse(DAY) + index * 6000).toISOString() }),
);

/** Far more than a page's work. */
const LATENCY_MS = 150;

function windowsAsked({ cloud }: Morning): number {
  return cloud.signalWire.requests.filter(({ url }) => url.includes('created_before=')).length;
}

test('a long day whose pages take their time is read as windows of time, and is whole', async () => {
  const morning = await openMorning({ logs: LOGS });
  morning.cloud.signalWire.intercept = async () => {
    await sleep(LATENCY_MS);
    return false;
  };
  const invocation = await morning.invoke();
  expect(invocation.result).toMatchObject({
    reports: [{ status: 'delivered', sessions: 14_400, charge: '144.00' }],
  });
  // The first pages are not, nor is the one that is on its way while windows are proved.
  expect(windowsAsked(morning)).toBe(morning.cloud.signalWire.requests.length - 4);
  expect(logLines(invocation, 'WARN')).toEqual([]);
});

test('where SignalWire does not honour windows, it is read page by page, and the log says why', async () => {
  const morning = await openMorning({ logs: LOGS });
  morning.cloud.signalWire.bounds = 'refused';
  const invocation = await morning.invoke();
  expect(invocation.result).toMatchObject({
    reports: [{ status: 'delivered', sessions: 14_400, charge: '144.00' }],
  });
  expect(only(logLines(invocation, 'WARN'))).toMatchObject({
    message:
      `The video logs of ${DAY} are read page by page, not in windows of time: SignalWire refused to be asked for one. ` +
      'The report is the same; where SignalWire is slow, it takes longer to make. Nothing is to be done; to have windows ' +
      'tried no more, set readInWindows to false (READ_IN_WINDOWS).',
    task: 'scheduled',
  });
});

test('where the setting says so, no window is asked for', async () => {
  const morning = await openMorning({ logs: LOGS, environment: { READ_IN_WINDOWS: 'false' } });
  expect(await morning.run()).toMatchObject({ reports: [{ status: 'delivered', sessions: 14_400 }] });
  expect(windowsAsked(morning)).toBe(0);
  expect(morning.cloud.signalWire.requests).toHaveLength(15);
});
