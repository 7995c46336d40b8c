import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { sessionLog } from '../support/logs.ts';
import { type Morning, openMorning } from '../support/morning.ts';
import { DAY, logLines, only } from './support/observations.ts';

/** Fifteen pages, a log every six seconds. */
const LOGS = Array.from({ length: 14_400 }, (_, index) =>
  sessionLog(index, { charge: '0.01', createdAt: new Date(Date.parse(DAY) + index * 6000).toISOString() }),
);

/** Far more than processing a page takes. */
const LATENCY_MS = 150;

function windowsAsked({ cloud }: Morning): number {
  return cloud.signalWire.requests.filter(({ url }) => url.includes('created_before=')).length;
}

test('a long day whose pages come slowly is read as time windows, and is complete', async () => {
  const morning = await openMorning({ logs: LOGS });
  morning.cloud.signalWire.intercept = async () => {
    await sleep(LATENCY_MS);
    return false;
  };
  const invocation = await morning.invoke();
  expect(invocation.result).toMatchObject({
    reports: [{ status: 'delivered', sessions: 14_400, charge: '144.00' }],
  });
  // All but the first few pages; how many those are depends on what else the machine has to do.
  expect(windowsAsked(morning)).toBeGreaterThan(morning.cloud.signalWire.requests.length / 2);
  expect(logLines(invocation, 'WARN')).toEqual([]);
});

test('if SignalWire does not honour windows, the day is read page by page, and the log says why', async () => {
  const morning = await openMorning({ logs: LOGS });
  morning.cloud.signalWire.bounds = 'refused';
  const invocation = await morning.invoke();
  expect(invocation.result).toMatchObject({
    reports: [{ status: 'delivered', sessions: 14_400, charge: '144.00' }],
  });
  expect(only(logLines(invocation, 'WARN'))).toMatchObject({
    message:
      `The video logs of ${DAY} are read page by page, not in time windows: SignalWire refused a request for one. ` +
      'The report is the same; if SignalWire is slow, it takes longer to make. No action is needed; to stop trying ' +
      'windows, set readInWindows to false (READ_IN_WINDOWS).',
    task: 'scheduled',
  });
});

test('if the setting says so, no window is requested', async () => {
  const morning = await openMorning({ logs: LOGS, environment: { READ_IN_WINDOWS: 'false' } });
  expect(await morning.run()).toMatchObject({ reports: [{ status: 'delivered', sessions: 14_400 }] });
  expect(windowsAsked(morning)).toBe(0);
  expect(morning.cloud.signalWire.requests).toHaveLength(15);
});
