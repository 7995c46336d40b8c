import { describe, expect, test } from '@jest/globals';
import { BUCKET, CONFIGURATION_SET, SECRET_ID } from '../../local/cloud.ts';
import { ADMINISTRATOR, type Call, isAllowed, policiesOfService } from './permissions.ts';
import { synthesized } from './synthesized.ts';

const here = (service: string, rest: string): string =>
  `arn:aws:${service}:eu-central-1:123456789012:${rest}`;

const ARCHIVE = `arn:aws:s3:::${BUCKET}`;
const MANIFEST = `${ARCHIVE}/manifests/day=2026-11-22.json`;
const FILES = [
  `${ARCHIVE}/room-charges/day=2026-11-22/room-charges.csv`,
  `${ARCHIVE}/line-items/day=2026-11-22/line-items.csv`,
  MANIFEST,
  `${ARCHIVE}/emails/day=2026-11-22/claim-1.json`,
];
const SECRET = here('secretsmanager', `secret:${SECRET_ID}-a1B2c3`);
const LOG_STREAM = here('logs', 'log-group:/report:log-stream:2026/11/23/1');
const MAIL = { 'ses:FromAddress': 'costs@example.com', 'ses:Recipients': ['finance@example.org'] };

const FIRST_WRITE = { 's3:if-none-match': '*', 's3:ObjectCreationOperation': 'true' };
const REPLACEMENT = {
  's3:if-match': '"5d41402abc4b2a76b9719d911017c592"',
  's3:ObjectCreationOperation': 'true',
};
const UNSEEN = { 's3:ObjectCreationOperation': 'true' };
/** The beginning of a multipart upload, or a part of it: nothing of it is visible yet. */
const PART = { 's3:ObjectCreationOperation': 'false' };

function sending(resource: string, context: Call['context'] = MAIL): Call {
  return { action: 'ses:SendRawEmail', resource: here('ses', resource), context };
}

const template = synthesized();

describe('the function may', () => {
  const policies = policiesOfService(template, 'lambda.amazonaws.com');

  test.each<Call>([
    ...FILES.flatMap((resource) => [
      { action: 's3:GetObject', resource },
      { action: 's3:GetObjectVersion', resource },
      { action: 's3:PutObject', resource, context: FIRST_WRITE },
      { action: 's3:PutObject', resource, context: REPLACEMENT },
      { action: 's3:PutObject', resource, context: PART },
      { action: 's3:AbortMultipartUpload', resource },
    ]),
    { action: 's3:ListBucket', resource: ARCHIVE, context: { 's3:prefix': 'emails/day=2026-11-22/' } },
    { action: 'secretsmanager:GetSecretValue', resource: SECRET },
    sending('identity/costs@example.com'),
    sending('identity/example.com'),
    sending('identity/finance@example.org'),
    sending(`configuration-set/${CONFIGURATION_SET}`),
    { action: 'logs:CreateLogStream', resource: LOG_STREAM },
    { action: 'logs:PutLogEvents', resource: LOG_STREAM },
    { action: 'sqs:SendMessage', resource: here('sqs', 'failed-runs') },
  ])('$action $resource $context', async (call) => {
    expect(await isAllowed(template, policies, call)).toBe(true);
  });
});

