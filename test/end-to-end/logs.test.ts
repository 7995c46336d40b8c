import { describe, expect, test } from '@jest/globals';
import type { Invocation } from '../../local/lambda-process.ts';
import { deletedLog, sessionLog } from '../support/logs.ts';
import { type Morning, openMorning } from '../support/morning.ts';
import { replyJson, servePages, times } from './support/faults.ts';
import { DAY, only } from './support/observations.ts';

const LOGS = [
  sessionLog(1, { charge: '1.25' }),
  sessionLog(2, { room: 'retro', charge: '0.7435' }),
  sessionLog(3, { room: 'retro', charge: '-0.01' }),
  deletedLog(4),
];

const CHARGED = { ReportDelivered: 1, Charge: 1.9835, Sessions: 3, Rooms: 2, Restatements: 0 };
const unavailable = replyJson(500, { error: 'Internal Server Error' });

test('all seven metrics of a delivery, as CloudWatch reads them', async () => {
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
          { Name: 'Charge', Unit: 'None' },
          { Name: 'Sessions', Unit: 'Count' },
          { Name: 'Rooms', Unit: 'Count' },
          { Name: 'Restatements', Unit: 'Count' },
          { Name: 'ApiRequests', Unit: 'Count' },
          { Name: 'ApiRetries', Unit: 'Count' },
        ]),
      },
    ],
  });
  expect(only(metadata.CloudWatchMetrics).Metrics).toHaveLength(7);
  expect(values).toMatchObject({ ...CHARGED, ApiRequests: 1, ApiRetries: 0 });
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

  test('tell a day without usage as zero', async () => {
    const morning = await openMorning();

    expect(metricsOf(await morning.invoke())).toEqual({
      ReportDelivered: 1,
      Charge: 0,
      Sessions: 0,
      Rooms: 0,
      Restatements: 0,
      ApiRequests: 1,
      ApiRetries: 0,
    });
  });

  test.each([
    ['archived without mail', { day: DAY, email: false }, noPreparation, 1],
    ['already delivered', {}, firstRun, 0],
    ['unknown to the contract', { unknown: 1 }, noPreparation, 0],
  ])('claim no delivery where the day is %s', async (_what, event, prepare, requests) => {
    const morning = await openMorning({ logs: LOGS });
    await prepare(morning);

    const metrics = metricsOf(await morning.invoke(event));
    expect(metrics).toMatchObject({ ApiRequests: requests, ApiRetries: 0 });
    expect(metrics['ReportDelivered'] ?? 0).toBe(0);
    expect(metrics).not.toHaveProperty('Charge');
  });

  async function firstRun(morning: Morning): Promise<void> {
    await morning.run();
  }

  async function noPreparation(): Promise<void> {
    // Nothing has happened before.
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

  test('a failure is logged with its name and its message', async () => {
    const morning = await openMorning({ logs: LOGS });
    morning.cloud.ses.refuseWith = { code: 'MessageRejected', message: 'Email address is not verified.' };
    const { stdout, stderr, error } = await morning.invoke();

    const logged = [...stdout, ...stderr].map((line) => JSON.parse(line) as { level?: string });
    expect(only(logged.filter(({ level }) => level === 'ERROR'))).toMatchObject({
      error: { name: 'EmailRejectedError', message: error?.message },
    });
  });
});

interface MetricLine extends Readonly<Record<string, unknown>> {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly { readonly Metrics: readonly { readonly Name: string }[] }[];
  };
}

/** The lines of embedded metrics; a run may print one. */
function metricLines({ stdout }: Invocation): MetricLine[] {
  return stdout.map((line) => JSON.parse(line) as MetricLine).filter((line) => '_aws' in line);
}

/** What CloudWatch makes of an invocation's output: values by metric. */
function metricsOf(invocation: Invocation): Record<string, unknown> {
  const line = only(metricLines(invocation));
  const { Metrics } = only(line._aws.CloudWatchMetrics);
  return Object.fromEntries(Metrics.map(({ Name }) => [Name, line[Name]]));
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
