import { describe, expect, test } from '@jest/globals';
import { arn, named, resourcePolicyOf, roleOf, statementsOf, synthesized, theOnly } from './synthesized.ts';

describe('the schedule', () => {
  const template = synthesized({ timeZone: 'Europe/Berlin' });
  const schedule = theOnly(template, 'AWS::Scheduler::Schedule').Properties;
  const report = theOnly(template, 'AWS::Lambda::Function');
  const queue = named(template, 'AWS::SQS::Queue', 'ScheduleDeadLetterQueue');

  test('is enabled, every hour from 06:00 to 23:00 in the billing time zone', () => {
    expect(schedule).toMatchObject({
      State: 'ENABLED',
      ScheduleExpression: 'cron(0 6-23 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      FlexibleTimeWindow: { Mode: 'OFF' },
    });
  });

  test('uses UTC if no time zone is set', () => {
    const { Properties } = theOnly(synthesized(), 'AWS::Scheduler::Schedule');
    expect(Properties['ScheduleExpressionTimezone']).toBe('UTC');
  });

  test('passes the scheduled hour to the function, and tries to for half an hour', () => {
    expect(schedule['Target']).toEqual({
      Arn: arn(report),
      Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
      RoleArn: arn(roleOf(template, 'scheduler.amazonaws.com')),
      RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 1800 },
      DeadLetterConfig: { Arn: arn(queue) },
    });
  });

  test('may start the function and fill the dead-letter queue, and nothing else', () => {
    expect(statementsOf(template, roleOf(template, 'scheduler.amazonaws.com'))).toEqual([
      { Sid: 'StartReport', Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arn(report) },
      { Sid: 'PutUndelivered', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arn(queue) },
    ]);
  });

  test("runs under a role that only this account's schedules can assume", () => {
    const { Properties } = roleOf(template, 'scheduler.amazonaws.com');
    expect(Properties['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: 'scheduler.amazonaws.com' },
          Condition: {
            StringEquals: {
              'aws:SourceAccount': { Ref: 'AWS::AccountId' },
              'aws:SourceArn': expect.objectContaining({}),
            },
          },
        },
      ],
    });
  });
});

describe.each([
  ['the dead-letter queue', 'ScheduleDeadLetterQueue'],
  ['the queue of failed runs', 'FailedRuns'],
])('%s', (_, id) => {
  const template = synthesized();
  const queue = named(template, 'AWS::SQS::Queue', id);

  test('is encrypted and keeps an event for 14 days', () => {
    expect(queue.Properties).toEqual({
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 14 * 24 * 60 * 60,
    });
  });

  test('accepts only TLS', () => {
    expect(resourcePolicyOf(template, queue)).toEqual([
      {
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 'sqs:*',
        Resource: arn(queue),
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ]);
  });
});
