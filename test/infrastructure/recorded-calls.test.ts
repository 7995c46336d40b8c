import { expect, test } from '@jest/globals';
import { CONFIGURATION_SET } from '../../local/cloud.ts';
import { sessionLog } from '../support/logs.ts';
import { openMorning } from '../support/morning.ts';
import { isAllowed, policiesOfService } from './permissions.ts';
import { callsOf } from './recorded-calls.ts';
import { synthesized } from './synthesized.ts';

const THE_DAY_BEFORE = [sessionLog('before', { createdAt: '2026-11-21T12:00:00Z' })];
const LATE = sessionLog('late', { createdAt: '2026-11-21T13:00:00Z' });

test('every call that the bundle makes is one that its role allows', async () => {
  const template = synthesized({ emailTo: ['finance@example.com'] });
  const policies = policiesOfService(template, 'lambda.amazonaws.com');
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
  // Both ways to write are among them.
  const conditions = calls.flatMap(({ context = {} }) => Object.keys(context));
  expect(conditions).toEqual(expect.arrayContaining(['s3:if-match', 's3:if-none-match']));

  const distinct = new Map(calls.map((call) => [JSON.stringify(call), call]));
  const refused = [];
  for (const call of distinct.values()) {
    if (!(await isAllowed(template, policies, call))) refused.push(call);
  }
  expect(refused).toEqual([]);
});
