import { describe, expect, test } from '@jest/globals';
import { openMorning } from '../support/morning.ts';
import { sessionLog } from '../support/logs.ts';
import { output, ref, resources, synthesized, theOnly } from './synthesized.ts';

interface Widget {
  readonly properties: {
    readonly title?: string;
    readonly view?: string;
    readonly metrics?: readonly unknown[][];
  };
}

const template = synthesized({ currency: 'EUR' });
const dashboard = theOnly(template, 'AWS::CloudWatch::Dashboard');

function widgets(): Widget[] {
  const body = JSON.stringify(dashboard.Properties['DashboardBody']);
  // The body is text with references in it.
  const { 'Fn::Join': join } = JSON.parse(body) as { 'Fn::Join': [string, unknown[]] };
  const text = join[1].map((part) => (typeof part === 'string' ? part : 'reference')).join('');
  return (JSON.parse(text) as { widgets: Widget[] }).widgets;
}

function metricNames(): string[] {
  const metrics = widgets().flatMap(({ properties }) => properties.metrics ?? []);
  return metrics.flatMap(([namespace, name]) => (namespace === 'VideoCostReport' ? [String(name)] : []));
}

describe('the dashboard', () => {
  test('shows cost, sessions, API time and retries, and delivery, each by day', () => {
    expect(widgets().flatMap(({ properties: { title } }) => title ?? [])).toEqual([
      'Cost per day (EUR)',
      'Sessions and rooms per day',
      'SignalWire API: time per day (ms)',
      'SignalWire API: requests and retries per day',
      'Delivery per day',
      'Last day',
    ]);
  });

  test('has a point for each of the last days, and only the newest value where it says so', () => {
    const charts = widgets().filter(({ properties }) => properties.metrics !== undefined);
    expect(charts.map(({ properties: { view } }) => view)).toEqual([
      ...Array.from({ length: 5 }, () => 'timeSeries'),
      'singleValue',
    ]);
    const options = charts.flatMap(({ properties: { metrics = [] } }) =>
      metrics.map((metric) => metric.at(-1)),
    );
    expect(options.filter((option) => (option as { period?: number }).period !== 86_400)).toEqual([]);
  });

  test('is an output of the stack', () => {
    expect(output(template, 'DashboardName')).toEqual(ref(dashboard));
  });
});

test('the metrics of the dashboard and the alarms are those that the bundle publishes', async () => {
  const morning = await openMorning({ logs: [sessionLog('yesterday')] });
  const { stdout } = await morning.invoke();
  const published = stdout
    .filter((line) => line.includes('"_aws"'))
    .flatMap((line) => Object.keys(JSON.parse(line) as object));
  const awaited = resources(template, 'AWS::CloudWatch::Alarm').flatMap(
    ({ Properties }) =>
      JSON.stringify(Properties).match(/(?<="MetricName":")(?=YesterdayD|Restatement)\w+/g) ?? [],
  );
  expect(awaited.sort()).toEqual(['RestatementFailures', 'YesterdayDelivered']);
  expect(published).toEqual(expect.arrayContaining([...metricNames(), ...awaited]));
});
