import { describe, expect, test } from '@jest/globals';
import { deployed } from './deployed.ts';
import {
  archiveOf,
  arn,
  named,
  policiesOf,
  ref,
  resources,
  roleOf,
  statementsOf,
  synthesized,
  theOnly,
} from './synthesized.ts';

function ses(resource: string): unknown {
  const account = [
    { Ref: 'AWS::Partition' },
    ':ses:',
    { Ref: 'AWS::Region' },
    ':',
    { Ref: 'AWS::AccountId' },
  ];
  return { 'Fn::Join': ['', ['arn:', ...account, `:${resource}`]] };
}

describe("the function's role", () => {
  test('may do exactly this', () => {
    const template = synthesized({ sesConfigurationSet: 'reports' });
    const bucket = archiveOf(template);
    const folder = (name: string): unknown => ({ 'Fn::Join': ['', [arn(bucket), `/${name}/*`]] });

    expect(statementsOf(template, roleOf(template, 'lambda.amazonaws.com'))).toEqual([
      {
        Sid: 'KeepReports',
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:AbortMultipartUpload'],
        Resource: [folder('room-charges'), folder('line-items'), folder('manifests'), folder('emails')],
      },
      { Sid: 'TellMissingReports', Effect: 'Allow', Action: 's3:ListBucket', Resource: arn(bucket) },
      {
        Sid: 'ReadSecret',
        Effect: 'Allow',
        Action: 'secretsmanager:GetSecretValue',
        Resource: ref(theOnly(template, 'AWS::SecretsManager::Secret')),
      },
      {
        Sid: 'SendMail',
        Effect: 'Allow',
        Action: 'ses:SendRawEmail',
        Resource: [
          ses('identity/costs@example.com'),
          ses('identity/example.com'),
          ses('identity/finance@example.org'),
          ses('identity/example.org'),
          ses('configuration-set/reports'),
        ],
        Condition: {
          StringEquals: { 'ses:FromAddress': 'costs@example.com' },
          'ForAllValues:StringEquals': { 'ses:Recipients': ['finance@example.org'] },
          Null: { 'ses:Recipients': 'false' },
        },
      },
      {
        Sid: 'WriteLog',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: arn(theOnly(template, 'AWS::Logs::LogGroup')),
      },
      {
        Sid: 'HandOverFailedRuns',
        Effect: 'Allow',
        Action: 'sqs:SendMessage',
        Resource: arn(named(template, 'AWS::SQS::Queue', 'FailedRuns')),
      },
    ]);
  });

  test('can be assumed by Lambda and nobody else', () => {
    const { Properties } = roleOf(synthesized(), 'lambda.amazonaws.com');
    expect(Properties['AssumeRolePolicyDocument']).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
      ],
    });
  });

  test('has no managed policy', () => {
    expect(roleOf(synthesized(), 'lambda.amazonaws.com').Properties).not.toHaveProperty('ManagedPolicyArns');
  });

  test('may use your keys only through S3 and Secrets Manager', () => {
    const keyArn = 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const template = synthesized({ archiveKeyArn: keyArn, createSecret: false, secretKeyArn: keyArn });
    const through = (service: string): unknown => ({
      StringEquals: {
        'kms:ViaService': {
          'Fn::Join': ['', [`${service}.`, { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]],
        },
      },
    });
    const keys = statementsOf(template, roleOf(template, 'lambda.amazonaws.com')).filter(
      ({ Resource }) => Resource === keyArn,
    );
    expect(keys).toEqual([
      {
        Sid: 'UseArchiveKey',
        Effect: 'Allow',
        Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
        Resource: keyArn,
        Condition: through('s3'),
      },
      {
        Sid: 'UseSecretKey',
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: keyArn,
        Condition: through('secretsmanager'),
      },
    ]);
  });

  test('names addresses as the mail does: with the domain in lower case', () => {
    const template = synthesized({ emailFrom: 'Costs@Example.COM', emailTo: [' Finance@Example.ORG '] });
    expect(statementsOf(template, roleOf(template, 'lambda.amazonaws.com'))).toContainEqual(
      expect.objectContaining({
        Sid: 'SendMail',
        Condition: {
          StringEquals: { 'ses:FromAddress': 'Costs@example.com' },
          'ForAllValues:StringEquals': { 'ses:Recipients': ['Finance@example.org'] },
          Null: { 'ses:Recipients': 'false' },
        },
      }),
    );
  });

  test('fits into the policies that IAM allows, even with 50 recipients', () => {
    const emailTo = Array.from({ length: 50 }, (_, n) => `firstname.lastname@accounting-${n}.example.org`);
    const template = synthesized({ emailTo });
    const role = roleOf(template, 'lambda.amazonaws.com');

    const lengths = policiesOf(template, role).map(
      ({ Properties }) => JSON.stringify(deployed(Properties['PolicyDocument'])).length,
    );
    expect(Math.max(...lengths)).toBeLessThanOrEqual(6144);
    expect(lengths.length).toBeLessThanOrEqual(10);

    const sendable = statementsOf(template, role)
      .filter(({ Action }) => Action === 'ses:SendRawEmail')
      .flatMap(({ Resource }) => deployed(Resource) as string[])
      .map((arn) => arn.replace(/.*:identity\//, ''));
    expect(sendable).toEqual(expect.arrayContaining(emailTo));
  });
});

describe('no role of the stack', () => {
  const template = synthesized();
  const allowed = resources(template, 'AWS::IAM::Role').flatMap((role) => statementsOf(template, role));

  test('may do everything of a kind', () => {
    expect(allowed.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
  });

  test('may do anything to everything', () => {
    expect(allowed.flatMap(({ Resource }) => Resource)).not.toContain('*');
  });
});
