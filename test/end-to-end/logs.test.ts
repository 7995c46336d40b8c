import { describe, expect, test } from '@jest/globals';
import type { Invocation } from '../../local/lambda-process.ts';
import { deletedLog, sessionLog } from '../support/logs.ts';
import { type Morning, openMorning } from '../support/morning.ts';
import { cut, onWriting, refuseAsS3, replyJson, servePages, times } from './support/faults.ts';
import {
  DAY,
  failureOf,
  logLines,
  MANIFEST_KEY,
  metricLines,
  metricsOf,
  only,
} from './support/observations.ts';

const LOGS = [
  sessionLog(1, { charge: '1.25' }),
  sessionLog(2, { room: 'retro', charge: '0.7435' }),
  sessionLog(3, { room: 'retro', charge: '-0.01' }),
  deletedLog(4),
];

/** The metrics that every run publishes, here with nothing to report. */
const IDLE = { ApiRequests: 0, ApiRetries: 0, Restatements: 0, RestatementFailures: 0 };
const CHARGED = { ...IDLE, YesterdayDelivered: 1, ReportDelivered: 1, Charge: 1.9835, Sessions: 3, Rooms: 2 };
const REQUEST_ID = /^[0-9a-f-]{36}$/;
const unavailable = replyJson(500, { error: 'Internal Server Error' });

test('a delivery publishes all ten metrics, in the format that CloudWatch reads', async () => {
  const morning = await openMorning({ logs: LOGS });
  const { _aws: metadata, ...values } = only(metricLines(await morning.invoke()));

  expect(metadata).toEqual({
    Timestamp: expect.any(Number),
    CloudWatchMetrics: [
      {
        Namespace: 'VideoCostReport',
        Dimensions: expect.any(Array),
        Metrics: expect.arrayContaining([
          { Name: 'ReportDelivered', Unit: 'Count' },
          { Name: 'YesterdayDelivered', Unit: 'Count' },
          { Name: 'Charge', Unit: 'None' },
          { Name: 'Sessions', Unit: 'Count' },
          { Name: 'Rooms', Unit: 'Count' },
          { Name: 'Restatements', Unit: 'Count' },
          { Name: 'RestatementFailures', Unit: 'Count' },
          { Name: 'ApiRequests', Unit: 'Count' },
          { Name: 'ApiRetries', Unit: 'Count' },
          { Name: 'ApiTime', Unit: 'Milliseconds' },
        ]),
      },
    ],
  });
  expect(only(metadata.CloudWatchMetrics).Metrics).toHaveLength(10);
  expect(values).toMatchObject({ ...CHARGED, ApiRequests: 1 });
  expect(new Date(metadata.Timestamp).toISOString()).toMatch(/^2026-11-23T06:00:/);
});

