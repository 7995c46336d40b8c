import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { named, ref, resources, type SynthesizedResource, synthesized, theOnly } from '../synthesized.ts';

const template = synthesized();
const alarms = resources(template, 'AWS::CloudWatch::Alarm');
const topic = theOnly(template, 'AWS::SNS::Topic');
const report = theOnly(template, 'AWS::Lambda::Function');

function alarm(name: string, from = template): SynthesizedResource['Properties'] {
  return named(from, 'AWS::CloudWatch::Alarm', `Alarms${name}`).Properties;
}

/** What all these alarms have in common: one breaching hour is enough, and missing data means that all is well. */
const AT_ONCE = {
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  EvaluationPeriods: 1,
  TreatMissingData: 'notBreaching',
};

describe('an alarm goes off', () => {
  const functionMetric = {
    Namespace: 'AWS/Lambda',
    Dimensions: [{ Name: 'FunctionName', Value: ref(report) }],
  };

  test.each([
    ['RunFailed', 'Errors', 'Sum', 1],
    ['RunThrottled', 'Throttles', 'Sum', 1],
    // 80 % of 15 minutes.
    ['RunSlow', 'Duration', 'Maximum', 720_000],
  ])('%s: from the %s of an hour', (name, MetricName, Statistic, Threshold) => {
    expect(alarm(name)).toMatchObject({
      ...AT_ONCE,
      ...functionMetric,
      MetricName,
      Statistic,
      Threshold,
      Period: 3600,
    });
  });

  test.each([
    ['EventNotHandedOver', 'ScheduleDeadLetterQueue'],
    ['FailedRunsWaiting', 'FailedRuns'],
  ])('%s: when its queue is not empty', (name, queue) => {
    const { id } = named(template, 'AWS::SQS::Queue', queue);
    expect(alarm(name)).toMatchObject({
      ...AT_ONCE,
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [id, 'QueueName'] } }],
      Statistic: 'Maximum',
      Threshold: 1,
      Period: 300,
    });
  });

  test('RestatementFailed: when an earlier day could not be read again', () => {
    expect(alarm('RestatementFailed')).toMatchObject({
      ...AT_ONCE,
      Namespace: 'VideoCostReport',
      MetricName: 'RestatementFailures',
      Dimensions: [{ Name: 'service', Value: 'video-cost-report' }],
      Statistic: 'Sum',
      Threshold: 1,
      Period: 3600,
    });
  });

  test('MailBounced: when a mail of this configuration set came back', () => {
    const Value = ref(theOnly(template, 'AWS::SES::ConfigurationSet'));
    expect(alarm('MailBounced')).toMatchObject({
      ...AT_ONCE,
      Namespace: 'AWS/SES',
      MetricName: 'Bounce',
      Dimensions: [{ Name: 'ses:configuration-set', Value }],
      Statistic: 'Sum',
      Threshold: 1,
      Period: 3600,
    });
  });

  test('MailBounced exists only if bounces are counted', () => {
    const ids = resources(synthesized({ sesConfigurationSet: false }), 'AWS::CloudWatch::Alarm');
    expect(ids.filter(({ id }) => id.startsWith('AlarmsMailBounced'))).toEqual([]);
    expect(ids).toHaveLength(alarms.length - 1);
  });
});

describe('the alarm for a report that was not delivered', () => {
  test('goes off when nothing was delivered or found delivered since the last run of the day before', () => {
    const { Metrics, ...rest } = alarm('ReportNotDelivered');
    expect(Metrics).toEqual([
      expect.objectContaining({ Expression: 'FILL(delivered, 0)', ReturnData: true }),
      {
        Id: 'delivered',
        ReturnData: false,
        MetricStat: {
          Metric: {
            Namespace: 'VideoCostReport',
            MetricName: 'YesterdayDelivered',
            Dimensions: [{ Name: 'service', Value: 'video-cost-report' }],
          },
          Stat: 'Sum',
          Period: 3600,
        },
      },
    ]);
    expect(rest).toMatchObject({ ComparisonOperator: 'LessThanThreshold', Threshold: 1 });
  });

  test('takes missing data for failure', () => {
    expect(alarm('ReportNotDelivered')['TreatMissingData']).toBe('breaching');
  });

  test.each([
    [8, 9],
    [9, 10],
    [23, 24],
  ])('due at %i: after %i silent hours, as the last run was at 23:00', (reportDueHour, hours) => {
    const due = alarm('ReportNotDelivered', synthesized({ reportDueHour, timeZone: 'Europe/Berlin' }));
    expect(due['EvaluationPeriods']).toBe(hours);
    expect(due['AlarmDescription']).toContain(`was not delivered by ${reportDueHour}:00 (Europe/Berlin).`);
  });

  test('also notifies when the report was delivered after all', () => {
    expect(alarm('ReportNotDelivered')['OKActions']).toEqual([ref(topic)]);
  });
});

describe('every alarm', () => {
  const runbook = readFileSync('docs/runbook.md', 'utf8');
  const [, ...sections] = runbook.split(/^## /m);
  const alarmSections = sections.filter((section) => section.includes('\n**Description.**'));
  const anchorOf = (section: string): string =>
    (section.split('\n')[0] ?? '').toLowerCase().replaceAll(' ', '-');

  test('goes to the topic', () => {
    expect(alarms.map(({ Properties }) => Properties['AlarmActions'])).toEqual(
      alarms.map(() => [ref(topic)]),
    );
  });

  test.each(alarms.map(({ id, Properties }) => [id, String(Properties['AlarmDescription'])]))(
    '%s says what it means, what to do first, and where to read more',
    (_, description) => {
      const [, anchor] =
        /^[A-Z].+\. First: [a-z].+[.?] Runbook: docs\/runbook\.md#([a-z-]+)$/.exec(description) ?? [];
      expect(description.length).toBeLessThanOrEqual(1024);
      expect(alarmSections.map(anchorOf)).toContain(anchor);
    },
  );

  test('has its own section in the runbook, and every section has an alarm', () => {
    const anchors = alarms.map(({ Properties }) => String(Properties['AlarmDescription']).split('#')[1]);
    expect(alarmSections.map(anchorOf).sort()).toEqual(anchors.sort());
  });

  test.each(alarmSections.map((section) => [section.split('\n')[0] ?? '', section] as const))(
    '%s: the section has a description, an investigation and a resolution',
    (_, section) => {
      expect(section.match(/^\*\*(\w+)\.\*\*/gm)).toEqual([
        '**Description.**',
        '**Investigation.**',
        '**Resolution.**',
      ]);
    },
  );

  test('links to the runbook at the address in the settings', () => {
    const runbookUrl = 'https://wiki.example.com/runbook';
    expect(alarm('RunFailed', synthesized({ runbookUrl }))['AlarmDescription']).toMatch(
      / Runbook: https:\/\/wiki\.example\.com\/runbook#run-failed$/,
    );
  });
});
