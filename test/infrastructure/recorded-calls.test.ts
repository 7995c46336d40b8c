import { S3Client } from '@aws-sdk/client-s3';
import { expect, test } from '@jest/globals';
import { S3Store } from '../../lambda/archive/s3-store.ts';
import { BUCKET, CONFIGURATION_SET, IDENTITY, startCloud } from '../../local/cloud.ts';
import { bytesOf, PART, uploaded } from '../lambda/archive/uploads.ts';
import { NO_HURRY } from '../support/deadlines.ts';
import { sessionLog } from '../support/logs.ts';
import { openMorning } from '../support/morning.ts';
import { type Call, isAllowed, policiesOfService } from './permissions.ts';
import { callsOf } from './recorded-calls.ts';
import { synthesized } from './synthesized.ts';

const THE_DAY_BEFORE = [sessionLog('before', { createdAt: '2026-11-21T12:00:00Z' })];
const LATE = sessionLog('late', { createdAt: '2026-11-21T13:00:00Z' });

const template = synthesized({ emailTo: ['finance@example.com'] });

test('every call that the bundle makes is allowed by its role', async () => {
  const morning = await openMorning({
    logs: [...THE_DAY_BEFORE, sessionLog('yesterday')],
    environment: { SES_CONFIGURATION_SET: CONFIGURATION_SET },
  });
  // Archived, read again with a late charge, mailed, found mailed, mailed once more.
  await morning.run({ day: '2026-11-21', email: false });
  morning.cloud.signalWire.logs = [...morning.cloud.signalWire.logs, LATE];
  const { restated } = await morning.run();
  await morning.run();
  await morning.run({ day: '2026-11-21', restate: true });
  await morning.run({ day: '2026-11-22', resend: 'to see what it needs' });
  expect(restated).toHaveLength(1);

  const calls = callsOf(morning.cloud);
  expect([...new Set(calls.map(({ action }) => action))].sort()).toEqual([
    's3:GetObject',
    's3:GetObjectVersion',
    's3:ListBucket',
    's3:PutObject',
    'secretsmanager:GetSecretValue',
    'ses:SendRawEmail',
  ]);
  // Both kinds of conditional writes are among them.
  const conditions = calls.flatMap(({ context = {} }) => Object.keys(context));
  expect(conditions).toEqual(expect.arrayContaining(['s3:if-match', 's3:if-none-match']));

  expect(await refusedOf(calls)).toEqual([]);
});

test('every call of a multipart upload is allowed by the role', async () => {
  const cloud = await startCloud();
  const client = new S3Client({ ...IDENTITY, endpoint: cloud.s3.url, forcePathStyle: true });
  const store = new S3Store(client, BUCKET, NO_HURRY);
  const key = 'line-items/day=2026-11-22/line-items.csv';
  const first = await (await uploaded(store, key, bytesOf(PART + 1))).complete('absent');
  const second = await uploaded(store, key, bytesOf(PART + 2));
  await second.complete({ replacing: first?.etag ?? '' });
  await (await uploaded(store, key, bytesOf(PART + 3))).abort();
  await store.head(key);
  await Array.fromAsync((await store.read(key, first?.versionId)) ?? []);
  const calls = callsOf(cloud);
  client.destroy();
  await cloud.close();

  expect([...new Set(calls.map(({ action }) => action))].sort()).toEqual([
    's3:AbortMultipartUpload',
    's3:GetObject',
    's3:GetObjectVersion',
    's3:PutObject',
  ]);
  expect(await refusedOf(calls)).toEqual([]);
});

/** The calls that IAM would not allow the function. */
async function refusedOf(calls: readonly Call[]): Promise<Call[]> {
  const policies = policiesOfService(template, 'lambda.amazonaws.com');
  const distinct = new Map(calls.map((call) => [JSON.stringify(call), call]));
  const refused = [];
  for (const call of distinct.values()) {
    if (!(await isAllowed(template, policies, call))) refused.push(call);
  }
  return refused;
}