describe('the values of the metrics', () => {
  test('count every request and every retry', async () => {
    const morning = await openMorning();
    const pages = servePages([LOGS.slice(0, 1), LOGS.slice(1)]);
    const twice = times(2, unavailable);
    morning.cloud.signalWire.intercept = async (request, response) =>
      (await twice(request, response, { status: 500 })) || pages(request, response);

    expect(metricsOf(await morning.invoke())).toEqual({ ...CHARGED, ApiRequests: 4, ApiRetries: 2 });
  });

  test('are zero for a day without usage', async () => {
    const morning = await openMorning();

    expect(metricsOf(await morning.invoke())).toEqual({
      ...IDLE,
      YesterdayDelivered: 1,
      ReportDelivered: 1,
      Charge: 0,
      Sessions: 0,
      Rooms: 0,
      ApiRequests: 1,
    });
  });

  test.each([
    ['archived without mail', { day: DAY, email: false }, noPreparation, 1],
    ['mailed once more', { day: DAY, resend: 'wanted' }, firstRun, 0],
    ['read again on purpose', { day: DAY, restate: true }, firstRun, 1],
    ['unknown to the contract', { unknown: 1 }, noPreparation, 0],
  ])('claim no delivery if the day is %s', async (_what, event, prepare, requests) => {
    const morning = await openMorning({ logs: LOGS });
    await prepare(morning);

    expect(metricsOf(await morning.invoke(event))).toEqual({ ...IDLE, ApiRequests: requests });
  });

  test('report every hour that yesterday is delivered, but count its charge once', async () => {
    const morning = await openMorning({ logs: LOGS });
    await firstRun(morning);

    expect(metricsOf(await morning.invoke())).toEqual({ ...IDLE, YesterdayDelivered: 1 });
  });

  test('report the time that SignalWire took, including retries and waits', async () => {
    const morning = await openMorning({ logs: LOGS });
    morning.cloud.signalWire.intercept = times(1, unavailable);

    // Before a second try, it waits for at least a quarter of a second.
    const { ApiTime: time } = only(metricLines(await morning.invoke()));
    expect(time).toBeGreaterThanOrEqual(250);
    await firstRun(morning);
    expect(only(metricLines(await morning.invoke()))['ApiTime']).toBe(0);
  });

  test('are also published by runs that fail', async () => {
    const morning = await openMorning({ logs: LOGS });
    morning.cloud.signalWire.intercept = times(1, unavailable);
    morning.cloud.s3.intercept = onWriting(MANIFEST_KEY, refuseAsS3(403, 'AccessDenied'));

    const invocation = await morning.invoke();
    await failureOf(morning, invocation, 'ArchiveError');
    expect(metricsOf(invocation)).toEqual({ ...IDLE, ApiRequests: 2, ApiRetries: 1 });
  });

  test('claim no delivery if it is unknown whether there was one', async () => {
    const morning = await openMorning({ logs: LOGS });
    morning.cloud.ses.afterHandling = cut;

    const invocation = await morning.invoke();
    await failureOf(morning, invocation, 'EmailOutcomeUnknownError');
    expect(metricsOf(invocation)).toEqual({ ...IDLE, ApiRequests: 1 });
  });

  async function firstRun(morning: Morning): Promise<void> {
    await morning.run();
  }

  async function noPreparation(): Promise<void> {
    // Nothing has been done before.
  }
});

describe('every printed line is one JSON object', () => {
  test.each<[string, (morning: Morning) => Promise<Invocation>]>([
    ['a delivery', (morning) => morning.invoke()],
    ['a refused event', (morning) => morning.invoke(null)],
    [
      'a refused mail',
      (morning) => {
        morning.cloud.ses.refuseWith = {
          code: 'MessageRejected',
          message: 'Email address\nis not verified.',
        };
        return morning.invoke();
      },
    ],
    [
      'a refused token',
      (morning) => {
        morning.cloud.signalWire.apiToken = 'PT-another';
        return morning.invoke();
      },
    ],
    [
      'a retried request',
      (morning) => {
        morning.cloud.signalWire.intercept = times(1, unavailable);
        return morning.invoke();
      },
    ],
  ])('after %s', async (_what, run) => {
    const morning = await openMorning({ logs: [...LOGS, sessionLog('lines', { room: 'a\r\nb\u2028c' })] });
    const { stdout, stderr } = await run(morning);

    const lines = [...stdout, ...stderr];
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => !isObject(line))).toEqual([]);
  });

  test('that reports a failure has its name and its message', async () => {
    const morning = await openMorning({ logs: LOGS });
    morning.cloud.ses.refuseWith = { code: 'MessageRejected', message: 'Email address is not verified.' };
    const invocation = await morning.invoke();

    expect(only(logLines(invocation, 'ERROR'))).toMatchObject({
      ...{ requestId: expect.stringMatching(REQUEST_ID), task: 'scheduled', day: DAY },
      error: { name: 'EmailRejectedError', message: invocation.error?.message },
    });
  });

  test.each([
    ['scheduled', {}],
    ['day', { day: DAY }],
    ['restate', { day: DAY, restate: true }],
  ])('that reports what a run did is logged: %s', async (task, event) => {
    const morning = await openMorning({ logs: LOGS });
    const invocation = await morning.invoke(event);

    expect(only(logLines(invocation, 'INFO'))).toMatchObject({
      requestId: expect.stringMatching(REQUEST_ID),
      task,
      ...(invocation.result as object),
    });
  });

  test('has the request id of its own run, also within one container', async () => {
    const morning = await openMorning({ logs: LOGS });
    const invocations = [await morning.invoke(), await morning.invoke(), await morning.invoke(null)];

    const ids = invocations.flatMap((invocation) =>
      [...logLines(invocation, 'INFO'), ...logLines(invocation, 'ERROR')].map(({ requestId }) => requestId),
    );
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(3);
  });
});

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