describe('the function may not', () => {
  const policies = policiesOfService(template, 'lambda.amazonaws.com');

  test.each<Call>([
    // Delete or change what is archived.
    ...FILES.map((resource) => ({ action: 's3:PutObject', resource, context: UNSEEN })),
    { action: 's3:DeleteObject', resource: MANIFEST },
    { action: 's3:DeleteObjectVersion', resource: MANIFEST },
    { action: 's3:PutObjectRetention', resource: MANIFEST },
    { action: 's3:PutObjectLegalHold', resource: MANIFEST },
    { action: 's3:BypassGovernanceRetention', resource: MANIFEST },
    { action: 's3:PutObjectAcl', resource: MANIFEST },
    { action: 's3:PutBucketPolicy', resource: ARCHIVE },
    { action: 's3:PutBucketVersioning', resource: ARCHIVE },
    { action: 's3:PutLifecycleConfiguration', resource: ARCHIVE },
    { action: 's3:DeleteBucket', resource: ARCHIVE },
    // Write elsewhere, or read other data.
    { action: 's3:PutObject', resource: `${ARCHIVE}/other/file`, context: FIRST_WRITE },
    { action: 's3:PutObject', resource: `${ARCHIVE}/manifests`, context: FIRST_WRITE },
    { action: 's3:PutObject', resource: `${ARCHIVE}/other/file`, context: PART },
    { action: 's3:AbortMultipartUpload', resource: `${ARCHIVE}/other/file` },
    { action: 's3:ListBucketMultipartUploads', resource: ARCHIVE },
    { action: 's3:GetObject', resource: `${ARCHIVE}/other/file` },
    { action: 's3:GetObject', resource: 'arn:aws:s3:::query-results/1.csv' },
    { action: 's3:GetObject', resource: 'arn:aws:s3:::access-logs/archive/1' },
    { action: 's3:ListBucket', resource: 'arn:aws:s3:::access-logs' },
    // Secrets.
    { action: 'secretsmanager:PutSecretValue', resource: SECRET },
    { action: 'secretsmanager:DeleteSecret', resource: SECRET },
    { action: 'secretsmanager:GetSecretValue', resource: here('secretsmanager', 'secret:other-a1B2c3') },
    {
      action: 'secretsmanager:GetSecretValue',
      resource: here('secretsmanager', `secret:${SECRET_ID}-of-another-space-a1B2c3`),
    },
    { action: 'kms:Decrypt', resource: here('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab') },
    // Send mail as somebody else, to somebody else, or without the configuration set.
    sending('identity/example.com', { ...MAIL, 'ses:FromAddress': 'ceo@example.com' }),
    sending('identity/example.com', { ...MAIL, 'ses:Recipients': ['everybody@example.net'] }),
    sending('identity/example.com', {
      ...MAIL,
      'ses:Recipients': ['finance@example.org', 'everybody@example.net'],
    }),
    sending('identity/example.com', { 'ses:FromAddress': MAIL['ses:FromAddress'] }),
    sending('identity/example.net'),
    sending('configuration-set/other'),
    { ...sending('identity/example.com'), action: 'ses:SendEmail' },
    { action: 'ses:DeleteIdentity', resource: '*' },
    // The account.
    { action: 'logs:DeleteLogGroup', resource: here('logs', 'log-group:/report') },
    { action: 'logs:PutLogEvents', resource: here('logs', 'log-group:/other:log-stream:1') },
    { action: 'sqs:ReceiveMessage', resource: here('sqs', 'failed-runs') },
    { action: 'sqs:SendMessage', resource: here('sqs', 'undelivered') },
    { action: 'sns:Publish', resource: here('sns', 'alarms') },
    { action: 'lambda:InvokeFunction', resource: here('lambda', 'function:report') },
    { action: 'iam:PassRole', resource: 'arn:aws:iam::123456789012:role/administrator' },
    { action: 'sts:AssumeRole', resource: 'arn:aws:iam::123456789012:role/administrator' },
  ])('$action $resource $context', async (call) => {
    expect(await isAllowed(template, policies, call)).toBe(false);
  });
});

test('the schedule may start the function and fill its dead-letter queue, and nothing else', async () => {
  const policies = policiesOfService(template, 'scheduler.amazonaws.com');
  const asked = (call: Call): Promise<boolean> => isAllowed(template, policies, call);
  expect(await asked({ action: 'lambda:InvokeFunction', resource: here('lambda', 'function:report') })).toBe(
    true,
  );
  expect(await asked({ action: 'sqs:SendMessage', resource: here('sqs', 'undelivered') })).toBe(true);
  expect(await asked({ action: 'lambda:InvokeFunction', resource: here('lambda', 'function:other') })).toBe(
    false,
  );
  expect(
    await asked({ action: 'lambda:UpdateFunctionCode', resource: here('lambda', 'function:report') }),
  ).toBe(false);
  expect(await asked({ action: 'sqs:SendMessage', resource: here('sqs', 'failed-runs') })).toBe(false);
});

describe('not even an administrator', () => {
  test.each(FILES)('may overwrite %s blindly', async (resource) => {
    const write = (context: Call['context']): Promise<boolean> =>
      isAllowed(template, ADMINISTRATOR, { action: 's3:PutObject', resource, context: context ?? {} });
    expect(await write(UNSEEN)).toBe(false);
    expect(await write(FIRST_WRITE)).toBe(true);
    expect(await write(REPLACEMENT)).toBe(true);
    // The parts of a multipart upload carry no condition, but its completion does.
    expect(await write(PART)).toBe(true);
  });

  test.each([{ 'aws:SecureTransport': 'false' }, { 's3:TlsVersion': '1.1' }])(
    'reads without TLS 1.2: %j',
    async (context) => {
      const call = { action: 's3:GetObject', resource: MANIFEST, context };
      expect(await isAllowed(template, ADMINISTRATOR, call)).toBe(false);
    },
  );
});
