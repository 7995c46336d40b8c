import { describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { environmentSchema } from '../../lambda/environment.ts';
import { archiveOf, arn, named, ref, roleOf, synthesized, theOnly } from './synthesized.ts';

function environmentOf(template: Template): unknown {
  const { Environment } = theOnly(template, 'AWS::Lambda::Function').Properties;
  return (Environment as { Variables: unknown }).Variables;
}

describe('the function', () => {
  const template = synthesized();
  const { Properties } = theOnly(template, 'AWS::Lambda::Function');

  test('runs on Node 24 and arm64, with 512 MB and 15 minutes', () => {
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 512,
      Timeout: 900,
      Handler: 'index.handler',
    });
  });

  test('runs under the role that was made for it', () => {
    expect(Properties['Role']).toEqual(arn(roleOf(template, 'lambda.amazonaws.com')));
  });

  test('logs JSON to its own log group', () => {
    const logGroup = theOnly(template, 'AWS::Logs::LogGroup');
    expect(Properties['LoggingConfig']).toEqual({ LogFormat: 'JSON', LogGroup: ref(logGroup) });
  });

  test('is not retried by Lambda, and not started by an event that is an hour old', () => {
    expect(theOnly(template, 'AWS::Lambda::EventInvokeConfig').Properties).toMatchObject({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 3600,
    });
  });

  test('leaves the event of a failed run in a queue', () => {
    expect(theOnly(template, 'AWS::Lambda::EventInvokeConfig').Properties['DestinationConfig']).toEqual({
      OnFailure: { Destination: arn(named(template, 'AWS::SQS::Queue', 'FailedRuns')) },
    });
  });

  test('reserves no concurrency by default, as small accounts have none to spare', () => {
    expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    const { Properties: reserving } = theOnly(
      synthesized({ reservedConcurrency: 2 }),
      'AWS::Lambda::Function',
    );
    expect(reserving['ReservedConcurrentExecutions']).toBe(2);
  });
});

describe("the function's environment", () => {
  test('contains the settings', () => {
    const template = synthesized({
      emailTo: ['finance@example.org', 'owner@example.net'],
      timeZone: 'Europe/Berlin',
      currency: 'EUR',
      lookbackDays: 14,
      monthlyBudget: '2500.00',
      readInWindows: false,
      sesConfigurationSet: 'reports',
    });
    expect(environmentOf(template)).toEqual({
      SIGNALWIRE_SPACE_URL: 'https://example.signalwire.com',
      SIGNALWIRE_SECRET_ID: 'signalwire/video-cost-report',
      ARCHIVE_BUCKET: ref(archiveOf(template)),
      EMAIL_FROM: 'Video costs <costs@example.com>',
      EMAIL_TO: 'finance@example.org,owner@example.net',
      BILLING_TIME_ZONE: 'Europe/Berlin',
      BILLING_CURRENCY: 'EUR',
      LOOKBACK_DAYS: '14',
      MONTHLY_BUDGET: '2500.00',
      READ_IN_WINDOWS: 'false',
      SES_CONFIGURATION_SET: 'reports',
    });
  });

  test('leaves out what is not set', () => {
    const template = synthesized({ sesConfigurationSet: false });
    expect(environmentOf(template)).toEqual({
      SIGNALWIRE_SPACE_URL: 'https://example.signalwire.com',
      SIGNALWIRE_SECRET_ID: 'signalwire/video-cost-report',
      ARCHIVE_BUCKET: ref(archiveOf(template)),
      EMAIL_FROM: 'Video costs <costs@example.com>',
      EMAIL_TO: 'finance@example.org',
      BILLING_TIME_ZONE: 'UTC',
      BILLING_CURRENCY: 'USD',
      LOOKBACK_DAYS: '7',
      READ_IN_WINDOWS: 'true',
    });
  });

  test('names the configuration set that the stack creates', () => {
    const template = synthesized();
    expect(environmentOf(template)).toMatchObject({
      SES_CONFIGURATION_SET: ref(theOnly(template, 'AWS::SES::ConfigurationSet')),
    });
  });

  test.each([
    ['the least settings', {}],
    ['all settings', { monthlyBudget: '2500.00', sesConfigurationSet: 'reports' }],
  ])('is one that the function accepts, with %s', (_, report) => {
    const variables = environmentOf(synthesized(report)) as object;
    // These names are known only after deployment.
    const deployed = { ...variables, ARCHIVE_BUCKET: 'archive-a1b2c3', SES_CONFIGURATION_SET: 'Mail-a1b2C3' };
    expect(environmentSchema.strict().safeParse(deployed).error).toBeUndefined();
  });
});

describe('the log group', () => {
  test.each([
    ['90 days unless set', {}, 90],
    ['as many days as are set', { logRetentionDays: 365 }, 365],
  ])('keeps %s', (_, report, days) => {
    const logGroup = theOnly(synthesized(report), 'AWS::Logs::LogGroup');
    expect(logGroup.Properties['RetentionInDays']).toBe(days);
  });
});
