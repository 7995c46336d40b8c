import { describe, expect, test } from '@jest/globals';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Stack } from 'aws-cdk-lib';
import { DailyCostReport } from '../../../lib/index.ts';
import {
  leastReport,
  output,
  ref,
  resourcePolicyOf,
  resources,
  synthesized,
  theOnly,
  unbundledApp,
} from '../synthesized.ts';

describe('the alarm topic', () => {
  const template = synthesized({ alarmEmails: ['infra@example.org', 'on-call@example.org'] });
  const topic = theOnly(template, 'AWS::SNS::Topic');

  test('lets alarms of this account in, over TLS', () => {
    expect(resourcePolicyOf(template, topic)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          Effect: 'Deny',
          Principal: '*',
          Action: 'sns:Publish',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
        expect.objectContaining({
          Sid: 'LetAlarmsIn',
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: 'sns:Publish',
          Resource: ref(topic),
          Condition: expect.objectContaining({
            StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
          }),
        }),
      ]),
    );
  });

  test('sends mails to the addresses in the settings', () => {
    expect(resources(template, 'AWS::SNS::Subscription').map(({ Properties }) => Properties)).toEqual(
      ['infra@example.org', 'on-call@example.org'].map((Endpoint) => ({
        Protocol: 'email',
        TopicArn: ref(topic),
        Endpoint,
      })),
    );
  });

  test('is an output of the stack', () => {
    expect(output(template, 'AlarmTopicArn')).toEqual(ref(topic));
  });
});

test('an existing topic gets all alarms, and none is created', () => {
  const alarmTopicArn = 'arn:aws:sns:eu-central-1:123456789012:alarms';
  const template = synthesized({ alarmTopicArn });
  expect(resources(template, 'AWS::SNS::Topic')).toEqual([]);
  const actions = resources(template, 'AWS::CloudWatch::Alarm').map(
    ({ Properties }) => Properties['AlarmActions'],
  );
  expect(actions).toEqual(actions.map(() => [alarmTopicArn]));
});

test('an existing topic sends mails to the addresses in the settings, too', () => {
  const alarmTopicArn = 'arn:aws:sns:eu-central-1:123456789012:alarms';
  const template = synthesized({ alarmTopicArn, alarmEmails: ['infra@example.org'] });
  expect(theOnly(template, 'AWS::SNS::Subscription').Properties).toEqual({
    Protocol: 'email',
    TopicArn: alarmTopicArn,
    Endpoint: 'infra@example.org',
  });
});

describe('the warnings, with settings that lack', () => {
  const alarmEmails = ['infra@example.org'];
  const runbookUrl = 'https://wiki.example.com/runbook';
  const nobody =
    'Nobody is notified when the report fails: set alarmEmails or alarmTopicArn. [ack: video-cost-report:nobodyIsAlarmed]';
  const unreachable =
    'The alarms link to docs/runbook.md, which no mail program can open: set runbookUrl to where you keep ' +
    'docs/runbook.md. [ack: video-cost-report:runbookOutOfReach]';

  test.each<[what: string, report: object, warnings: string[]]>([
    ['an alarm address', { runbookUrl }, [nobody]],
    ['the runbook’s address', { alarmEmails }, [unreachable]],
    ['both', {}, [nobody, unreachable]],
    ['neither', { alarmEmails, runbookUrl }, []],
    [
      'neither, but with a topic',
      { alarmTopicArn: 'arn:aws:sns:eu-central-1:123456789012:alarms', runbookUrl },
      [],
    ],
  ])('%s, name just that', (_what, report, warnings) => {
    const stack = new Stack(unbundledApp(), 'Stack');
    new DailyCostReport(stack, 'Costs', { ...leastReport, ...report });
    const found = Annotations.fromStack(stack).findWarning(
      '*',
      Match.not(Match.stringLikeRegexp('exampleSettings')),
    );
    expect(found.map(({ entry }) => entry.data)).toEqual(warnings);
  });
});
